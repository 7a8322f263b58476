//! The inputs of a unit: those that it declares and those that follow from what it calls (decisions, section 4).

use naftiko_bindings::split_place;
use naftiko_diagnostics::{Diagnostics, codes};
use naftiko_spec::yaml::Node;
use naftiko_spec::{ConsumedInput, DeclaredInput, Place, Unit};
use regex::Regex;
use serde_json::Value;

use crate::expr::{Expr, InputSlot};
use crate::flow::{InputPlan, InputSource};

/// Headers that are never taken for an input that the unit does not declare.
const NEVER_TAKEN: [&str; 18] = [
    "authorization",
    "cookie",
    "host",
    "origin",
    "referer",
    "forwarded",
    "user-agent",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-real-ip",
    "set-cookie",
    "http2-settings",
    "expect",
];
const NEVER_TAKEN_PREFIXES: [&str; 4] = ["proxy-", "x-forwarded-", "content-", "accept"];

/// What the request needs of a name that no one has declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// It is an input, and a call without it is refused.
    Required,
    /// It is an input.
    Optional,
    /// It is an input when the unit declares none.
    IfNoneDeclared,
}

/// The inputs of one unit while its call is lowered.
#[derive(Debug)]
pub(crate) struct Inputs {
    list: Vec<Pending>,
    declares: bool,
}

#[derive(Debug)]
struct Pending {
    name: String,
    declared: Option<DeclaredInput>,
    required: bool,
    place: Option<Place>,
    /// The consumed input that it feeds, by name.
    feeds: Option<String>,
    pattern: Option<Regex>,
    required_by_default: bool,
}

impl Pending {
    fn undeclared(name: &str, place: Option<Place>, required: bool) -> Self {
        Self {
            name: name.to_owned(),
            declared: None,
            required,
            place,
            feeds: None,
            pattern: None,
            required_by_default: false,
        }
    }
}

impl Inputs {
    /// The inputs that `unit` declares, then the placeholders of its own address.
    pub(crate) fn declared(unit: &Unit, out: &mut Diagnostics) -> Self {
        let mut inputs = Self {
            list: Vec::new(),
            declares: !unit.inputs.is_empty(),
        };
        for declared in &unit.inputs {
            if inputs.find(declared.name.as_str()).is_some() {
                out.push(codes::duplicate_input::new(&declared.name));
                continue;
            }
            let pattern = declared.pattern.as_ref().and_then(|pattern| {
                // JSON Schema patterns are not anchored.
                Regex::new(&pattern.value)
                    .map_err(|error| {
                        out.push(codes::invalid_pattern::new(pattern, &error.to_string()));
                    })
                    .ok()
            });
            inputs.list.push(Pending {
                name: declared.name.value.clone(),
                required: declared
                    .required
                    .unwrap_or(declared.place == Some(Place::Path)),
                place: declared.place,
                feeds: None,
                pattern,
                required_by_default: unit.required_by_default,
                declared: Some(declared.clone()),
            });
        }
        for placeholder in &unit.placeholders {
            match inputs.find(placeholder.as_str()) {
                Some(_) => {}
                None => inputs
                    .list
                    .push(Pending::undeclared(placeholder.as_str(), None, true)),
            }
        }
        inputs
    }

    /// Whether the unit declares any input.
    pub(crate) fn any_declared(&self) -> bool {
        self.declares
    }

    /// The slot of the input of that name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.list.iter().position(|input| input.name == name)
    }

    /// The name of the input in that slot, if callers must give it and the unit does not declare it.
    pub(crate) fn required_name(&self, slot: usize) -> Option<String> {
        let input = self.list.get(slot)?;
        (input.required && input.declared.is_none()).then(|| input.name.clone())
    }

    /// What a reference to the caller's inputs means: the whole name if it is an input; a place and the name there; the
    /// first segment if that is an input, walked into; else the whole name.
    pub(crate) fn reference(&mut self, text: &str, demand: Demand) -> Expr {
        if let Some(slot) = self.find(text) {
            return self.slot(slot, demand, Vec::new());
        }
        if let Some((place, name)) = split_place(text) {
            // `body.x` of a declared input `body` walks into it.
            let into_body = self.find("body").is_some_and(|slot| {
                self.list
                    .get(slot)
                    .is_some_and(|input| input.declared.is_some())
            });
            if !(place == Place::Body && into_body && self.find(name).is_none()) {
                return self.named(name, Some(place), demand);
            }
        }
        self.named(text, None, demand)
    }

    fn named(&mut self, text: &str, place: Option<Place>, demand: Demand) -> Expr {
        if let Some(slot) = self.find(text) {
            return self.slot(slot, demand, Vec::new());
        }
        if let Some((first, rest)) = text.split_once('.')
            && let Some(slot) = self.find(first)
        {
            return self.slot(slot, demand, rest.split('.').map(str::to_owned).collect());
        }
        if demand == Demand::IfNoneDeclared && self.declares {
            return Expr::Absent;
        }
        self.list
            .push(Pending::undeclared(text, place, demand == Demand::Required));
        Expr::Input(InputSlot {
            slot: self.list.len() - 1,
            walk: Vec::new(),
        })
    }

    fn slot(&mut self, slot: usize, demand: Demand, walk: Vec<String>) -> Expr {
        if let Some(input) = self.list.get_mut(slot) {
            if let Some(value) = input.declared.as_ref().and_then(|d| d.value.as_ref()) {
                let fixed = Node::to_json(value);
                if !fixed.as_str().is_some_and(|text| text.contains("{{")) {
                    return Expr::Literal(fixed);
                }
            }
            if demand == Demand::Required && input.declared.is_none() {
                input.required = true;
            }
        }
        Expr::Input(InputSlot { slot, walk })
    }

    /// Remembers that the input that `expr` is, and nothing else, feeds the consumed input `name`.
    pub(crate) fn feed(&mut self, expr: &Expr, name: &str) {
        if let Expr::Input(InputSlot { slot, walk }) = expr
            && walk.is_empty()
            && let Some(input) = self.list.get_mut(*slot)
            && input.feeds.is_none()
        {
            input.feeds = Some(name.to_owned());
        }
    }

    /// Makes undeclared inputs inside `expr` required: the request cannot be sent without it.
    pub(crate) fn require(&mut self, expr: &Expr) {
        expr.each_input(&mut |slot| {
            if let Some(input) = self.list.get_mut(slot.slot)
                && input.declared.is_none()
            {
                input.required = true;
            }
        });
    }

    /// Makes the input `name` one that nobody must give: it stands for the client's credential, which is the operator's.
    pub(crate) fn never_ask(&mut self, name: &str) {
        let stands_for =
            |input: &&mut Pending| input.feeds.as_deref().unwrap_or(&input.name) == name;
        for input in self.list.iter_mut().filter(stands_for) {
            input.required = false;
            input.required_by_default = false;
            if let Some(declared) = &mut input.declared {
                declared.required = Some(false);
            }
        }
    }

    /// The finished inputs. Type, text and, where the unit is silent, `required` come from the consumed input that an
    /// input feeds.
    pub(crate) fn finish(self, consumed: &[&ConsumedInput]) -> Vec<InputPlan> {
        self.list
            .into_iter()
            .map(|input| finish(input, consumed))
            .collect()
    }
}

fn finish(input: Pending, consumed: &[&ConsumedInput]) -> InputPlan {
    let fed_name = input.feeds.as_deref().unwrap_or(&input.name);
    let fed = consumed
        .iter()
        .find(|consumed| consumed.name.value == fed_name);
    let declared = input.declared.as_ref();
    let required = match declared {
        Some(declared) => declared.required.unwrap_or_else(|| {
            let said = fed.and_then(|fed| fed.required);
            input.required || said.unwrap_or(input.required_by_default)
        }),
        None => input.required,
    };
    let fixed = declared.is_some_and(|declared| declared.value.is_some());
    let allowed: Vec<Value> = declared
        .map(|declared| declared.allowed.clone())
        .filter(|allowed| !allowed.is_empty())
        .or_else(|| fed.map(|fed| fed.allowed.clone()))
        .unwrap_or_default();
    let source = match declared {
        Some(declared) => InputSource::Declared(declared.place),
        None => match input.place {
            Some(place) => InputSource::Declared(Some(place)),
            None => InputSource::Undeclared {
                header: fed.is_some_and(|fed| fed.place == Place::Header)
                    && may_come_from_header(&input.name),
            },
        },
    };
    InputPlan {
        ty: declared
            .and_then(|declared| declared.ty)
            .or_else(|| fed.and_then(|fed| fed.ty)),
        required: required && !fixed,
        description: declared
            .and_then(|declared| declared.description.clone())
            .or_else(|| fed.and_then(|fed| fed.description.clone())),
        pattern: input.pattern,
        allowed,
        source,
        name: input.name,
    }
}

fn may_come_from_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !NEVER_TAKEN.contains(&name.as_str())
        && !NEVER_TAKEN_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
}
