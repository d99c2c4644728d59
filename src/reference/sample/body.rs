//! Puts an example body into a request, by its content type.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    super::{
        example::{self, Direction},
        model::{MediaType, Operation, Schema, Style, Type},
        shape,
    },
    Part, PartContent, Payload,
    parameter::plain,
};

/// Lists in lists that are looked into for a file; a list of itself has no end.
const DEEPEST_LIST: usize = 8;

/// Methods whose bodies are sent even where they are optional.
const WITH_BODY: [&str; 3] = ["POST", "PUT", "PATCH"];

/// The body of an example call, and the header's value where its content type must be said.
pub(super) fn of_example(operation: &Operation) -> Option<(Payload, Option<String>)> {
    let body = operation.body.as_ref().filter(|_| is_sent(operation))?;
    Some(of_media_type(body.preferred()?))
}

/// An example body of one content type, and the header's value where its content type must be said.
pub fn of_media_type(media_type: &MediaType) -> (Payload, Option<String>) {
    let payload = payload(media_type);
    let stated = match &payload {
        Payload::Json(_) if media_type.is_json() => Some(media_type.name.clone()),
        Payload::Json(_) => Some("application/json".to_owned()),
        Payload::Text(_) | Payload::File(_) => Some(concrete(&media_type.name)),
        Payload::Nothing | Payload::Form(_) | Payload::Multipart(_) => None,
    };
    (payload, stated)
}

/// Whether the body of an operation is sent where nothing else is said.
pub fn is_sent(operation: &Operation) -> bool {
    operation.body.as_ref().is_some_and(|body| body.required || WITH_BODY.contains(&operation.method.as_str()))
}

fn payload(media_type: &MediaType) -> Payload {
    let essence = media_type.essence();
    let value = example::of_media_type(media_type, Direction::Request);
    match (essence.as_str(), value) {
        _ if is_binary(&essence) => Payload::File(file_name(&essence)),
        ("application/x-www-form-urlencoded", Some(value)) => Payload::Form(form(media_type, &value)),
        (essence, Some(value)) if essence.starts_with("multipart/") => Payload::Multipart(parts(media_type, &value)),
        (_, Some(value)) if media_type.is_json() => Payload::Json(value),
        (_, Some(Value::String(text))) => Payload::Text(text),
        (essence, Some(value)) if essence.ends_with("xml") => Payload::Text(xml(media_type, &value)),
        (essence, Some(value)) if essence.starts_with("text/") || !essence.contains('*') => {
            Payload::Text(value.to_string())
        }
        (_, Some(value)) => Payload::Json(value),
        (_, None) => Payload::Nothing,
    }
}

pub(super) fn form(media_type: &MediaType, value: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        let style = media_type.encoding(name).and_then(|encoding| encoding.style);
        match value {
            Value::Array(items) => pairs.extend(items.iter().map(|item| (name.clone(), plain(item)))),
            Value::Object(members) if style == Some(Style::DeepObject) => {
                pairs.extend(members.iter().map(|(key, value)| (format!("{name}[{key}]"), plain(value))));
            }
            other => pairs.push((name.clone(), plain(other))),
        }
    }
    pairs
}

pub(super) fn parts(media_type: &MediaType, value: &Value) -> Vec<Part> {
    let properties = media_type.schema.as_ref().map(shape::of).unwrap_or_default().properties;
    let shapes: HashMap<String, Schema> =
        properties.into_iter().filter_map(|property| Some((property.name, property.schema.resolved()?))).collect();
    let mut parts = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        let shape = shapes.get(name);
        let stated = media_type.encoding(name).and_then(|encoding| encoding.content_type.clone());
        let stated = stated.and_then(|types| Some(types.split(',').next()?.trim().to_owned()));
        let values = match value {
            Value::Array(items) => items.iter().collect(),
            other => vec![other],
        };
        for value in values {
            parts.push(part(name, value, shape, stated.as_deref()));
        }
    }
    parts
}

fn part(name: &str, value: &Value, shape: Option<&Schema>, stated: Option<&str>) -> Part {
    let is_file = shape.is_some_and(holds_file) || stated.is_some_and(is_binary);
    let content = match value {
        _ if is_file => PartContent::File(stated.map_or_else(|| format!("{}.bin", safe_file(name)), file_name)),
        Value::Object(_) | Value::Array(_) => PartContent::Text(value.to_string()),
        scalar => PartContent::Text(plain(scalar)),
    };
    let is_json = !is_file && (value.is_object() || value.is_array());
    let content_type = stated.map(concrete).or_else(|| is_json.then(|| "application/json".to_owned()));
    Part { name: name.to_owned(), content, content_type }
}

/// Whether a property is a file: 3.0's `format: binary`, 3.1's content without an encoding, or a list of them.
pub fn holds_file(schema: &Schema) -> bool {
    let mut schema = schema.clone();
    for _ in 0..DEEPEST_LIST {
        if schema.main_type() != Some(Type::Array) {
            let (media_type, encoding) = schema.content();
            let raw = media_type.is_some_and(|it| it != "application/json") && encoding.is_none();
            return raw || schema.format() == Some("binary");
        }
        let Some(items) = schema.items().and_then(|items| items.resolved()) else { return false };
        schema = items;
    }
    false
}

/// Whether a content type is one of bytes that nobody types.
pub fn is_binary(essence: &str) -> bool {
    const BINARY: [&str; 6] = [
        "application/octet-stream",
        "application/pdf",
        "application/zip",
        "application/gzip",
        "application/x-tar",
        "application/vnd.ms-excel",
    ];
    let family = essence.split('/').next().unwrap_or_default();
    BINARY.contains(&essence) || (matches!(family, "image" | "audio" | "video" | "font") && essence != "image/svg+xml")
}

/// A content type that can be sent, for one that stands for several.
pub(super) fn concrete(name: &str) -> String {
    match name.split(';').next().unwrap_or_default().trim() {
        "*/*" | "application/*" => "application/octet-stream".to_owned(),
        "text/*" => "text/plain".to_owned(),
        "image/*" => "image/png".to_owned(),
        "audio/*" => "audio/mpeg".to_owned(),
        "video/*" => "video/mp4".to_owned(),
        _ => name.to_owned(),
    }
}

fn file_name(essence: &str) -> String {
    let concrete = concrete(essence);
    let kind = concrete.rsplit(['/', '+', '.']).next().unwrap_or_default();
    let ending = match kind {
        "octet-stream" => "bin",
        "jpeg" => "jpg",
        "mpeg" => "mp3",
        "plain" => "txt",
        other => other,
    };
    format!("file.{}", safe_file(ending))
}

fn safe_file(name: &str) -> String {
    let safe: String = name.chars().filter(|it| it.is_ascii_alphanumeric() || *it == '_' || *it == '-').collect();
    if safe.is_empty() { "file".to_owned() } else { safe }
}

/// The value as XML, with the names that the schema gives.
fn xml(media_type: &MediaType, value: &Value) -> String {
    let schema = media_type.schema.as_ref().and_then(Schema::resolved);
    let stated =
        schema.as_ref().and_then(|schema| schema.source().node().get("xml")?.text_of("name").map(str::to_owned));
    let named = || schema.as_ref().and_then(|schema| schema.name().map(str::to_owned));
    let mut text = String::new();
    element(&mut text, &stated.or_else(named).unwrap_or_else(|| "root".to_owned()), value);
    text
}

fn element(text: &mut String, name: &str, value: &Value) {
    let name: String = name.chars().filter(|it| it.is_alphanumeric() || "_-.".contains(*it)).collect();
    if let Value::Array(items) = value {
        return items.iter().for_each(|item| element(text, &name, item));
    }
    text.push_str(&format!("<{name}>"));
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| element(text, name, value)),
        scalar => {
            let escaped = plain(scalar).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            text.push_str(&escaped);
        }
    }
    text.push_str(&format!("</{name}>"));
}
