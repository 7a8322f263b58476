//! Reads the text of a path: names, brackets, `..` and tail functions. Filters are in
//! [`filter`].

mod filter;
mod text;

use crate::error::PathError;
use crate::path::Path;
use crate::syntax::{Function, Part, Segment, Step};

/// Longest path text in bytes; the longest published one has under 100.
const MAX_LENGTH: usize = 8 * 1024;
/// Deepest nesting of filters, parentheses and list literals.
const MAX_DEPTH: usize = 32;
/// `[0,2]` and `['a','b']` per path. Indexes that mean one element (`[0,-1]`) multiply results.
const MAX_UNIONS: usize = 4;

type Result<T> = std::result::Result<T, PathError>;

/// Compiles the text of a whole path.
pub(crate) fn parse(text: &str) -> Result<Path> {
    if text.len() > MAX_LENGTH {
        let message = format!("the path is longer than {MAX_LENGTH} bytes");
        return Err(PathError::new(0, message));
    }
    let mut parser = Parser {
        text,
        pos: 0,
        depth: 0,
        roots: 0,
        filters: 0,
    };
    parser.path()
}

struct Parser<'t> {
    text: &'t str,
    pos: usize,
    depth: usize,
    /// How many `$` operands were met in filters.
    roots: usize,
    /// How many filters are open around the place.
    filters: usize,
}

impl Parser<'_> {
    fn path(&mut self) -> Result<Path> {
        let end = self.text.trim_end_matches(' ').len();
        self.text = self.text.get(..end).unwrap_or_default();
        match self.peek() {
            None => return Err(self.error("the path is empty; `$` is the whole document")),
            Some(' ') => return Err(self.error("a path cannot start with a space")),
            // `$.` is what nearly every published capability writes for the whole document.
            Some('$' | '@') if matches!(self.rest(), "$." | "@.") => {
                return Path::build(Vec::new(), 0);
            }
            Some('$' | '@') if self.names_root() => self.pos += 1,
            Some('[') => {}
            Some('.') if self.rest().starts_with("..") => {}
            Some('.') => return Err(self.error("a path starts with `$`, a name or a bracket")),
            Some('$') => return Err(self.error("`$` is followed by `.` or `[`")),
            // No leading `$`: the text starts with a name.
            Some(_) => {
                let part = self.dot_segment(false)?;
                let parts = self.segments(vec![part])?;
                return Path::build(parts, self.roots);
            }
        }
        let parts = self.segments(Vec::new())?;
        Path::build(parts, self.roots)
    }

    /// Whether the `$` or `@` at the place stands for a node and does not begin a name.
    fn names_root(&self) -> bool {
        matches!(self.rest().chars().nth(1), None | Some('.' | '['))
    }

    /// The segments up to the end of the text or, in a filter, to what ends an operand.
    fn segments(&mut self, mut parts: Vec<Part>) -> Result<Vec<Part>> {
        loop {
            let position = self.pos;
            let descend = self.rest().starts_with("..");
            if descend {
                self.pos += 2;
            } else if self.peek() == Some('.') {
                self.pos += 1;
            } else if self.peek() != Some('[') {
                if self.filters == 0 && self.pos < self.text.len() {
                    return Err(self.error("expected `.` or `[` here"));
                }
                return check(parts);
            }
            // `$.['a']` and `$..['a']` are the bracket with a dot before it.
            let mut part = if self.peek() == Some('[') {
                self.bracket()?
            } else {
                self.dot_segment(descend)?
            };
            part.descend = descend;
            part.position = position;
            if descend && matches!(part.segment, Segment::Pick(_) | Segment::Function(_)) {
                return Err(PathError::new(position, "a function stands behind one dot"));
            }
            if descend && self.filters > 0 && self.text_has_open_descent(&parts) {
                let message =
                    "a filter's operand can use `..` once, and not in a filter of its own";
                return Err(PathError::new(position, message));
            }
            parts.push(part);
        }
    }

    /// `..` inside filters multiplies the work by the document's depth each time; one level is
    /// useful, more is an attack.
    fn text_has_open_descent(&self, parts: &[Part]) -> bool {
        self.filters > 1 || parts.iter().any(|part| part.descend)
    }

    /// What follows a dot: `*`, a name, or a function.
    fn dot_segment(&mut self, descend: bool) -> Result<Part> {
        let position = self.pos;
        if self.peek() == Some('*') {
            self.pos += 1;
            return Ok(Part {
                descend,
                segment: Segment::Wildcard,
                position,
            });
        }
        let name = self.name()?;
        let segment = if self.peek() == Some('(') && is_word(&name) {
            self.function(&name, position)?
        } else {
            Segment::Step(Step::Name(name))
        };
        Ok(Part {
            descend,
            segment,
            position,
        })
    }

    /// An unquoted name: everything up to the next `.` or `[`, spaces inside included. In a
    /// filter a space or an operator ends it.
    fn name(&mut self) -> Result<String> {
        let in_filter = self.filters > 0;
        let ends = |c: char| match c {
            '.' | '[' | '(' => true,
            ' ' | '\t' | '\n' | '\r' | '=' | '<' | '>' | '!' | '~' | '&' | '|' | ')' | ']'
            | ',' => in_filter,
            _ => false,
        };
        let rest = self.rest();
        let name = rest
            .get(..rest.find(ends).unwrap_or(rest.len()))
            .unwrap_or_default();
        if name.is_empty() {
            return Err(self.error("a name is missing here"));
        }
        if name.starts_with(' ') {
            return Err(
                self.error("a name cannot start with a space unless it is quoted: `[' a']`")
            );
        }
        self.pos += name.len();
        if name.ends_with(' ') {
            let message = "a name cannot end with a space unless it is quoted: `['a ']`";
            return Err(PathError::new(self.pos - 1, message));
        }
        if self.peek() == Some('(') && !is_word(name) {
            return Err(self.error("a name with `(` in it must be quoted: `['a(b)']`"));
        }
        Ok(name.to_owned())
    }

    /// The parentheses of a tail function whose name was just read.
    fn function(&mut self, name: &str, position: usize) -> Result<Segment> {
        self.expect('(')?;
        self.space();
        if name == "index" {
            let index = self
                .integer()?
                .ok_or_else(|| self.error("`index()` takes a number"))?;
            self.space();
            self.expect(')')?;
            return Ok(Segment::Pick(index));
        }
        let segment = match name {
            "first" => Segment::Pick(0),
            "last" => Segment::Pick(-1),
            "length" | "size" | "count" => Segment::Function(Function::Length),
            "sum" => Segment::Function(Function::Sum),
            "min" => Segment::Function(Function::Min),
            "max" => Segment::Function(Function::Max),
            "avg" => Segment::Function(Function::Avg),
            "stddev" => Segment::Function(Function::StdDev),
            "keys" => Segment::Function(Function::Keys),
            _ => {
                let message = format!(
                    "there is no function `{}()`; known are length, size, count, sum, min, max, \
                     avg, stddev, keys, first, last, index",
                    name.escape_default()
                );
                return Err(PathError::new(position, message));
            }
        };
        if self.peek() != Some(')') {
            return Err(self.error(format!("`{name}()` takes no arguments here")));
        }
        self.pos += 1;
        Ok(segment)
    }

    /// A bracket: names, indexes, a slice, `*` or a filter.
    fn bracket(&mut self) -> Result<Part> {
        let position = self.pos;
        self.expect('[')?;
        self.space();
        let segment = match self.peek() {
            Some('*') => {
                self.pos += 1;
                Segment::Wildcard
            }
            Some('\'' | '"') => self.names()?,
            Some('?') => {
                self.pos += 1;
                self.filter()?
            }
            Some('-' | ':' | '0'..='9') => self.indexes()?,
            Some('(') => return Err(self.error("script expressions are not supported")),
            None => return Err(PathError::new(position, "this bracket is never closed")),
            Some(_) => {
                return Err(self.error("expected a quoted name, a number, `*` or `?` here"));
            }
        };
        self.space();
        if self.peek().is_none() {
            return Err(PathError::new(position, "this bracket is never closed"));
        }
        self.expect(']')?;
        Ok(Part {
            descend: false,
            segment,
            position,
        })
    }

    fn names(&mut self) -> Result<Segment> {
        let mut names = vec![self.quoted()?];
        while self.comma() {
            names.push(self.quoted()?);
        }
        Ok(match names.len() {
            1 => Segment::Step(Step::Name(names.swap_remove(0))),
            _ => Segment::Names(names),
        })
    }

    fn indexes(&mut self) -> Result<Segment> {
        let start = self.integer()?;
        self.space();
        if self.peek() == Some(':') {
            return self.slice(start);
        }
        let first = start.ok_or_else(|| self.error("a number is missing here"))?;
        let mut indexes = vec![first];
        while self.comma() {
            let position = self.pos;
            let next = self
                .integer()?
                .ok_or_else(|| self.error("a number is missing here"))?;
            if indexes.contains(&next) {
                let message = format!("the index {next} is listed twice");
                return Err(PathError::new(position, message));
            }
            indexes.push(next);
        }
        Ok(match indexes.len() {
            1 => Segment::Step(Step::Index(first)),
            _ => Segment::Indexes(indexes),
        })
    }

    fn slice(&mut self, start: Option<i64>) -> Result<Segment> {
        self.expect(':')?;
        self.space();
        let end = self.integer()?;
        self.space();
        let mut step = None;
        if self.peek() == Some(':') {
            self.pos += 1;
            self.space();
            // The dialect ignores a step of 0, where RFC 9535 selects nothing.
            step = self.integer()?.filter(|&step| step != 0);
        }
        Ok(Segment::Slice { start, end, step })
    }
}

/// Rules that need the whole list of segments.
fn check(parts: Vec<Part>) -> Result<Vec<Part>> {
    let mut unions = 0;
    let mut ended = false;
    for part in &parts {
        match &part.segment {
            Segment::Names(_) | Segment::Indexes(_) => {
                unions += 1;
                if unions > MAX_UNIONS {
                    let message = format!("a path has at most {MAX_UNIONS} lists in brackets");
                    return Err(PathError::new(part.position, message));
                }
            }
            Segment::Function(_) => {
                ended = true;
                continue;
            }
            _ => {}
        }
        if ended {
            let message = "only another function can follow a function that makes a value";
            return Err(PathError::new(part.position, message));
        }
    }
    Ok(parts)
}

fn is_word(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphabetic())
}
