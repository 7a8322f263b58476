//! Words for refusals about the structure of a document.

use granit_parser::ErrorKind;

/// The sentence, the label and the help for refusals about the structure.
pub(super) fn words(kind: &ErrorKind) -> (&'static str, &'static str, &'static str) {
    use ErrorKind as K;
    match kind {
        K::ExpectedBlockMappingKey | K::ExpectedNodeContent | K::InvalidIndentation => (
            "A key of the mapping was expected here",
            "not a key",
            "keys of one mapping begin in the same column; text that begins with `[`, `{`, `\"` or `'` is quoted as a whole",
        ),
        K::ExpectedBlockSequenceEntry => (
            "An item of the list was expected here",
            "not an item",
            "every item begins with `- ` in the same column; what belongs to an item is indented further",
        ),
        K::BlockSequenceEntryNotAllowed
        | K::BlockEntryInFlowCollection
        | K::InvalidBlockEntryWhitespace => (
            "A list item cannot begin here",
            "unexpected `-`",
            "begin the list on a line of its own; put text that begins with a dash in quotes",
        ),
        K::ExpectedFlowMappingSeparator
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping => (
            "A `,` or `}` was expected here",
            "",
            "close the mapping, or put the text in quotes",
        ),
        K::ExpectedFlowSequenceSeparator | K::UnexpectedEofFlowSequence => (
            "A `,` or `]` was expected here",
            "",
            "close the list, or put the text in quotes",
        ),
        K::MappingValueNotAllowed
        | K::InvalidColonPlacement
        | K::FlowMappingValueAdjacentCollection
        | K::InvalidMappingValueWhitespace
        | K::MappingKeyNotAllowed => (
            "A key cannot stand here",
            "",
            "put text that holds a colon in quotes",
        ),
        K::InvalidFlowScalarIndent | K::InvalidQuotedScalarIndent | K::InvalidBlockScalarIndent => {
            (
                "The line is indented too little",
                "belongs to the value above",
                "indent every line of a value further than its key",
            )
        }
        K::CommentInterceptedScalar => (
            "A comment stands in the middle of a text",
            "",
            "move the comment, or put the text in quotes if the `#` belongs to it",
        ),
        K::CommentNotSeparated => (
            "A comment needs a blank in front of its `#`",
            "",
            "write a blank in front of it, or put the text in quotes if the `#` belongs to it",
        ),
        K::ZeroBlockScalarIndent | K::InvalidBlockScalarHeader => (
            "Text stands behind the mark of a block text",
            "",
            "begin the text on the next line, indented; put text that begins with `|` or `>` in quotes",
        ),
        K::UndeclaredTagHandle => (
            "The tag belongs to a namespace that is not declared",
            "",
            "put text that begins with an exclamation mark in quotes",
        ),
        K::MissingAnchorOrAliasName => (
            "An anchor or alias has no name",
            "",
            "put text that begins with `&` or `*` in quotes",
        ),
        K::BomInsideDocument => (
            "A byte order mark stands in the middle of the text",
            "",
            "remove it",
        ),
        K::PlainScalarStartsWithDashFlowIndicator => {
            ("Text cannot begin like this", "", "put the text in quotes")
        }
        K::UnsupportedYamlMajorVersion => (
            "The declared YAML version is unknown",
            "",
            "remove the directive",
        ),
        K::InvalidDocumentEnd | K::MissingDocumentEndBeforeDirective | K::ExpectedDocumentStart => {
            (
                "The document ends before this",
                "",
                "a file holds one document",
            )
        }
        _ => (
            "This is not valid YAML",
            "",
            "put the text in quotes if it is meant as text",
        ),
    }
}
