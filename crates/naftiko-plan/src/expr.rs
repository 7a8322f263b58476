//! Expressions: what a value of a request is made from. They are all that is left of templates and `with`.

use serde_json::Value;

use crate::plan::VariableId;

/// How to make one JSON value from the inputs of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A value of the document, its JSON type kept.
    Literal(Value),
    /// Never a value: a `with` key or placeholder that hides an input and has nothing itself.
    Absent,
    /// An input of the caller.
    Input(InputSlot),
    /// A variable, as text.
    Variable(VariableId),
    /// Pieces rendered as text, one after the other; a missing piece is empty.
    Text(Vec<Expr>),
    /// An object; members without a value are left out.
    Object(Vec<(String, Expr)>),
    /// A list; elements without a value are left out.
    Array(Vec<Expr>),
}

/// An input of the caller, or something inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputSlot {
    /// The index of the input in its flow.
    pub slot: usize,
    /// The members to walk into.
    pub walk: Vec<String>,
}

impl Expr {
    /// Calls `found` with every input slot inside.
    pub fn each_input(&self, found: &mut impl FnMut(&InputSlot)) {
        match self {
            Expr::Input(slot) => found(slot),
            Expr::Text(parts) | Expr::Array(parts) => {
                parts.iter().for_each(|part| part.each_input(found));
            }
            Expr::Object(members) => members.iter().for_each(|(_, part)| part.each_input(found)),
            Expr::Literal(_) | Expr::Absent | Expr::Variable(_) => {}
        }
    }

    /// Calls `found` with every variable inside.
    pub fn each_variable(&self, found: &mut impl FnMut(VariableId)) {
        match self {
            Expr::Variable(id) => found(*id),
            Expr::Text(parts) | Expr::Array(parts) => {
                parts.iter().for_each(|part| part.each_variable(found));
            }
            Expr::Object(members) => {
                members
                    .iter()
                    .for_each(|(_, part)| part.each_variable(found));
            }
            Expr::Literal(_) | Expr::Absent | Expr::Input(_) => {}
        }
    }
}
