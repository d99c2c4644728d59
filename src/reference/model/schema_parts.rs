//! What schemas are made of.

use serde_json::Value;

use super::Schema;

/// The types of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number without a fraction.
    Integer,
    /// Any number.
    Number,
    /// A text.
    String,
    /// A list.
    Array,
    /// Values by name.
    Object,
}

/// A property of an object.
#[derive(Debug, Clone)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// Its shape.
    pub schema: Schema,
    /// Always there.
    pub required: bool,
}

/// One of the values that an enumeration allows.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue {
    /// The value.
    pub value: Value,
    /// Its name in programs (`x-enum-varnames` and relatives).
    pub name: Option<String>,
    /// What it means (`x-enumDescriptions` and relatives); Markdown.
    pub description: Option<String>,
}

/// What an object may have beside its named properties.
#[derive(Debug, Clone)]
pub enum Additional {
    /// The schema does not say: anything.
    Unsaid,
    /// Anything, said so.
    Anything,
    /// Nothing.
    Nothing,
    /// Values of one shape: a map.
    Of(Schema),
}

/// How to tell which choice of a `oneOf` or `anyOf` a value is.
#[derive(Debug, Clone)]
pub struct Discriminator {
    /// The property that tells.
    pub property: String,
    /// Its values and what each stands for, as far as the document lists them.
    pub mapping: Vec<(String, Lead)>,
    /// What every other value, or none, stands for (OpenAPI 3.2).
    pub fallback: Option<Lead>,
}

/// A `$ref`.
#[derive(Debug, Clone)]
pub struct Reference {
    /// As written.
    pub text: String,
    /// The last step of it: the component's name.
    pub name: String,
    /// What is there. It may be a reference again, and may lead back here.
    pub lead: Lead,
}

/// Where a reference leads.
#[derive(Debug, Clone)]
pub enum Lead {
    /// To a schema of this document.
    To(Schema),
    /// To nothing.
    Nowhere,
    /// To another document, which is not read.
    Outside,
}

impl Type {
    /// A type by its name in JSON Schema.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => return None,
        })
    }

    /// The narrowest type of a value.
    pub fn of(value: &Value) -> Option<Self> {
        let types = [Self::Null, Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];
        types.into_iter().find(|kind| kind.holds(value))
    }

    /// Its name in JSON Schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// Whether a value is of this type; every integer is a number too.
    pub fn holds(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null)
            | (Self::Boolean, Value::Bool(_))
            | (Self::Number, Value::Number(_))
            | (Self::String, Value::String(_))
            | (Self::Array, Value::Array(_))
            | (Self::Object, Value::Object(_)) => true,
            (Self::Integer, Value::Number(number)) => {
                number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|number| number.fract() == 0.0)
            }
            _ => false,
        }
    }
}

impl Lead {
    /// The schema, where there is one.
    pub fn schema(&self) -> Option<&Schema> {
        match self {
            Self::To(schema) => Some(schema),
            Self::Nowhere | Self::Outside => None,
        }
    }
}
