//! One error of the schema as deviations.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::branch::{self, Choice};
use super::deviation::{Deviation, DeviationKind, Segment, path};
use super::{history, sentence};
use crate::dialect::Dialect;
use crate::names;

/// Collects the deviations of one document.
pub(crate) struct Explain<'e> {
    dialect: Dialect,
    schema: &'e Value,
    document: &'e Value,
    pub(crate) found: Vec<Deviation>,
}

impl<'e> Explain<'e> {
    pub(crate) fn new(dialect: Dialect, schema: &'e Value, document: &'e Value) -> Self {
        Self {
            dialect,
            schema,
            document,
            found: Vec::new(),
        }
    }

    /// Adds what the error means; nothing is said twice.
    pub(crate) fn error(&mut self, error: &ValidationError<'_>) {
        let path = path(self.document, error.instance_path().as_str());
        let subject = sentence::subject(&path);
        let instance = error.instance().as_ref();
        let say = |kind, message| Deviation::new(path.clone(), kind, message);
        match error.kind() {
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => {
                for key in unexpected {
                    self.unknown_key(error, &path, key);
                }
            }
            Kind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                let owner = self.title(error);
                self.add(say(
                    DeviationKind::MissingKey,
                    format!("{} is required on {owner}", sentence::quoted(key)),
                ));
            }
            Kind::Type { kind } => self.wrong_type(error, path.clone(), &branch::type_names(kind)),
            Kind::Enum { options } => {
                let options: Vec<&str> = options
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .collect();
                let pointer = error.schema_path().as_str();
                let in_enum = |other| {
                    history::part(other, pointer)
                        .and_then(Value::as_array)
                        .is_some_and(|all| all.contains(instance))
                };
                self.unknown_word(path, instance, &options, in_enum);
            }
            Kind::Constant { expected_value } => {
                let options: Vec<&str> = expected_value.as_str().into_iter().collect();
                self.unknown_word(path, instance, &options, |_| false);
            }
            Kind::Pattern { pattern } => {
                let words = names::words(pattern);
                // A URI may carry a user with a password.
                let shown = instance.as_str().filter(|text| !text.contains('@'));
                let found = shown
                    .map(|text| format!(", not {}", sentence::quoted(text)))
                    .unwrap_or_default();
                self.add(say(
                    DeviationKind::BadForm,
                    format!("{subject} must be {words}{found}"),
                ));
            }
            Kind::PropertyNames { error } => self.bad_name(path, error),
            Kind::MinItems { .. } | Kind::MinProperties { .. } | Kind::MinLength { .. } => {
                self.add(say(
                    DeviationKind::Empty,
                    format!("{subject} must not be empty"),
                ));
            }
            Kind::MaxLength { limit } => {
                let message = format!("{subject} must not be longer than {limit} characters");
                self.add(say(DeviationKind::OutOfBounds, message));
            }
            Kind::Minimum { limit } => {
                let message = format!(
                    "{subject} must be at least {limit}, not {}",
                    sentence::value(instance)
                );
                self.add(say(DeviationKind::OutOfBounds, message));
            }
            Kind::Maximum { limit } => {
                let message = format!(
                    "{subject} must be at most {limit}, not {}",
                    sentence::value(instance)
                );
                self.add(say(DeviationKind::OutOfBounds, message));
            }
            Kind::Not { schema } => self.conflict(error, path.clone(), schema),
            Kind::OneOfMultipleValid { context } => self.several(error, path.clone(), context),
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                self.none(error, path.clone(), context);
            }
            _ => self.add(say(
                DeviationKind::Other,
                format!("{subject} is not as {} has it", self.dialect),
            )),
        }
    }

    fn add(&mut self, deviation: Deviation) {
        if !self.found.contains(&deviation) {
            self.found.push(deviation);
        }
    }

    /// What messages call the object that a keyword belongs to: the nearest title around it.
    fn title(&self, error: &ValidationError<'_>) -> &'e str {
        let mut pointer = error.schema_path().as_str();
        while let Some((parent, _)) = pointer.rsplit_once('/') {
            if let Some(title) = self
                .schema
                .pointer(parent)
                .and_then(|schema| schema.get("title")?.as_str())
            {
                return title;
            }
            pointer = parent;
        }
        "this"
    }

    fn unknown_key(&mut self, error: &ValidationError<'_>, object: &[Segment], key: &str) {
        let pointer = parent(error.schema_path().as_str());
        let owner = self.title(error);
        let dialect = self.dialect;
        let name = sentence::quoted(key);
        let message = match history::known(dialect, |other| history::has_key(other, pointer, key)) {
            Some(known) => format!("{name} is not known on {owner} in {dialect} ({known})"),
            None => format!("{name} is not known on {owner}"),
        };
        let schema = self.schema.pointer(pointer);
        let help = schema.and_then(|schema| {
            if let Some(now) = history::renamed(schema, key) {
                return Some(format!("{dialect} calls it `{now}`"));
            }
            if key == "name" && dialect.keyed() && history::has_key(Dialect::Alpha2, pointer, key) {
                return Some("the key of the entry is its name".to_owned());
            }
            let keys = schema
                .get("properties")?
                .as_object()?
                .keys()
                .map(String::as_str);
            let absent = keys.filter(|known| error.instance().get(known).is_none());
            history::closest(key, absent).map(|known| format!("did you mean `{known}`?"))
        });
        let mut path = object.to_vec();
        path.push(Segment::Key(key.to_owned()));
        self.add(Deviation::new(path, DeviationKind::UnknownKey, message).with_help(help));
    }

    fn wrong_type(&mut self, error: &ValidationError<'_>, path: Vec<Segment>, types: &[&str]) {
        let instance = error.instance().as_ref();
        let expected = sentence::types(types);
        let found = match instance {
            // "must be an integer, not a number" would be true of 1.5 and help nobody. Elsewhere a number is not shown: it
            // may be a password that was not quoted.
            Value::Number(_) if types.contains(&"integer") => sentence::value(instance),
            other => sentence::type_of(other).to_owned(),
        };
        let message = format!(
            "{} must be {expected}, not {found}",
            sentence::subject(&path)
        );
        let listed_before = instance.is_array()
            && types == ["object"]
            && self.dialect.keyed()
            && history::part(Dialect::Alpha2, error.schema_path().as_str())
                .is_some_and(|kind| kind == "array");
        let help = listed_before.then(|| {
            "since 1.0.0-alpha3 this is a map: the name of each entry is its key".to_owned()
        });
        self.add(Deviation::new(path, DeviationKind::WrongType, message).with_help(help));
    }

    fn unknown_word(
        &mut self,
        path: Vec<Segment>,
        instance: &Value,
        options: &[&str],
        in_other: impl Fn(Dialect) -> bool,
    ) {
        let subject = sentence::subject(&path);
        let found = sentence::value(instance);
        let one_of = if options.len() > 1 { "one of " } else { "" };
        let known = history::known(self.dialect, in_other)
            .map(|known| format!(" ({known})"))
            .unwrap_or_default();
        let message = format!(
            "{subject} must be {one_of}{}, not {found}{known}",
            sentence::one_of(options)
        );
        let close = instance
            .as_str()
            .and_then(|word| history::closest(word, options.iter().copied()));
        let help = close
            .filter(|_| options.len() > 1)
            .map(|word| format!("did you mean `{word}`?"));
        self.add(Deviation::new(path, DeviationKind::UnknownWord, message).with_help(help));
    }

    fn bad_name(&mut self, mut path: Vec<Segment>, error: &ValidationError<'_>) {
        let name = error.instance().as_str().unwrap_or_default().to_owned();
        let words = match error.kind() {
            Kind::Pattern { pattern } => names::words(pattern),
            _ => "of another form",
        };
        let message = format!("the name {} must be {words}", sentence::quoted(&name));
        path.push(Segment::Key(name));
        self.add(Deviation::new(path, DeviationKind::BadName, message));
    }

    /// Keys that must not be there, or not together.
    fn conflict(&mut self, error: &ValidationError<'_>, mut path: Vec<Segment>, forbidden: &Value) {
        let owner = self.title(error);
        let instance = error.instance();
        let forms: Vec<&Value> = forbidden
            .get("anyOf")
            .and_then(Value::as_array)
            .map_or_else(|| vec![forbidden], |all| all.iter().collect());
        let present = |keys: &Vec<&str>| keys.iter().all(|key| instance.get(key).is_some());
        let keys = forms
            .into_iter()
            .map(branch::required)
            .find(present)
            .unwrap_or_default();
        let form = self.schema.pointer(parent(error.schema_path().as_str()));
        let message = match (form, keys.as_slice()) {
            // A form with a name of its own.
            (Some(form), [key])
                if form.get("properties").is_some() && form.get("title").is_some() =>
            {
                format!("{} is not allowed on {owner}", sentence::quoted(key))
            }
            (Some(form), [key]) => {
                let mut both = branch::required(form);
                both.push(key);
                format!("{} exclude each other on {owner}", sentence::all_of(&both))
            }
            _ => format!("{} exclude each other on {owner}", sentence::all_of(&keys)),
        };
        path.extend(keys.last().map(|key| Segment::Key((*key).to_owned())));
        self.add(Deviation::new(path, DeviationKind::Conflict, message));
    }

    /// An instance of several forms that exclude each other.
    fn several(
        &mut self,
        error: &ValidationError<'_>,
        path: Vec<Segment>,
        context: &[Vec<ValidationError<'static>>],
    ) {
        let Some(keyword) = self.schema.pointer(error.schema_path().as_str()) else {
            return;
        };
        let all = branch::branches(self.schema, keyword, context);
        let mut keys: Vec<&str> = Vec::new();
        for form in all.iter().filter(|form| form.errors.is_empty()) {
            let own = branch::required(form.schema);
            // A key that every form asks for does not tell them apart.
            keys.extend(own.iter().filter(|key| {
                !all.iter()
                    .all(|other| branch::required(other.schema).contains(key))
            }));
        }
        let owner = self.title(error);
        let message = format!(
            "only one of {} is allowed on {owner}",
            sentence::all_of(&keys)
        );
        self.add(Deviation::new(path, DeviationKind::Conflict, message));
    }

    /// An instance of none of several forms.
    fn none(
        &mut self,
        error: &ValidationError<'_>,
        mut path: Vec<Segment>,
        context: &[Vec<ValidationError<'static>>],
    ) {
        let pointer = error.schema_path().as_str();
        let Some(keyword) = self.schema.pointer(pointer) else {
            return;
        };
        let branches = branch::branches(self.schema, keyword, context);
        let instance = error.instance().as_ref();
        match branch::choose(error.instance_path().as_str(), instance, &branches) {
            Some(Choice::Meant(meant)) => meant.errors.iter().for_each(|error| self.error(error)),
            Some(Choice::Types(types)) => self.wrong_type(error, path, &types),
            Some(Choice::UnknownTag(tags)) => {
                path.push(Segment::Key("type".to_owned()));
                let tag = instance.get("type").unwrap_or(&Value::Null);
                let known = |other| {
                    let schema = history::part(other, "");
                    schema.is_some_and(|root| {
                        root.pointer(pointer).is_some_and(|all| {
                            branch::all_tags(root, all).iter().any(|one| tag == one)
                        })
                    })
                };
                self.unknown_word(path, tag, &tags, known);
            }
            Some(Choice::NoTag(tags)) => {
                let message = format!(
                    "`type` is required on {}: {}",
                    self.title(error),
                    sentence::one_of(&tags)
                );
                self.add(Deviation::new(path, DeviationKind::MissingKey, message));
            }
            Some(Choice::NoneOf(keys)) => {
                let message = format!(
                    "one of {} is required on {}",
                    sentence::one_of(&keys),
                    self.title(error)
                );
                self.add(Deviation::new(path, DeviationKind::MissingKey, message));
            }
            None => {
                let message = format!(
                    "{} is not as {} has it",
                    sentence::subject(&path),
                    self.dialect
                );
                self.add(Deviation::new(path, DeviationKind::Other, message));
            }
        }
    }
}

/// The schema that a keyword belongs to.
fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}
