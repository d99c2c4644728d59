//! The example of an operation's success, for calls that follow no convention.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use crate::{
    reference::{
        example,
        model::{Operation, Status},
    },
    web::{Code, Error},
};

/// The first success that the document describes, with its example as the body.
pub(super) fn example_of(operation: &Operation) -> Response {
    let Some(described) = operation.success() else {
        return Error::new(Code::NoExample, "The API document describes no success of this operation.").into_response();
    };
    let status = match described.status {
        Status::Code(status) => StatusCode::from_u16(status).unwrap_or(StatusCode::OK),
        _ => StatusCode::OK,
    };
    let Some((media_type, value)) = example::of_response(described) else { return status.into_response() };
    let body = if media_type.is_json() { value.to_string() } else { text_of(value) };
    let mut response = (status, Body::from(body)).into_response();
    if let Ok(name) = HeaderValue::from_str(&media_type.name) {
        response.headers_mut().insert(header::CONTENT_TYPE, name);
    }
    response
}

/// A text example of something that is not JSON is the body itself.
fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
