//! What came back, as people read it: its text or that it has none, and whether it is what the document says.

use axum::http::header;
use serde_json::Value;

use super::send::Answer;
use crate::{
    reference::{
        example::Direction,
        fit::{Misfit, Rules},
        model::{MediaType, Operation},
    },
    ui::Language,
};

/// More is shown on demand.
const MOST_SHOWN: usize = 64 * 1024;

/// More is not put on the page at all: it can be downloaded.
const MOST_UNFOLDED: usize = 4 * 1024 * 1024;

/// A body for people.
pub(super) enum Shown {
    /// There is none.
    Nothing,
    /// A text: its beginning, and where there is more, all of it, unless that is too much for a page.
    Text { text: String, language: Language, is_cut: bool, whole: Option<String> },
    /// Bytes that are no text.
    Binary,
}

/// Whether an answer is what the document says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    /// It is.
    Fits,
    /// It is not, in these places.
    Differs(Vec<Misfit>),
    /// The document has no such status.
    StatusUnknown,
    /// The document has another content type for this status.
    TypeUnknown,
    /// There is nothing to compare with.
    Unchecked,
}

impl Answer {
    /// The text of a header.
    pub fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The id by which the API knows the call.
    pub fn request_id(&self) -> Option<&str> {
        ["x-request-id", "request-id", "x-correlation-id"].into_iter().find_map(|name| self.header(name))
    }

    /// The content type without its parameters, in lower case.
    pub fn essence(&self) -> String {
        let stated = self.header(header::CONTENT_TYPE).unwrap_or_default();
        stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The body over several lines, as far as it is shown.
    pub fn shown(&self) -> Shown {
        if self.body.is_empty() {
            return Shown::Nothing;
        }
        let Ok(text) = str::from_utf8(&self.body) else { return Shown::Binary };
        if text.contains('\0') {
            return Shown::Binary;
        }
        let (text, language) = match self.json() {
            Some(value) => (serde_json::to_string_pretty(&value).unwrap_or_default(), Language::Json),
            None => (text.to_owned(), Language::Plain),
        };
        let end = text.floor_char_boundary(MOST_SHOWN);
        let is_cut = end < text.len() || self.is_truncated;
        let beginning = text[..end].to_owned();
        let whole = Some(text).filter(|text| end < text.len() && text.len() <= MOST_UNFOLDED);
        Shown::Text { text: beginning, language, is_cut, whole }
    }

    /// The stable code of an error, as problem documents and their relatives give it.
    pub fn error_code(&self) -> Option<String> {
        let body = self.json().filter(|_| self.status.is_client_error() || self.status.is_server_error())?;
        let code = body.get("code").or_else(|| body.get("error")?.get("code"))?;
        code.as_str().map(str::to_owned)
    }

    /// Compares the body with the document.
    pub fn agreement(&self, operation: &Operation) -> Agreement {
        let Some(described) = operation.response(self.status.as_u16()) else { return Agreement::StatusUnknown };
        if self.is_truncated {
            return Agreement::Unchecked;
        }
        if described.content.is_empty() || self.body.is_empty() {
            let agrees = described.content.is_empty() == self.body.is_empty();
            return if agrees { Agreement::Fits } else { Agreement::Unchecked };
        }
        let essence = self.essence();
        let Some(media_type) = described.content.iter().find(|media_type| is_of(media_type, &essence)) else {
            return Agreement::TypeUnknown;
        };
        let (Some(schema), Some(value)) = (&media_type.schema, self.json()) else { return Agreement::Unchecked };
        match Rules::of(Direction::Response).misfits(schema, &value) {
            found if found.is_empty() => Agreement::Fits,
            found => Agreement::Differs(found),
        }
    }

    fn json(&self) -> Option<Value> {
        let essence = self.essence();
        let is_json = essence.ends_with("json") || essence.is_empty();
        is_json.then(|| serde_json::from_slice(&self.body).ok()).flatten()
    }
}

/// Whether a content type is one that the document describes; `image/*` is all of its family.
fn is_of(media_type: &MediaType, essence: &str) -> bool {
    let described = media_type.essence();
    match described.strip_suffix('*') {
        Some("*/") => true,
        Some(family) => essence.starts_with(family),
        None => described == essence,
    }
}

/// A number of bytes in words.
pub(super) fn in_words(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::{
        body::Bytes,
        http::{HeaderMap, HeaderValue, StatusCode},
    };

    use super::*;

    fn shown(body: String) -> Shown {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"))]);
        let (status, took, body) = (StatusCode::OK, Duration::ZERO, Bytes::from(body));
        Answer { status, headers, body, is_truncated: false, took }.shown()
    }

    #[test]
    fn a_long_text_is_shown_by_its_beginning_and_whole_unless_it_is_too_much() {
        for (length, first, is_whole) in [
            (MOST_SHOWN, MOST_SHOWN, false),
            (MOST_SHOWN + 1, MOST_SHOWN, true),
            (MOST_UNFOLDED, MOST_SHOWN, true),
            (MOST_UNFOLDED + 1, MOST_SHOWN, false),
        ] {
            let Shown::Text { text, is_cut, whole, .. } = shown("a".repeat(length)) else { panic!("it is a text") };
            assert_eq!((text.len(), is_cut), (first, length > MOST_SHOWN));
            assert_eq!(whole.map(|whole| whole.len()), is_whole.then_some(length));
        }
    }
}
