//! Reads `?(…)`: the logical expression of a filter.

use regex::{Regex, RegexBuilder};
use serde_json::{Number, Value};

use super::{Parser, Result};
use crate::error::PathError;
use crate::path::Path;
use crate::syntax::{Expr, Operand, Operator, Segment};

/// Bound on one compiled regular expression, in bytes; matching is linear in the text.
const REGEX_SIZE: usize = 1 << 20;

/// The operators made of signs, the longer before their prefixes.
const SIGNS: [(&str, Operator); 8] = [
    ("===", Operator::Same),
    ("!==", Operator::NotSame),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

/// The operators that are words.
const WORDS: [(&str, Operator); 10] = [
    ("in", Operator::In),
    ("nin", Operator::NotIn),
    ("contains", Operator::Contains),
    ("all", Operator::All),
    ("subsetof", Operator::SubsetOf),
    ("anyof", Operator::AnyOf),
    ("noneof", Operator::NoneOf),
    ("size", Operator::Size),
    ("empty", Operator::Empty),
    ("exists", Operator::Exists),
];

impl Parser<'_> {
    /// The filter behind `[?`, up to the closing bracket. The parentheses are optional, as in
    /// RFC 9535.
    pub(super) fn filter(&mut self) -> Result<Segment> {
        self.enter()?;
        self.filters += 1;
        let expr = self.any()?;
        self.filters -= 1;
        self.leave();
        Ok(Segment::Filter(Box::new(expr)))
    }

    fn any(&mut self) -> Result<Expr> {
        let mut terms = vec![self.all()?];
        while self.sign("||") {
            terms.push(self.all()?);
        }
        Ok(if terms.len() == 1 {
            terms.swap_remove(0)
        } else {
            Expr::Any(terms)
        })
    }

    fn all(&mut self) -> Result<Expr> {
        let mut terms = vec![self.term()?];
        while self.sign("&&") {
            terms.push(self.term()?);
        }
        Ok(if terms.len() == 1 {
            terms.swap_remove(0)
        } else {
            Expr::All(terms)
        })
    }

    fn sign(&mut self, sign: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(sign);
        if found {
            self.pos += sign.len();
        }
        found
    }

    fn term(&mut self) -> Result<Expr> {
        self.space();
        match self.peek() {
            Some('!') => {
                self.pos += 1;
                self.enter()?;
                let inner = self.term()?;
                self.leave();
                Ok(Expr::Not(Box::new(inner)))
            }
            Some('(') => {
                self.pos += 1;
                self.enter()?;
                let inner = self.any()?;
                self.space();
                self.expect(')')?;
                self.leave();
                Ok(inner)
            }
            _ => self.comparison(),
        }
    }

    fn comparison(&mut self) -> Result<Expr> {
        let position = self.pos;
        let left = self.operand()?;
        self.space();
        if self.sign("=~") {
            self.space();
            return Ok(Expr::Matches(left, self.regex()?));
        }
        let Some(operator) = self.operator()? else {
            if matches!(left, Operand::Literal(_)) {
                return Err(PathError::new(position, "a value alone is no condition"));
            }
            return Ok(Expr::Exists(left));
        };
        self.space();
        let position = self.pos;
        let right = self.operand()?;
        let fits = match (operator, &right) {
            (Operator::Empty | Operator::Exists, Operand::Literal(value)) => value.is_boolean(),
            (Operator::Size, Operand::Literal(value)) => value.is_number(),
            _ => true,
        };
        if !fits {
            return Err(PathError::new(
                position,
                "this operator takes another kind of value",
            ));
        }
        Ok(Expr::Compare(left, operator, right))
    }

    fn operator(&mut self) -> Result<Option<Operator>> {
        let rest = self.rest();
        if let Some((sign, operator)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
            self.pos += sign.len();
            return Ok(Some(*operator));
        }
        let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let word = rest.get(..length).unwrap_or_default();
        if word.is_empty() {
            return Ok(None);
        }
        let known = WORDS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(word));
        let (_, operator) = known.ok_or_else(|| {
            let names = WORDS.map(|(name, _)| name).join(", ");
            self.error(format!("`{word}` is no operator; the words are {names}"))
        })?;
        self.pos += length;
        Ok(Some(*operator))
    }

    fn operand(&mut self) -> Result<Operand> {
        match self.peek() {
            Some('@') => {
                self.pos += 1;
                Ok(Operand::Current(Box::new(self.inner_path()?)))
            }
            Some('$') => {
                self.pos += 1;
                let path = self.inner_path()?;
                let number = self.roots;
                self.roots += 1;
                Ok(Operand::Root(Box::new(path), number))
            }
            Some(_) => Ok(Operand::Literal(self.literal()?)),
            None => Err(self.error("the filter ends too early")),
        }
    }

    fn inner_path(&mut self) -> Result<Path> {
        let parts = self.segments(Vec::new())?;
        Path::build(parts, self.roots)
    }

    fn literal(&mut self) -> Result<Value> {
        match self.peek() {
            Some('\'' | '"') => Ok(Value::String(self.quoted()?)),
            Some('[') => self.list(),
            Some('-' | '0'..='9') => self.number(),
            Some('{') => Err(self.error("an object cannot be compared with")),
            _ => {
                let rest = self.rest();
                let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
                let value = match rest.get(..length).unwrap_or_default() {
                    "true" => Value::Bool(true),
                    "false" => Value::Bool(false),
                    "null" => Value::Null,
                    name if rest.as_bytes().get(length) == Some(&b'(') && length > 0 => {
                        return Err(self.error(format!(
                            "`{name}(…)` is no condition here: write `@.x =~ /…/` to match and \
                             `@.x.length()` for a length"
                        )));
                    }
                    _ => return Err(self.error("expected `@`, `$` or a value here")),
                };
                self.pos += length;
                Ok(value)
            }
        }
    }

    fn list(&mut self) -> Result<Value> {
        self.expect('[')?;
        self.enter()?;
        self.space();
        let mut items = Vec::new();
        if self.peek() != Some(']') {
            items.push(self.literal()?);
            while self.comma() {
                items.push(self.literal()?);
            }
            self.space();
        }
        self.expect(']')?;
        self.leave();
        Ok(Value::Array(items))
    }

    fn number(&mut self) -> Result<Value> {
        let rest = self.rest();
        let is_part = |b: &u8| b.is_ascii_digit() || b"+-.eE".contains(b);
        let text = rest
            .get(..rest.bytes().take_while(is_part).count())
            .unwrap_or_default();
        let number = text.parse::<Number>();
        let number = number.map_err(|_| self.error("this is not a number as JSON writes it"))?;
        self.pos += text.len();
        Ok(Value::Number(number))
    }

    /// `/pattern/flags`, which must match the whole text.
    fn regex(&mut self) -> Result<Regex> {
        let start = self.pos;
        if self.peek() != Some('/') {
            return Err(self.error("`=~` takes a pattern between slashes: `/…/`"));
        }
        self.pos += 1;
        let mut pattern = String::new();
        loop {
            let Some(c) = self.peek() else {
                return Err(PathError::new(start, "this pattern is never closed"));
            };
            self.pos += c.len_utf8();
            match c {
                '/' => break,
                '\\' if self.peek() == Some('/') => {}
                '\\' => {
                    pattern.push('\\');
                    if let Some(next) = self.peek() {
                        pattern.push(next);
                        self.pos += next.len_utf8();
                    }
                }
                c => pattern.push(c),
            }
        }
        let mut builder = RegexBuilder::new(&format!(r"\A(?:{pattern})\z"));
        builder.size_limit(REGEX_SIZE);
        while let Some(flag) = self.peek().filter(char::is_ascii_alphabetic) {
            match flag {
                'i' => builder.case_insensitive(true),
                'm' => builder.multi_line(true),
                's' => builder.dot_matches_new_line(true),
                // Unicode rules are always on.
                'u' | 'U' => &mut builder,
                _ => return Err(self.error("the flags of a pattern are i, m, s and u")),
            };
            self.pos += 1;
        }
        builder.build().map_err(|_| {
            let message = "this pattern is not a regular expression (no look-around, no \
                           back-references), or it is too large";
            PathError::new(start, message)
        })
    }
}
