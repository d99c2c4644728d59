//! The form of an operation: its parameters, and an editor for each content type of its body.

use serde_json::Value;
use uuid::Uuid;

use super::field::{Described, Field};
use crate::reference::{
    example::{self, Direction},
    fit::Rules,
    model::{MediaType, Operation, Parameter, Place},
    sample::{Payload, body, is_idempotency_key},
    shape,
};

/// Headers that OpenAPI describes elsewhere: the call has its own.
const DESCRIBED_ELSEWHERE: [&str; 4] = ["accept", "content-type", "authorization", "cookie"];

/// The choice of no body.
pub(super) const NO_BODY: &str = "none";

/// Everything that can be filled in.
pub(super) struct Form {
    /// In the order of the operation's parameters.
    pub parameters: Vec<ParameterField>,
    /// One per content type.
    pub editors: Vec<Editor>,
    /// The editor that is chosen at first; none for no body.
    pub preferred: Option<usize>,
    /// Whether a call may go without a body.
    pub may_be_empty: bool,
}

/// A field, and the parameter that it fills.
pub(super) struct ParameterField {
    /// Which of the operation's parameters.
    pub at: usize,
    pub place: Place,
    pub field: Field,
}

/// The editor of a body of one content type.
pub(super) struct Editor {
    pub at: usize,
    /// As the document writes it.
    pub content_type: String,
    /// What the header says.
    pub stated: String,
    pub content: Content,
    /// The document's named examples, as texts.
    pub examples: Vec<(String, String)>,
}

/// How a body is edited.
pub(super) enum Content {
    /// As JSON, which starts with this text.
    Json(String),
    /// As text, which starts with this one.
    Text(String),
    /// By field.
    Fields(Vec<Field>),
    /// As a file.
    File,
}

impl Form {
    pub fn of(operation: &Operation) -> Self {
        let sent = |parameter: &Parameter| {
            parameter.place != Place::Header
                || !DESCRIBED_ELSEWHERE.contains(&parameter.name.to_ascii_lowercase().as_str())
        };
        let parameters = operation.parameters.iter().enumerate().filter(|(_, parameter)| sent(parameter));
        let parameters = parameters.map(|(at, parameter)| ParameterField {
            at,
            place: parameter.place,
            field: parameter_field(at, parameter),
        });
        let body = operation.body.as_ref();
        let content = body.map(|body| body.content.as_slice()).unwrap_or_default();
        let editors: Vec<Editor> = content.iter().enumerate().map(|(at, it)| Editor::of(at, it)).collect();
        let shown = body.and_then(|body| body.preferred()).map(|media_type| media_type.name.as_str());
        let preferred = editors.iter().position(|editor| Some(editor.content_type.as_str()) == shown);
        Self {
            parameters: parameters.collect(),
            editors,
            preferred: preferred.filter(|_| body::is_sent(operation)),
            may_be_empty: body.is_some_and(|body| !body.required),
        }
    }
}

fn parameter_field(at: usize, parameter: &Parameter) -> Field {
    let is_repeatable = is_idempotency_key(parameter);
    let example = match is_repeatable {
        true => fresh_key(parameter),
        false => example::of_parameter(parameter),
    };
    let mut field = Field::new(
        format!("{}.{}", parameter.place.as_str(), parameter.name),
        format!("try-{at}"),
        Described {
            label: &parameter.name,
            schema: parameter.shape(),
            description: parameter.description.as_deref(),
            need: if parameter.required { crate::ui::Need::Required } else { crate::ui::Need::Optional },
            is_deprecated: parameter.deprecated,
            example: Some(example),
        },
    );
    if is_repeatable {
        field.hint = Some("New for this form. Send the same value again to repeat the same call.".to_owned());
        field.prefill.extend(field.placeholder.take());
    }
    field
}

/// A key that nobody used before, if the document allows such a one.
fn fresh_key(parameter: &Parameter) -> Value {
    let key = Value::String(Uuid::now_v7().to_string());
    let fits = parameter.shape().is_none_or(|schema| Rules::of(Direction::Request).fits(schema, &key));
    if fits { key } else { example::of_parameter(parameter) }
}

impl Editor {
    fn of(at: usize, media_type: &MediaType) -> Self {
        let (payload, stated) = body::of_media_type(media_type);
        let content = match payload {
            Payload::Form(_) | Payload::Multipart(_) => Content::Fields(fields(at, media_type)),
            Payload::File(_) => Content::File,
            Payload::Json(value) => Content::Json(pretty(&value)),
            Payload::Text(text) => Content::Text(text),
            Payload::Nothing if media_type.is_json() => Content::Json("{}".to_owned()),
            Payload::Nothing => Content::Text(String::new()),
        };
        let examples = match &content {
            Content::Json(_) | Content::Text(_) => named_examples(media_type),
            Content::Fields(_) | Content::File => Vec::new(),
        };
        let content_type = media_type.name.clone();
        Self { at, stated: stated.unwrap_or_else(|| content_type.clone()), content_type, content, examples }
    }

    /// The name of its text, or of its file.
    pub fn name(&self) -> String {
        match self.content {
            Content::File => format!("body.{}.file", self.at),
            _ => format!("body.{}.text", self.at),
        }
    }

    /// The id of its text, or of its file.
    pub fn id(&self) -> String {
        format!("try-body-{}", self.at)
    }
}

fn named_examples(media_type: &MediaType) -> Vec<(String, String)> {
    let text = |value: Value| match value {
        Value::String(text) if !media_type.is_json() => text,
        value => pretty(&value),
    };
    let named = media_type.examples.iter().filter_map(|example| {
        let name = example.summary.clone().or_else(|| example.name.clone())?;
        Some((name, text(example.to_json()?)))
    });
    named.collect()
}

fn fields(at: usize, media_type: &MediaType) -> Vec<Field> {
    let Some(schema) = media_type.schema.as_ref() else { return Vec::new() };
    let example = example::of_media_type(media_type, Direction::Request).unwrap_or_default();
    let properties = shape::of(schema).properties.into_iter().filter(|property| !property.schema.is_read_only());
    let fields = properties.enumerate().map(|(index, property)| {
        let described = Described {
            label: &property.name,
            schema: Some(&property.schema),
            description: property.schema.description(),
            need: if property.required { crate::ui::Need::Required } else { crate::ui::Need::Optional },
            is_deprecated: property.schema.is_deprecated(),
            example: example.get(&property.name).cloned(),
        };
        Field::new(format!("body.{at}.field.{}", property.name), format!("try-body-{at}-{index}"), described)
    });
    fields.collect()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
