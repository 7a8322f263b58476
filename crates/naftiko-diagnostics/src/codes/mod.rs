//! The roster of codes: one file each, holding its value, its message and its documentation.
//!
//! A new code is a new file here and a line in the roster. A file holds `CODE` and one constructor per way to say it,
//! the usual one called `new`; nothing else makes a finding of that code.

use crate::code::Code;

macro_rules! roster {
    ($($module:ident,)*) => {
        $(pub mod $module;)*
        /// Every code, in the order of the pipeline.
        pub fn all() -> &'static [&'static Code] {
            static ALL: &[&Code] = &[$(&$module::CODE),*];
            ALL
        }
    };
}

roster! {
    // Reading YAML.
    document_too_large,
    yaml_syntax,
    unquoted_template,
    empty_document,
    several_documents,
    duplicate_key,
    complex_key,
    unknown_alias,
    invalid_merge,
    unknown_tag,
    // The document as a whole.
    not_a_capability,
    unknown_version,
    // Fields.
    unknown_key,
    missing_key,
    wrong_type,
    other_dialect,
    dialect_deviation,
    unknown_type,
    unknown_place,
    unknown_placement,
    authentication_spelling,
    unsupported_kind,
    not_served_yet,
    not_supported,
    // Imports.
    import_unreadable,
    import_unusable,
    import_cycle,
    unknown_import_namespace,
    duplicate_namespace,
    // Names and calls.
    unknown_namespace,
    unknown_operation,
    missing_call,
    duplicate_operation,
    duplicate_input,
    unnamed_input,
    malformed_template,
    unbound_variable,
    implicit_variable,
    unused_variable,
    unresolved_name,
    unused_with_key,
    unused_placeholder,
    literal_like_reference,
    // Requests.
    unknown_method,
    invalid_path,
    invalid_base_uri,
    unsupported_authentication,
    unsupported_format,
    invalid_header_name,
    forbidden_header,
    path_input_without_placeholder,
    missing_path_value,
    undeclared_body,
    unescaped_body,
    invalid_json_body,
    // Answers.
    invalid_mapping,
    invalid_pattern,
    several_unnamed_outputs,
    template_in_output,
    // Servers.
    nothing_exposed,
    missing_placeholder,
    duplicate_route,
    file_unreadable,
    invalid_resource_uri,
    useless_key,
    port_clash,
}

/// The code of that name.
pub fn find(id: &str) -> Option<&'static Code> {
    all().iter().find(|code| code.id == id).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_have_distinct_names_and_are_documented() {
        let mut seen = BTreeSet::new();
        for code in all() {
            assert!(seen.insert(code.id), "{} occurs twice", code.id);
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(
                code.id.chars().all(kebab),
                "{} is not in kebab case",
                code.id
            );
            assert!(code.docs.len() > 80, "{} says too little", code.id);
            assert!(code.docs.contains("```"), "{} shows no example", code.id);
            assert_eq!(find(code.id), Some(*code));
        }
        assert_eq!(find("no-such-code"), None);
    }
}
