//! Where the inputs of an operation are found, settled when the server is made (decisions, section 4).

use http::{HeaderName, Method};
use naftiko_diagnostics::Spanned;
use naftiko_plan::{Flow, InputPlan, InputSource};
use naftiko_spec::Place;

/// The name of the input that is the whole body.
const WHOLE: &str = "body";

/// The readers of one operation.
#[derive(Debug)]
pub(crate) struct Readers {
    /// One per input of the flow.
    pub(crate) list: Vec<Reader>,
    /// Whether an input may come from the query.
    pub(crate) query: bool,
    /// Whether the body is read: an input may come from it that the path does not give already.
    pub(crate) body: bool,
    /// Whether an input is the whole body.
    pub(crate) whole: bool,
}

/// The places of one input.
#[derive(Debug)]
pub(crate) struct Reader {
    /// The input in the flow.
    pub(crate) slot: usize,
    /// The placeholder of the path.
    pub(crate) path: Option<usize>,
    /// Whether the query may have it.
    pub(crate) query: bool,
    /// The header that may have it.
    pub(crate) header: Option<HeaderName>,
    /// Whether a cookie may have it.
    pub(crate) cookie: bool,
    /// What of the body it is.
    pub(crate) body: Option<BodyPart>,
}

/// What of a body an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyPart {
    /// The member of its name.
    Member,
    /// All of it.
    Whole,
}

impl Readers {
    /// The readers of `flow`, which `method` and a path with the placeholders `names` reach.
    pub(crate) fn new(flow: &Flow, method: Option<&Method>, names: &[Spanned<String>]) -> Self {
        // A body of GET or HEAD means nothing (RFC 9110, section 9.3.1) unless the document declares that it does.
        let may_have_body = !matches!(method, Some(&Method::GET | &Method::HEAD));
        let list: Vec<Reader> = flow
            .inputs
            .iter()
            .enumerate()
            .map(|(slot, input)| Reader::new(slot, input, may_have_body, names))
            .collect();
        let needs_body = |(reader, input): (&Reader, &InputPlan)| {
            let declared = input.source == InputSource::Declared(Some(Place::Body));
            reader.body.is_some() && (reader.path.is_none() || declared)
        };
        Self {
            query: list.iter().any(|reader| reader.query),
            body: list.iter().zip(&flow.inputs).any(needs_body),
            whole: list
                .iter()
                .any(|reader| reader.body == Some(BodyPart::Whole)),
            list,
        }
    }
}

impl Reader {
    fn new(slot: usize, input: &InputPlan, may_have_body: bool, names: &[Spanned<String>]) -> Self {
        let mut reader = Self {
            slot,
            // A placeholder always has a value: it is never passed over, wherever else its input is declared.
            path: names.iter().position(|name| name.value == input.name),
            query: false,
            header: None,
            cookie: false,
            body: None,
        };
        let header = || HeaderName::from_bytes(input.name.as_bytes()).ok();
        let body = if input.name == WHOLE {
            BodyPart::Whole
        } else {
            BodyPart::Member
        };
        match input.source {
            InputSource::Declared(Some(Place::Query)) => reader.query = true,
            InputSource::Declared(Some(Place::Header)) => reader.header = header(),
            InputSource::Declared(Some(Place::Cookie)) => reader.cookie = true,
            InputSource::Declared(Some(Place::Body)) => reader.body = Some(body),
            InputSource::Declared(Some(Place::Path | Place::Environment)) => {}
            InputSource::Declared(None) | InputSource::Undeclared { .. } => {
                reader.query = true;
                reader.body = may_have_body.then_some(body);
                if input.source == (InputSource::Undeclared { header: true }) {
                    reader.header = header();
                }
            }
        }
        reader
    }
}
