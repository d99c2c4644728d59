//! Fetching a document from where it is published.

use std::time::Duration;

use axum::http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED},
};
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};

use super::super::document::MAX_BYTES;
use crate::outbound::{self, Bounds, Client, OutboundError, Request};

/// The largest documents take seconds over a slow line; a worker is not held for longer.
const BOUNDS: Bounds = Bounds { deadline: Duration::from_secs(20), response_bytes: MAX_BYTES, redirects: 5 };
const WANTED: HeaderValue = HeaderValue::from_static(
    "application/json, application/yaml, application/openapi+json, application/openapi+yaml, text/yaml, */*;q=0.5",
);

/// A document that was fetched.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The last part of the address, to recognize the file by.
    pub file_name: String,
    /// The document.
    pub bytes: Vec<u8>,
    /// What the server said of this state of it.
    pub validators: Validators,
}

/// Where a document came from, and which state of it that was.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The address.
    pub url: String,
    /// What the server said.
    pub validators: Validators,
    /// The document's digest.
    pub sha256: Vec<u8>,
}

/// What a server says of one state of a document, to ask only for another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`
    pub etag: Option<String>,
    /// `Last-Modified`
    pub last_modified: Option<String>,
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The call was refused or not answered.
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    /// The server answered something else than the document.
    #[error("{url} answered {status}.{}", advice(*.status))]
    Status {
        /// The address that answered.
        url: String,
        /// What it said.
        status: StatusCode,
    },
    /// The document has no end, or is no document.
    #[error("The document at {url} is larger than 64 MiB.")]
    TooLarge {
        /// The address that answered.
        url: String,
    },
}

impl Fetched {
    /// Where this came from, for [`remember`](super::remember).
    pub fn origin(&self, url: &str) -> Origin {
        let sha256 = Sha256::digest(&self.bytes).to_vec();
        let url = outbound::normalized(url).unwrap_or_else(|_| url.to_owned());
        Origin { url, validators: self.validators.clone(), sha256 }
    }
}

/// Fetches a document.
pub async fn fetch(client: &Client, url: &str) -> Result<Fetched, FetchError> {
    match fetch_if_changed(client, url, &Validators::default()).await? {
        Some(fetched) => Ok(fetched),
        None => Err(FetchError::Status { url: url.to_owned(), status: StatusCode::NOT_MODIFIED }),
    }
}

/// Fetches a document unless it still is the one that these validators are of.
pub(super) async fn fetch_if_changed(
    client: &Client,
    url: &str,
    known: &Validators,
) -> Result<Option<Fetched>, FetchError> {
    let mut request = Request::get(url);
    request.headers = asking(known);
    let response = client.send(request, BOUNDS).await?;
    match response.status {
        StatusCode::NOT_MODIFIED if *known != Validators::default() => return Ok(None),
        StatusCode::OK => {}
        status => return Err(FetchError::Status { url: response.url, status }),
    }
    if response.truncated {
        return Err(FetchError::TooLarge { url: response.url });
    }
    let validators = Validators {
        etag: validator(&response.headers, &ETAG),
        last_modified: validator(&response.headers, &LAST_MODIFIED),
    };
    Ok(Some(Fetched { file_name: file_name(&response.url), bytes: response.body, validators }))
}

fn asking(known: &Validators) -> HeaderMap {
    let mut headers = HeaderMap::from_iter([(ACCEPT, WANTED)]);
    for (name, value) in [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.last_modified)] {
        if let Some(Ok(value)) = value.as_deref().map(HeaderValue::from_str) {
            headers.insert(name, value);
        }
    }
    headers
}

fn validator(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    const LONGEST: usize = 500;
    let value = headers.get(name)?.to_str().ok()?;
    (!value.is_empty() && value.len() <= LONGEST).then(|| value.to_owned())
}

fn file_name(url: &str) -> String {
    const LONGEST: usize = 200;
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let last = path.split_once('/').and_then(|(_, path)| path.rsplit('/').find(|part| !part.is_empty()));
    let decoded = percent_decode_str(last.unwrap_or("openapi")).decode_utf8_lossy();
    decoded.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

fn advice(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 | 403 => " The document has to be readable without signing in.",
        404 | 410 => " Check the address.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_named_by_the_end_of_its_address() {
        for (url, name) in [
            ("https://example.com/specs/openapi.yaml?raw=1", "openapi.yaml"),
            ("https://example.com/my%20api.json", "my api.json"),
            ("https://example.com/v1/", "v1"),
            ("https://example.com/", "openapi"),
            ("https://example.com", "openapi"),
        ] {
            assert_eq!(file_name(url), name, "{url}");
        }
    }
}
