//! What an author declares: the shapes of outputs, free of any document format.

use naftiko_jsonpath::Path;
use serde_json::Value;

/// The declared type of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// No type declared: the located node as it is.
    Any,
    /// Text.
    String,
    /// Any number.
    Number,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// An object.
    Object,
    /// An array.
    Array,
}

/// One declared output, property or array element.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The declared type.
    pub kind: Kind,
    /// Where the value is, from the node around: the document, the object whose property this is,
    /// or the element. Without it: an object with properties and an element of an array are that
    /// node itself, an output that is an object, an array or untyped is the document, and anything
    /// else has no value.
    pub mapping: Option<Path>,
    /// The value itself, typed by `kind`; then nothing is looked up.
    pub constant: Option<Value>,
    /// The members of an object, in the order they are written. None or empty: as it is.
    pub properties: Option<Vec<(String, Shape)>>,
    /// The shape of an array's elements. None, or one that shapes nothing: as they are.
    pub items: Option<Box<Shape>>,
}

impl Shape {
    /// A shape that declares only its type.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            mapping: None,
            constant: None,
            properties: None,
            items: None,
        }
    }

    /// Where this shape's value is when it stands in `place`.
    pub(crate) fn location(&self, place: Place) -> Location<'_> {
        let is_scalar = matches!(
            self.kind,
            Kind::String | Kind::Number | Kind::Integer | Kind::Boolean
        );
        match (&self.mapping, place) {
            (Some(path), _) => Location::At(path),
            (None, _) if self.shaped_properties().is_some() => Location::Here,
            (None, Place::Element) => Location::Here,
            (None, Place::Output) if !is_scalar => Location::Here,
            (None, _) => Location::Nowhere,
        }
    }

    /// The properties of an object that has some; `properties: {}` counts as without.
    pub(crate) fn shaped_properties(&self) -> Option<&[(String, Self)]> {
        let properties = self
            .properties
            .as_deref()
            .filter(|properties| !properties.is_empty());
        properties.filter(|_| self.kind == Kind::Object)
    }

    /// The elements' shape of an array, if it changes them.
    pub(crate) fn shaped_items(&self) -> Option<&Self> {
        let items = self.items.as_deref().filter(|_| self.kind == Kind::Array)?;
        (!items.passes_through()).then_some(items)
    }

    /// Whether the node goes through as it is, when this is the shape of an element.
    fn passes_through(&self) -> bool {
        self.constant.is_none()
            && self.mapping.as_ref().is_none_or(Path::is_whole_document)
            && matches!(self.kind, Kind::Any | Kind::Object | Kind::Array)
            && self.shaped_properties().is_none()
            && self.shaped_items().is_none()
    }
}

/// Where a shape stands, which decides what it means without a mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Output,
    Property,
    Element,
}

/// Where a shape's value is, from the node around.
pub(crate) enum Location<'a> {
    Nowhere,
    Here,
    At(&'a Path),
}

/// All outputs of an operation or tool.
#[derive(Debug, Clone)]
pub enum Output {
    /// The document, byte for byte; it can be streamed.
    Identity,
    /// One value.
    One(Shape),
    /// An object of these members.
    Named(Vec<(String, Shape)>),
    /// The first that is there and not null.
    FirstPresent(Vec<Shape>),
}

impl Output {
    /// Outputs without names: none, or one object or array that is mapped to `$` and shapes
    /// nothing, is [`Output::Identity`]; one is that value; of several the first present is.
    pub fn unnamed(mut shapes: Vec<Shape>) -> Self {
        match shapes.as_slice() {
            [] => Self::Identity,
            [shape] => {
                let is_whole = shape.mapping.as_ref().is_some_and(Path::is_whole_document);
                let is_container = matches!(shape.kind, Kind::Object | Kind::Array);
                if is_whole && is_container && shape.passes_through() {
                    return Self::Identity;
                }
                Self::One(shapes.swap_remove(0))
            }
            _ => Self::FirstPresent(shapes),
        }
    }

    /// Outputs with names: an object of them, also for one.
    pub fn named(shapes: Vec<(String, Shape)>) -> Self {
        if shapes.is_empty() {
            Self::Identity
        } else {
            Self::Named(shapes)
        }
    }
}
