//! What a first request was answered, as it is kept for those that repeat it.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde::{Deserialize, Serialize};

use super::slot::Slot;
use crate::{
    vault::Vault,
    web::{Error, Result},
};

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Headers that belong to the answer and not to the request at hand.
const KEPT_HEADERS: [HeaderName; 2] = [header::CONTENT_TYPE, header::LOCATION];

/// Status, a few headers and the body.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    head: Head,
    body: Vec<u8>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Head {
    status: u16,
    headers: Vec<(String, String)>,
}

impl Answer {
    /// The parts of an answer that are kept.
    pub(super) fn of(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let headers = KEPT_HEADERS.iter().filter_map(|name| Some((name.to_string(), text(name)?))).collect();
        Self { head: Head { status: status.as_u16(), headers }, body: body.to_vec() }
    }

    /// The answer, sealed for its slot.
    pub(super) fn seal(&self, vault: &Vault, slot: &Slot) -> Vec<u8> {
        vault.seal(&slot.place(), &self.write())
    }

    /// Opens what [`Answer::seal`] sealed for the same slot.
    pub(super) fn open(vault: &Vault, slot: &Slot, sealed: &[u8]) -> Result<Self> {
        let plain = vault.unseal(&slot.place(), sealed).map_err(Error::broken)?;
        Self::read(&plain).ok_or_else(|| Error::broken(anyhow::anyhow!("a kept answer cannot be read")))
    }

    /// The head in JSON on one line, then the body as it is.
    fn write(&self) -> Vec<u8> {
        let mut plain = serde_json::to_vec(&self.head).expect("a head has only numbers and texts");
        plain.push(b'\n');
        plain.extend_from_slice(&self.body);
        plain
    }

    fn read(plain: &[u8]) -> Option<Self> {
        let end = plain.iter().position(|b| *b == b'\n')?;
        let head = serde_json::from_slice(&plain[..end]).ok()?;
        Some(Self { head, body: plain[end + 1..].to_vec() })
    }

    /// The answer again, marked as a repetition.
    pub(super) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.head.status).unwrap_or(StatusCode::OK);
        for (name, value) in self.head.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::MasterKey, db::TokenId};

    fn slot(key: &str) -> Slot {
        Slot { token: TokenId::new(), endpoint: "/api/v1/apps".into(), key: key.into() }
    }

    fn answer() -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("x-request-id", HeaderValue::from_static("req_1"));
        Answer::of(StatusCode::CREATED, &headers, b"{\"secret\":\"vst_mgmt_1\"}\n\xff")
    }

    #[test]
    fn an_answer_is_repeated_as_it_was_and_marked() {
        let vault = Vault::new(&[MasterKey([1; 32])]);
        let slot = slot("k");
        let opened = Answer::open(&vault, &slot, &answer().seal(&vault, &slot)).unwrap();
        assert_eq!(opened, answer());
        let response = opened.into_response();
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(response.headers()["idempotency-replayed"], "true");
        assert_eq!(response.headers()["content-type"], "application/json");
        assert!(!response.headers().contains_key("x-request-id"));
    }

    #[test]
    fn an_answer_opens_in_its_own_slot_only_and_shows_nothing_until_then() {
        let vault = Vault::new(&[MasterKey([1; 32])]);
        let sealed = answer().seal(&vault, &slot("k"));
        assert!(!sealed.windows(8).any(|part| part == b"vst_mgmt"));
        assert!(Answer::open(&vault, &slot("k"), &sealed).is_err());
    }
}
