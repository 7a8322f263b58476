//! Results that are written past the library: it carries structured content as a tree, and looks at every byte of a text.
//! Here both are JSON that was written once already, and the greatest part of an answer.
//!
//! The library is given a result that holds nothing at those two places, and answers as always. What belongs there goes
//! from the tool to the answer by a [`Slot`] among the extensions of the HTTP request, which the library hands to whoever
//! handles it. An empty text and an empty object stand nowhere else in what the library wrote, since every quotation mark
//! inside of a text has a backslash before it. Should the library ever write otherwise, the tests of tools fail.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::content::Block;
use crate::result::ToolResult;

/// Where the library writes an empty text.
const TEXT: &str = r#""text":"""#;

/// Where the library writes an empty structured content.
const STRUCTURED: &str = r#""structuredContent":{}"#;

/// What is missing from an answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Slot(Arc<OnceLock<Missing>>);

#[derive(Debug)]
struct Missing {
    quoted: Option<String>,
    structured: Option<String>,
}

impl Slot {
    /// Takes out of `result` what need not go through the library. It is called once for an answer.
    pub(super) fn take(&self, result: &mut ToolResult) {
        let quoted = match result.content.as_mut_slice() {
            [Block::Text(text)] => result.quoted.take().inspect(|_| text.clear()),
            _ => None,
        };
        let structured = result.structured.as_mut().map(|structured| {
            // What the library reads as the empty object.
            std::mem::replace(structured, String::from("{}"))
        });
        // A second result of one answer does not come.
        let _ = self.0.set(Missing { quoted, structured });
    }

    /// The answer with what is missing; another answer, such as an error, as it is.
    pub(super) fn fill(&self, answer: Bytes) -> Bytes {
        let filled = self.0.get().and_then(|missing| missing.fill(&answer));
        filled.map_or(answer, Bytes::from)
    }
}

impl Missing {
    fn fill(&self, answer: &[u8]) -> Option<Vec<u8>> {
        let mut rest = std::str::from_utf8(answer).ok()?;
        let more = |part: &Option<String>| part.as_ref().map_or(0, String::len);
        let len = rest.len() + more(&self.quoted) + more(&self.structured);
        let mut filled = Vec::with_capacity(len);
        if let Some(quoted) = &self.quoted {
            let (before, after) = rest.split_once(TEXT)?;
            filled.extend_from_slice(before.as_bytes());
            filled.extend_from_slice(br#""text":"#);
            filled.extend_from_slice(quoted.as_bytes());
            rest = after;
        }
        if let Some(structured) = &self.structured {
            let (before, after) = rest.split_once(STRUCTURED)?;
            filled.extend_from_slice(before.as_bytes());
            filled.extend_from_slice(br#""structuredContent":"#);
            filled.extend_from_slice(structured.as_bytes());
            rest = after;
        }
        filled.extend_from_slice(rest.as_bytes());
        Some(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(texts: &[&str], quoted: Option<&str>, structured: Option<&str>) -> ToolResult {
        let blocks = texts.iter().map(|text| Block::Text((*text).to_owned()));
        ToolResult {
            content: blocks.collect(),
            quoted: quoted.map(|text| serde_json::to_string(text).unwrap()),
            structured: structured.map(str::to_owned),
            is_error: false,
        }
    }

    #[test]
    fn what_was_taken_is_put_back() {
        let slot = Slot::default();
        let text = r#"{"text":"","structuredContent":{},"a":"\\ \"text\":\"\""}"#;
        let mut taken = result(&[text], Some(text), Some(text));
        slot.take(&mut taken);
        assert_eq!(taken.content, [Block::Text(String::new())]);
        assert_eq!(taken.structured.as_deref(), Some("{}"));
        let answer =
            br#"{"id":"\"text\":\"\"","content":[{"text":""}],"structuredContent":{},"z":1}"#;
        let filled = slot.fill(Bytes::from_static(answer));
        let quoted = serde_json::to_string(text).unwrap();
        let expected = format!(
            r#"{{"id":"\"text\":\"\"","content":[{{"text":{quoted}}}],"structuredContent":{text},"z":1}}"#
        );
        assert_eq!(String::from_utf8_lossy(&filled), expected);
    }

    #[test]
    fn other_answers_stay_as_they_are() {
        let error = Bytes::from_static(br#"{"error":{"message":"cancelled"}}"#);
        assert_eq!(Slot::default().fill(error.clone()), error);
        let slot = Slot::default();
        slot.take(&mut result(&["x"], Some("x"), None));
        assert_eq!(slot.fill(error.clone()), error);
    }

    #[test]
    fn what_is_not_quoted_goes_through_the_library() {
        for mut taken in [
            result(&["a", "b"], Some("a"), None),
            result(&["a"], None, None),
        ] {
            let slot = Slot::default();
            let blocks = taken.content.clone();
            slot.take(&mut taken);
            assert_eq!(taken.content, blocks);
            let answer = Bytes::from_static(br#"{"content":[{"text":""}]}"#);
            assert_eq!(slot.fill(answer.clone()), answer);
        }
    }
}
