//! A create that is sent twice happens once: `Idempotency-Key`, draft 07 of the IETF's HTTP API group.
//!
//! The first request claims its key, runs to its end even when the client hangs up, and leaves its answer, sealed
//! because it may hold a secret; whoever repeats it gets that answer. Only successes are kept: a refused request has
//! changed nothing, so it may be corrected and sent again under the same key.

mod answer;
mod slot;

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, Method},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use tracing::Instrument;

use self::{
    answer::Answer,
    slot::{Claim, Slot},
};
use super::{Code, Error, Result, Visitor};
use crate::portal::Portal;
pub use slot::sweep;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const LONGEST_KEY: usize = 255;
/// No create of the HTTP API takes more; larger ones go to pages.
const LARGEST_BODY: usize = 1024 * 1024;
/// A request that runs longer has failed; well below the time after which its claim counts as abandoned.
const LONGEST_RUN: Duration = Duration::from_secs(30);

/// Middleware: runs a `POST` of a token with an `Idempotency-Key` once, and repeats its answer.
pub async fn replay(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<Visitor>().and_then(|visitor| visitor.caller.clone());
    match (caller, read_key(request.headers())) {
        (Some(caller), Ok(Some(key))) if request.method() == Method::POST => {
            let slot = Slot { token: caller.token, endpoint: request.uri().path().to_owned(), key };
            once(portal, slot, request, next).await.unwrap_or_else(IntoResponse::into_response)
        }
        (Some(_), Err(error)) if request.method() == Method::POST => error.into_response(),
        _ => next.run(request).await,
    }
}

async fn once(portal: Portal, slot: Slot, request: Request, next: Next) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY)
        .await
        .map_err(|_| Error::new(Code::PayloadTooLarge, "The body is larger than this endpoint takes."))?;
    let query = parts.uri.query().unwrap_or("");
    let payload = Sha256::new().chain_update(query).chain_update([0]).chain_update(&body).finalize();
    let request = Request::from_parts(parts, Body::from(body));
    match slot.claim(&portal.db, &payload).await? {
        Claim::Mine(since) => {
            let run = run(portal, slot, since, request, next).in_current_span();
            tokio::spawn(run).await.map_err(Error::broken)
        }
        Claim::Answered(sealed) => Answer::open(&portal.vault, &slot, &sealed).map(Answer::into_response),
        Claim::Running => Err(Error::new(
            Code::IdempotencyInProgress,
            "The first request with this Idempotency-Key is still running.",
        )),
        Claim::OtherPayload => {
            Err(Error::new(Code::IdempotencyKeyReused, "This Idempotency-Key came with another payload before."))
        }
    }
}

/// Runs the request and keeps its answer. It runs as a task of its own: a client that hangs up does not stop it.
async fn run(portal: Portal, slot: Slot, since: OffsetDateTime, request: Request, next: Next) -> Response {
    let response = tokio::time::timeout(LONGEST_RUN, AssertUnwindSafe(next.run(request)).catch_unwind()).await;
    let response = match response {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Error::broken(anyhow::anyhow!("a handler panicked")).into_response(),
        Err(_) => Error::broken(anyhow::anyhow!("a handler took longer than {LONGEST_RUN:?}")).into_response(),
    };
    let (response, kept) = match response.status().is_success() {
        true => keep(&portal, &slot, since, response).await,
        false => (response, slot.release(&portal.db, since).await),
    };
    if let Err(error) = kept {
        tracing::error!(%error, endpoint = slot.endpoint, "an idempotency key could not be settled");
    }
    response
}

async fn keep(portal: &Portal, slot: &Slot, since: OffsetDateTime, response: Response) -> (Response, sqlx::Result<()>) {
    let (parts, body) = response.into_parts();
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => return (Error::broken(error).into_response(), slot.release(&portal.db, since).await),
    };
    let sealed = Answer::of(parts.status, &parts.headers, &body).seal(&portal.vault, slot);
    let kept = slot.settle(&portal.db, since, &sealed).await;
    (Response::from_parts(parts, Body::from(body)), kept)
}

/// The key of a request: a string of structured fields (`"…"`), or the same without quotes.
fn read_key(headers: &HeaderMap) -> Result<Option<String>> {
    let malformed = || {
        let detail =
            format!("Idempotency-Key must be 1 to {LONGEST_KEY} visible ASCII characters, in quotes or without.");
        Error::new(Code::InvalidRequest, detail)
    };
    let mut values = headers.get_all(KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Error::new(Code::InvalidRequest, "Send one Idempotency-Key."));
    }
    let text = value.to_str().map_err(|_| malformed())?.trim();
    let key = match text.strip_prefix('"') {
        Some(rest) => unescape(rest.strip_suffix('"').ok_or_else(malformed)?).ok_or_else(malformed)?,
        None => text.to_owned(),
    };
    let is_key = (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|b| matches!(b, b' '..=b'~'));
    is_key.then_some(Some(key)).ok_or_else(malformed)
}

/// The inside of a string of structured fields, RFC 9651 §4.2.5: a backslash stands before a quote or a backslash.
fn unescape(text: &str) -> Option<String> {
    let mut key = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => key.push(chars.next().filter(|escaped| matches!(escaped, '"' | '\\'))?),
            '"' => return None,
            c => key.push(c),
        }
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(values: &[&str]) -> Result<Option<String>> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(KEY, value.parse().unwrap());
        }
        read_key(&headers)
    }

    #[test]
    fn a_key_is_the_same_with_and_without_quotes() {
        assert_eq!(
            key(&["8e03978e-40d5-43e8-bc93-6894a57f9324"]).unwrap(),
            key(&["\"8e03978e-40d5-43e8-bc93-6894a57f9324\""]).unwrap()
        );
        assert_eq!(key(&[r#""a \"b\" \\ c""#]).unwrap().as_deref(), Some(r#"a "b" \ c"#));
        assert_eq!(key(&[]).unwrap(), None);
        assert!(key(&[&"x".repeat(255)]).unwrap().is_some());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for odd in ["", "\"\"", "\"open", "\"a\"b\"", r#""a\b""#, r#""a\""#, &"x".repeat(256)] {
            assert_eq!(key(&[odd]).unwrap_err().code(), Code::InvalidRequest, "{odd}");
        }
        assert_eq!(key(&["a", "a"]).unwrap_err().code(), Code::InvalidRequest);
    }
}
