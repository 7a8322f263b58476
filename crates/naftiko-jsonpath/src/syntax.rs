//! What the parser produces: the path as its author wrote it, before anything is grouped for
//! evaluation.

use regex::Regex;
use serde_json::Value;

use crate::Path;

/// One step of a simple definite path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// The member of an object.
    Name(String),
    /// The element of an array; negative counts from its end.
    Index(i64),
}

/// One segment of a path, with what selects the nodes it applies to.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// Written after `..`: applies to every descendant too.
    pub(crate) descend: bool,
    pub(crate) segment: Segment,
    /// Byte offset of the segment in the text.
    pub(crate) position: usize,
}

#[derive(Debug, Clone)]
pub(crate) enum Segment {
    Step(Step),
    Wildcard,
    /// `['a','b']`, two names at least.
    Names(Vec<String>),
    /// `[0,2]`, two indexes at least.
    Indexes(Vec<i64>),
    Slice {
        start: Option<i64>,
        end: Option<i64>,
        step: Option<i64>,
    },
    Filter(Box<Expr>),
    /// `.first()`, `.last()`, `.index(n)`: they select a node, so a path may go on behind them.
    Pick(i64),
    Function(Function),
}

/// A tail function: it makes a new value out of the node before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Length,
    Sum,
    Min,
    Max,
    Avg,
    StdDev,
    Keys,
}

/// A filter's expression.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    Any(Vec<Expr>),
    All(Vec<Expr>),
    Not(Box<Expr>),
    Exists(Operand),
    Compare(Operand, Operator, Operand),
    Matches(Operand, Regex),
}

/// One side of a comparison.
#[derive(Debug, Clone)]
pub(crate) enum Operand {
    Literal(Value),
    /// `@…`: relative to the node that is tested.
    Current(Box<Path>),
    /// `$…`: the same for every node, so it is evaluated once and kept under this number.
    Root(Box<Path>, usize),
}

/// The comparisons of the dialect; the words are written in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    /// `===`: no coercion between text and number.
    Same,
    NotSame,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    Contains,
    All,
    SubsetOf,
    AnyOf,
    NoneOf,
    Size,
    Empty,
    Exists,
}
