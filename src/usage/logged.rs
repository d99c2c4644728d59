//! A call as it is written down: without secrets, and with no more than is shown.

use axum::{
    body::Bytes,
    http::{HeaderMap, header},
};
use serde_json::Value;
use time::OffsetDateTime;

use super::{
    exchange::{Asked, Ending, Exchange, LONGEST_BODY},
    redaction::{self, Extent},
};
use crate::db::{AppId, KeyId, OrganizationId};

/// Longer paths and queries are cut.
const LONGEST_ADDRESS: usize = 4_000;
/// Longer names are of no API, and longer codes of no error.
const LONGEST_NAME: usize = 100;
/// More headers than this are not kept, nor more of them in all.
const MOST_HEADERS: usize = 100;
const LONGEST_HEADERS: usize = 16 << 10;

/// A call without secrets.
#[derive(Clone, Debug)]
pub(super) struct Logged {
    pub organization: OrganizationId,
    pub app: AppId,
    pub key: Option<KeyId>,
    pub at: OffsetDateTime,
    pub request_id: String,
    pub address: String,
    pub api: String,
    pub version: String,
    pub operation: Option<String>,
    pub method: String,
    pub path: String,
    pub query: String,
    pub status: i16,
    pub code: Option<String>,
    pub took_us: i64,
    pub ending: Ending,
    pub request: Message,
    pub response: Message,
}

/// One side of a call.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub headers: Vec<(String, String)>,
    /// `None` where there is none, or where it is no text.
    pub body: Option<String>,
    pub size: i64,
}

impl Logged {
    pub fn of(exchange: Exchange) -> Self {
        let Exchange { asked, status, headers, body, size, asked_size, took, ending } = exchange;
        let is_error = status.is_client_error() || status.is_server_error();
        let code = is_error.then(|| error_code(&headers, &body)).flatten();
        let request = Message::of(&asked.headers, &asked.body, asked_size);
        let Asked {
            at, request_id, address, organization, app, key, api, version, operation, method, path, query, ..
        } = asked;
        Self {
            organization,
            app,
            key,
            at,
            request_id: line(request_id, LONGEST_NAME),
            address: address.to_string(),
            api: line(redaction::path(&api), LONGEST_NAME),
            version: line(redaction::path(&version), LONGEST_NAME),
            operation: operation.map(|name| line(name, LONGEST_ADDRESS)),
            method: line(method.to_string(), LONGEST_NAME),
            path: line(redaction::path(&path), LONGEST_ADDRESS),
            query: line(redaction::query(&query, Extent::Whole), LONGEST_ADDRESS),
            status: i16::try_from(status.as_u16()).unwrap_or(0),
            code,
            took_us: i64::try_from(took.as_micros()).unwrap_or(i64::MAX),
            ending,
            request,
            response: Message::of(&headers, &body, size),
        }
    }

    /// About how much memory it takes.
    pub fn weight(&self) -> usize {
        const FIXED: usize = 1_000;
        let message = |side: &Message| {
            let headers: usize = side.headers.iter().map(|(name, value)| name.len() + value.len() + 64).sum();
            headers + side.body.as_ref().map_or(0, String::len)
        };
        FIXED + self.path.len() + self.query.len() + message(&self.request) + message(&self.response)
    }
}

impl Message {
    fn of(headers: &HeaderMap, body: &Bytes, size: u64) -> Self {
        let content_type = content_type(headers);
        let extent = if (body.len() as u64) < size { Extent::Cut } else { Extent::Whole };
        let text = text(body, extent).filter(|text| !text.is_empty());
        Self {
            headers: kept(redaction::headers(headers)),
            body: text.map(|text| line(redaction::body(content_type, text, extent), LONGEST_BODY)),
            size: i64::try_from(size).unwrap_or(i64::MAX),
        }
    }
}

/// The text of a body; where it was cut, a letter may be missing its end. What has U+0000 in it is no text.
fn text(body: &[u8], extent: Extent) -> Option<&str> {
    let text = match str::from_utf8(body) {
        Ok(text) => text,
        Err(error) if extent == Extent::Cut && error.error_len().is_none() => {
            str::from_utf8(&body[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    (!text.contains('\0')).then_some(text)
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn kept(headers: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut room = LONGEST_HEADERS;
    let fits = |(name, value): &(String, String)| {
        let length = name.len() + value.len();
        let fits = length <= room;
        room = room.saturating_sub(length);
        fits
    };
    headers
        .into_iter()
        .take(MOST_HEADERS)
        .take_while(fits)
        .map(|(name, value)| (name, line(value, LONGEST_HEADERS)))
        .collect()
}

/// A text that the database takes: without U+0000, and not longer than this.
fn line(text: String, longest: usize) -> String {
    let text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text };
    match text.len() > longest {
        true => text[..text.floor_char_boundary(longest)].to_owned(),
        false => text,
    }
}

/// The stable code of an error, as problem documents and their relatives give it.
fn error_code(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let is_json = content_type(headers).split(';').next().is_some_and(|essence| essence.trim().ends_with("json"));
    let body: Value = is_json.then(|| serde_json::from_slice(body).ok()).flatten()?;
    let code = body.get("code").or_else(|| body.get("error")?.get("code"))?.as_str()?;
    (code.len() <= LONGEST_NAME).then(|| line(redaction::keys(code, Extent::Whole), LONGEST_NAME))
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::{Duration, Instant};

    use axum::http::{HeaderValue, Method, StatusCode};

    use super::*;

    pub(in crate::usage) const KEY: &str = "vst_sandbox_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";

    /// A call of an organization as it comes in.
    pub(in crate::usage) fn asked(organization: OrganizationId) -> Asked {
        Asked {
            at: OffsetDateTime::now_utc(),
            since: Instant::now(),
            request_id: "req_1".into(),
            address: "192.0.2.1".parse().unwrap(),
            organization,
            app: AppId::new(),
            key: Some(KeyId::new()),
            api: "parcels".into(),
            version: "v1".into(),
            operation: Some("listThings".into()),
            method: Method::GET,
            path: "/things".into(),
            query: String::new(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// The same call with an answer.
    pub(in crate::usage) fn exchange(asked: Asked) -> Exchange {
        Exchange {
            asked_size: asked.body.len() as u64,
            asked,
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            size: 0,
            took: Duration::from_millis(3),
            ending: Ending::Complete,
        }
    }

    #[test]
    fn keys_leave_a_call_wherever_they_are() {
        let mut asked = asked(OrganizationId::new());
        asked.headers.insert("authorization", HeaderValue::from_str(&format!("Bearer {KEY}")).unwrap());
        asked.headers.insert("x-note", HeaderValue::from_static(KEY));
        (asked.path, asked.query) = (format!("/things/{KEY}"), format!("key={KEY}"));
        (asked.api, asked.version) = (KEY.into(), KEY.into());
        asked.body = format!("{{\"a\":\"{KEY}\"}}").into();
        let answer = Exchange { body: format!("no {KEY}").into(), ..exchange(asked) };
        let logged = format!("{:?}", Logged::of(answer));
        assert!(!logged.contains(&KEY["vst_sandbox_".len()..KEY.len() - 4]), "{logged}");
    }

    #[test]
    fn what_the_database_cannot_hold_is_replaced_or_left_out() {
        let mut odd = asked(OrganizationId::new());
        (odd.api, odd.body) = ("a\0b".into(), Bytes::from_static(b"\x00\xff"));
        let logged = Logged::of(exchange(odd));
        assert_eq!((logged.api.as_str(), logged.request.body, logged.request.size), ("a\u{fffd}b", None, 2));
    }

    #[test]
    fn only_the_beginning_of_much_is_kept() {
        let mut much = asked(OrganizationId::new());
        for n in 0..200 {
            much.headers.insert(
                header::HeaderName::from_bytes(format!("x-{n}").as_bytes()).unwrap(),
                HeaderValue::from_static("1"),
            );
        }
        (much.path, much.query) = ("/é".repeat(9_000), "a".repeat(9_000));
        much.body = "é".repeat(LONGEST_BODY / 2).into_bytes()[1..].to_vec().into();
        let mut answer = exchange(much);
        answer.body = "é".repeat(LONGEST_BODY).into_bytes()[..LONGEST_BODY - 1].to_vec().into();
        answer.size = 2 * LONGEST_BODY as u64;
        let logged = Logged::of(answer);
        assert_eq!(logged.request.headers.len(), MOST_HEADERS);
        assert!(logged.path.len() <= LONGEST_ADDRESS && logged.query.len() <= LONGEST_ADDRESS);
        assert_eq!(logged.request.body, None, "what is whole and no UTF-8 is no text");
        assert_eq!(logged.response.body.unwrap().len(), LONGEST_BODY - 2, "the letter that was cut is left out");
    }

    #[test]
    fn the_code_of_an_error_is_told() {
        let refused = |content_type: &'static str, body: &'static str| {
            let mut answer = exchange(asked(OrganizationId::new()));
            answer.status = StatusCode::CONFLICT;
            answer.headers.insert("content-type", HeaderValue::from_static(content_type));
            answer.body = body.into();
            Logged::of(answer).code
        };
        assert_eq!(refused("application/problem+json", r#"{"code":"conflict"}"#).as_deref(), Some("conflict"));
        assert_eq!(
            refused("application/json; charset=utf-8", r#"{"error":{"code":"taken"}}"#).as_deref(),
            Some("taken")
        );
        assert_eq!(refused("text/plain", r#"{"code":"conflict"}"#), None);
        assert_eq!(refused("application/json", r#"{"code":7}"#), None);
        assert_eq!(refused("application/json", "{"), None);
    }
}
