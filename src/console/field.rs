//! A field of the form: what it asks for, by the schema of a parameter or property, and how its text becomes a value.

use serde_json::{Number, Value};

use super::posted::Posted;
use crate::{
    markdown,
    reference::{
        model::{Schema, Type},
        sample::{body::holds_file, plain},
        shape,
    },
    ui::{Input, Need},
};

/// With more values, a list that opens is easier than boxes to tick.
const MOST_BOXES: usize = 12;

/// A hint is a help, not the documentation, which stands on the same page.
const LONGEST_HINT: usize = 160;

/// A value to be filled in.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// The name under which it is sent.
    pub name: String,
    /// Its id on the page.
    pub id: String,
    /// What the document calls it.
    pub label: String,
    pub entry: Entry,
    pub need: Need,
    pub is_deprecated: bool,
    pub hint: Option<String>,
    /// What is in it at first.
    pub prefill: Vec<String>,
    /// An example, where nothing is in it.
    pub placeholder: Option<String>,
}

/// How a value is entered.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Entry {
    /// A line of text; a number where the types ask for one.
    Line(Input, Vec<Type>),
    /// One of these values.
    One(Vec<Value>),
    /// Several of these values.
    Several(Vec<Value>),
    /// A list, an item a line.
    Lines(Vec<Type>),
    /// JSON.
    Json,
    /// A file.
    File,
}

/// What the document says about a value.
pub(super) struct Described<'d> {
    pub label: &'d str,
    pub schema: Option<&'d Schema>,
    pub description: Option<&'d str>,
    pub need: Need,
    pub is_deprecated: bool,
    pub example: Option<Value>,
}

impl Field {
    pub fn new(name: String, id: String, described: Described<'_>) -> Self {
        let Described { label, schema, description, need, is_deprecated, example } = described;
        let resolved = schema.and_then(shape::behind);
        let entry = resolved.as_ref().map_or(Entry::Line(Input::Code, Vec::new()), Entry::of);
        let texts = example.as_ref().map(|example| entry.texts(example)).unwrap_or_default();
        let (prefill, placeholder) = match need {
            Need::Required => (texts, None),
            // An optional value that nobody asked for would be a surprise in the call.
            Need::Optional => (Vec::new(), texts.into_iter().next().filter(|text| !text.contains('\n'))),
        };
        let hint = hint(&entry, schema, resolved.as_ref(), description);
        Self { name, id, label: label.to_owned(), entry, need, is_deprecated, hint, prefill, placeholder }
    }

    /// What is in the field: what was typed, else what it starts with.
    pub fn texts(&self, posted: Option<&Posted>) -> Vec<String> {
        match posted {
            Some(posted) => posted.texts(&self.name).into_iter().map(str::to_owned).collect(),
            None => self.prefill.clone(),
        }
    }

    /// The value to send; none for an empty field. The error is a sentence.
    pub fn read(&self, posted: &Posted) -> Result<Option<Value>, String> {
        let texts = posted.texts(&self.name);
        let first = texts.first().copied().unwrap_or_default();
        match &self.entry {
            Entry::Line(_, types) => Ok((!first.is_empty()).then(|| typed(first, types))),
            Entry::One(values) => Ok((!first.is_empty()).then(|| chosen(values, first))),
            Entry::Several(values) => {
                let picked: Vec<Value> = texts.iter().map(|text| chosen(values, text)).collect();
                Ok((!picked.is_empty()).then_some(Value::Array(picked)))
            }
            Entry::Lines(types) => {
                let lines = first.lines().map(str::trim).filter(|line| !line.is_empty());
                let items: Vec<Value> = lines.map(|line| typed(line, types)).collect();
                Ok((!items.is_empty()).then_some(Value::Array(items)))
            }
            Entry::Json if first.trim().is_empty() => Ok(None),
            Entry::Json => serde_json::from_str(first).map(Some).map_err(|error| not_json(&error)),
            Entry::File => Ok(None),
        }
    }
}

/// Why a text is no JSON, with its place.
pub(super) fn not_json(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    format!("Line {}, column {}: {reason}.", error.line(), error.column())
}

impl Entry {
    fn of(schema: &Schema) -> Self {
        if holds_file(schema) {
            return Self::File;
        }
        let values = values(schema);
        if !values.is_empty() {
            return Self::One(values);
        }
        match schema.main_type() {
            Some(Type::Array) => {
                let items = schema.items().as_ref().and_then(shape::behind);
                let allowed = items.as_ref().map(self::values).unwrap_or_default();
                let is_scalar = items.as_ref().is_none_or(is_scalar);
                match allowed.len() {
                    1..=MOST_BOXES => Self::Several(allowed),
                    _ if is_scalar => Self::Lines(items.map(|items| items.types()).unwrap_or_default()),
                    _ => Self::Json,
                }
            }
            _ if !is_scalar(schema) => Self::Json,
            _ => Self::Line(input(schema), schema.types()),
        }
    }

    /// A value as the field's texts.
    fn texts(&self, value: &Value) -> Vec<String> {
        match (self, value) {
            (Self::Several(_), Value::Array(items)) => items.iter().map(plain).collect(),
            (Self::Lines(_), Value::Array(items)) => vec![items.iter().map(plain).collect::<Vec<_>>().join("\n")],
            (Self::File, _) => Vec::new(),
            (Self::Json, value) => vec![serde_json::to_string_pretty(value).unwrap_or_default()],
            (_, value) => vec![plain(value)],
        }
    }
}

/// The values that a schema allows, if it names them.
fn values(schema: &Schema) -> Vec<Value> {
    let listed: Vec<Value> = schema.enum_values().into_iter().map(|allowed| allowed.value).collect();
    let is_boolean = listed.is_empty() && schema.main_type() == Some(Type::Boolean);
    let constant = schema.constant().map(|value| vec![value]);
    match is_boolean {
        true => vec![Value::Bool(true), Value::Bool(false)],
        false => constant.unwrap_or(listed).into_iter().filter(|value| !value.is_null()).collect(),
    }
}

fn is_scalar(schema: &Schema) -> bool {
    !matches!(schema.main_type(), Some(Type::Object | Type::Array)) && !shape::of(schema).is_composed()
}

fn input(schema: &Schema) -> Input {
    match (schema.main_type(), schema.format()) {
        (Some(Type::Integer | Type::Number), _) => Input::Number,
        (Some(Type::String), Some("date")) => Input::Date,
        (Some(Type::String), Some("email")) => Input::Email,
        (Some(Type::String), Some("uri" | "url")) => Input::Url,
        (Some(Type::String), Some("password")) => Input::Password,
        _ => Input::Code,
    }
}

/// A text as a value of one of the types; what is none of them stays a text, so that a wrong value can be tried.
fn typed(text: &str, types: &[Type]) -> Value {
    let is_number = types.iter().any(|kind| matches!(kind, Type::Integer | Type::Number));
    let number = || text.trim().parse::<Number>().ok().map(Value::Number);
    let boolean = || text.trim().parse().ok().map(Value::Bool).filter(|_| types.contains(&Type::Boolean));
    let value = if is_number { number() } else { None };
    value.or_else(boolean).unwrap_or_else(|| Value::String(text.to_owned()))
}

fn chosen(values: &[Value], text: &str) -> Value {
    values.iter().find(|value| plain(value) == text).cloned().unwrap_or_else(|| Value::String(text.to_owned()))
}

fn hint(
    entry: &Entry,
    schema: Option<&Schema>,
    resolved: Option<&Schema>,
    description: Option<&str>,
) -> Option<String> {
    let kind = schema.map(shape::kind).filter(|_| !matches!(entry, Entry::One(_) | Entry::File));
    let default = resolved.and_then(Schema::default).map(|value| format!("default {}", plain(&value)));
    let how = match entry {
        Entry::Lines(_) => Some("one on each line".to_owned()),
        Entry::Json => Some("as JSON".to_owned()),
        _ => None,
    };
    let facts: Vec<String> = kind.into_iter().chain(how).chain(default).collect();
    let about = markdown::plain(description.unwrap_or_default(), LONGEST_HINT);
    let parts: Vec<String> = [facts.join(", "), about].into_iter().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}
