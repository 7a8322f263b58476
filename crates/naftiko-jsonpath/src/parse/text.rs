//! The parser's smallest pieces: spaces, punctuation, integers and quoted text.

use super::{MAX_DEPTH, Parser, Result};
use crate::error::PathError;

/// Largest index that I-JSON, and so RFC 9535, knows.
const MAX_INTEGER: i64 = (1 << 53) - 1;

impl<'t> Parser<'t> {
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.pos..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn error(&self, message: impl Into<String>) -> PathError {
        PathError::new(self.pos, message)
    }

    pub(super) fn expect(&mut self, wanted: char) -> Result<()> {
        if self.peek() != Some(wanted) {
            return Err(self.error(format!("expected `{wanted}` here")));
        }
        self.pos += wanted.len_utf8();
        Ok(())
    }

    pub(super) fn space(&mut self) {
        let rest = self.rest();
        self.pos += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    /// Takes a comma with the spaces around it, if there is one.
    pub(super) fn comma(&mut self) -> bool {
        let before = self.pos;
        self.space();
        if self.peek() != Some(',') {
            self.pos = before;
            return false;
        }
        self.pos += 1;
        self.space();
        true
    }

    /// One level deeper; the caller takes it back by [`Parser::leave`].
    pub(super) fn enter(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(format!("the path is nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    pub(super) fn integer(&mut self) -> Result<Option<i64>> {
        let rest = self.rest();
        let digits = rest.strip_prefix('-').unwrap_or(rest);
        let count = digits.bytes().take_while(u8::is_ascii_digit).count();
        if count == 0 {
            if rest.len() > digits.len() {
                return Err(self.error("a number is missing behind `-`"));
            }
            return Ok(None);
        }
        let text = rest
            .get(..rest.len() - digits.len() + count)
            .unwrap_or_default();
        let number = text.parse::<i64>().ok().filter(|n| n.abs() <= MAX_INTEGER);
        let Some(number) = number else {
            return Err(self.error("this number is too large for an index"));
        };
        self.pos += text.len();
        Ok(Some(number))
    }

    /// Text in single or double quotes, with JSON's escapes; a backslash before any other
    /// character stands for that character.
    pub(super) fn quoted(&mut self) -> Result<String> {
        let start = self.pos;
        let Some(quote @ ('\'' | '"')) = self.peek() else {
            return Err(self.error("expected quoted text here"));
        };
        self.pos += 1;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.pos += c.len_utf8();
            match c {
                '\\' => text.push(self.escape()?),
                c if c == quote => return Ok(text),
                c => text.push(c),
            }
        }
        Err(PathError::new(start, "this quote is never closed"))
    }

    fn escape(&mut self) -> Result<char> {
        let Some(c) = self.peek() else {
            return Err(self.error("the path ends in a backslash"));
        };
        self.pos += c.len_utf8();
        Ok(match c {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode_escape(),
            other => other,
        })
    }

    fn unicode_escape(&mut self) -> Result<char> {
        let position = self.pos;
        let first = self.hex4()?;
        let code = if (0xD800..0xDC00).contains(&first) && self.rest().starts_with("\\u") {
            self.pos += 2;
            let second = self.hex4()?;
            0x1_0000 + ((first - 0xD800) << 10) + (second.wrapping_sub(0xDC00) & 0x3FF)
        } else {
            first
        };
        char::from_u32(code)
            .ok_or_else(|| PathError::new(position, "this `\\u` escape is no character"))
    }

    fn hex4(&mut self) -> Result<u32> {
        let digits = self
            .rest()
            .get(..4)
            .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.error("`\\u` needs four hexadecimal digits"))?;
        self.pos += 4;
        Ok(code)
    }
}
