//! Path, query and JSON, with refusals in the portal's own words.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{header, request::Parts},
};
use serde::de::DeserializeOwned;

use super::{Code, Error, FieldError, Result};
use crate::portal::Portal;

/// The parameters of the path. What cannot be read is not found.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Portal> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self> {
        axum::extract::Path::from_request_parts(parts, portal)
            .await
            .map(|path| Self(path.0))
            .map_err(|_| Error::not_found())
    }
}

/// The query.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Portal> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self> {
        axum::extract::Query::from_request_parts(parts, portal)
            .await
            .map(|query| Self(query.0))
            .map_err(|rejection| Error::new(Code::InvalidRequest, rejection.body_text()))
    }
}

/// A JSON body. Fields that the endpoint does not know are refused by its type (`deny_unknown_fields`).
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Portal> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, portal: &Portal) -> Result<Self> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !content_type.is_some_and(is_json) {
            return Err(Error::new(Code::UnsupportedMediaType, "Send the body with Content-Type: application/json."));
        }
        let bytes = axum::body::Bytes::from_request(request, portal)
            .await
            .map_err(|_| Error::new(Code::PayloadTooLarge, "The body is larger than this endpoint takes."))?;
        Self::read(&bytes)
    }
}

impl<T: DeserializeOwned> Json<T> {
    /// Reads a body that was taken in already.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| refusal(&error))?;
        reader.end().map_err(|error| Error::new(Code::InvalidRequest, format!("The body is not JSON: {error}.")))?;
        Ok(Self(value))
    }
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or("").trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn refusal(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    use serde_json::error::Category;
    let inner = error.inner();
    match inner.classify() {
        Category::Data => {
            let path = error.path().to_string();
            let pointer = match path.as_str() {
                "." => String::new(),
                path => format!("/{}", path.replace(['.', '['], "/").replace(']', "").replace("//", "/")),
            };
            Error::invalid(vec![FieldError { pointer, code: "invalid", message: inner.to_string() }])
        }
        _ => Error::new(Code::InvalidRequest, format!("The body is not JSON: {inner}.")),
    }
}
