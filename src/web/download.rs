//! Answers that are no page: a document, a collection, a text; with a validator, so that asking again costs little.

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

/// The content, or that the asker has it already. What somebody may see is theirs: no shared cache keeps it.
pub fn validated(asked: &HeaderMap, content_type: &'static str, content: impl Into<Bytes>) -> Response {
    let content = content.into();
    let tag = format!("\"{}\"", data_encoding::BASE64URL_NOPAD.encode(&Sha256::digest(&content)[..16]));
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or("");
    let is_known = known.contains(&tag);
    let about = [(header::ETAG, tag), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    match is_known {
        true => (StatusCode::NOT_MODIFIED, about).into_response(),
        false => (about, [(header::CONTENT_TYPE, content_type)], content).into_response(),
    }
}

/// A page's text as Markdown: at its address with `.md`, or at the page's own for who asks for it.
pub fn markdown(asked: &HeaderMap, text: String) -> Response {
    let mut response = validated(asked, "text/markdown; charset=utf-8", text);
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
    response
}

/// Whether somebody asks for Markdown instead of a page. No browser does.
pub fn wants_markdown(asked: &HeaderMap) -> bool {
    let accepted = asked.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/markdown"))
}
