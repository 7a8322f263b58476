//! One deviation: where, of what kind, and in which words.

use serde_json::Value;

/// One step of the way from the root of a document to a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// Into a map.
    Key(String),
    /// Into a list, from 0.
    Index(usize),
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeviationKind {
    /// A key that the dialect does not know there; the path ends with it.
    UnknownKey,
    /// A key is missing; the path is that of the map.
    MissingKey,
    /// The name of an entry has a wrong form; the path ends with it.
    BadName,
    /// A value of another type.
    WrongType,
    /// Not one of the known words.
    UnknownWord,
    /// A string of another form.
    BadForm,
    /// A list or map that must not be empty.
    Empty,
    /// A number, or the length of a string, out of bounds.
    OutOfBounds,
    /// Keys that exclude each other.
    Conflict,
    /// Anything else.
    Other,
}

/// What deviates from a dialect, at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// The way to it from the root; for an unknown or forbidden key and a bad name the key itself is its last segment.
    pub path: Vec<Segment>,
    /// What is wrong.
    pub kind: DeviationKind,
    /// A sentence without a full stop; text of the document in it is escaped and cut.
    pub message: String,
    /// What to do instead, if that is evident.
    pub help: Option<String>,
}

impl Deviation {
    pub(crate) fn new(path: Vec<Segment>, kind: DeviationKind, message: String) -> Self {
        Self {
            path,
            kind,
            message,
            help: None,
        }
    }

    pub(crate) fn with_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }
}

/// The path of a JSON Pointer in a document.
///
/// The document decides what is an index: maps may have keys such as `200`.
pub(crate) fn path(document: &Value, pointer: &str) -> Vec<Segment> {
    let mut path = Vec::new();
    let mut here = Some(document);
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        if let (Some(Value::Array(items)), Ok(index)) = (here, token.parse::<usize>()) {
            here = items.get(index);
            path.push(Segment::Index(index));
        } else {
            here = here.and_then(|value| value.get(&token));
            path.push(Segment::Key(token));
        }
    }
    path
}
