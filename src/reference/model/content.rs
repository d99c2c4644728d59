//! What travels: media types with their schemas and examples, headers, links.

use serde_json::Value;

use super::{super::document::tree::Source, Extensions, Schema, Server};

/// One content type of a body, a response or a parameter.
#[derive(Debug, Clone)]
pub struct MediaType {
    /// Such as `application/json` or `image/*`.
    pub name: String,
    /// The shape of the content.
    pub schema: Option<Schema>,
    /// The shape of each item of a stream (OpenAPI 3.2).
    pub item_schema: Option<Schema>,
    /// The document's own examples; a single one has no name.
    pub examples: Vec<Example>,
    /// How the properties of a form or of a multipart body are written.
    pub encodings: Vec<Encoding>,
    /// Where it stands.
    pub source: Source,
}

/// How one property of a form or of a multipart body is written.
#[derive(Debug, Clone)]
pub struct Encoding {
    /// The property.
    pub property: String,
    /// Content types, comma-separated, as the document writes them.
    pub content_type: Option<String>,
    /// As for parameters; absent where the document does not say.
    pub style: Option<super::Style>,
    /// As for parameters; absent where the document does not say.
    pub explode: Option<bool>,
    /// Headers of the part.
    pub headers: Vec<Header>,
}

/// An example that the document gives.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its key under `examples`; none for the single `example`.
    pub name: Option<String>,
    /// One line about it.
    pub summary: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// An address where the example is, instead of a value.
    pub external: Option<String>,
    /// Where the value stands.
    pub value: Option<Source>,
    /// The value as it travels (OpenAPI 3.2).
    pub serialized: Option<String>,
}

/// A response header, or a header of a part.
#[derive(Debug, Clone)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// Always sent.
    pub required: bool,
    /// To be avoided.
    pub deprecated: bool,
    /// The shape of its value.
    pub schema: Option<Schema>,
    /// The content type and shape of its value, where that is how it is described.
    pub content: Option<MediaType>,
    /// The document's own examples.
    pub examples: Vec<Example>,
    /// Where it stands.
    pub source: Source,
}

/// A call that a response makes possible.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// The operation to call, by the document's operationId.
    pub operation_id: Option<String>,
    /// The operation to call, by reference.
    pub operation_ref: Option<String>,
    /// Parameters and where their values come from, such as `$response.body#/id`.
    pub parameters: Vec<(String, Value)>,
    /// The request body, or where it comes from.
    pub request_body: Option<Value>,
    /// Another server than the operation's own.
    pub server: Option<Server>,
    /// Where it stands.
    pub source: Source,
}

impl MediaType {
    /// The name without parameters, in lower case: `application/json` for `application/json; charset=utf-8`.
    pub fn essence(&self) -> String {
        let essence = self.name.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    }

    /// Whether the content is JSON, `+json` included.
    pub fn is_json(&self) -> bool {
        let essence = self.essence();
        essence == "application/json" || essence.ends_with("+json") || essence == "text/json"
    }

    /// How a property is written, where the document says so.
    pub fn encoding(&self, property: &str) -> Option<&Encoding> {
        self.encodings.iter().find(|encoding| encoding.property == property)
    }

    /// The document's `x-` members here.
    pub fn extensions(&self) -> Extensions {
        Extensions::of(self.source.clone())
    }
}

impl Example {
    /// The example's value, where the document holds it.
    pub fn to_json(&self) -> Option<Value> {
        let text = || self.serialized.clone().map(Value::String);
        self.value.as_ref().map(Source::to_json).or_else(text)
    }
}
