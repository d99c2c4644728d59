//! A call and its answer, as they are noted.

use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
};
use time::OffsetDateTime;

use super::redaction::REDACTED;
use crate::db::{AppId, KeyId, OrganizationId};

/// How much of a body is kept.
pub(super) const LONGEST_BODY: usize = 16 << 10;

/// A call by a known caller, before its answer is known. Credentials are still in its headers and its query.
#[derive(Clone, Debug)]
pub struct Asked {
    /// When it came.
    pub at: OffsetDateTime,
    /// The same moment, for telling how long it took.
    pub since: Instant,
    /// The request's id, as the caller gets it.
    pub request_id: String,
    /// Where it came from.
    pub address: IpAddr,
    /// Whose call it is.
    pub organization: OrganizationId,
    /// The app that called.
    pub app: AppId,
    /// The key; none where somebody tried the API from a page.
    pub key: Option<KeyId>,
    /// The API's name in addresses.
    pub api: String,
    /// The version's name.
    pub version: String,
    /// The operation's name in addresses, where the call means one.
    pub operation: Option<String>,
    /// The method.
    pub method: Method,
    /// The path below the version.
    pub path: String,
    /// The query, without its question mark.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All of it went out.
    Complete,
    /// The caller hung up before its end.
    HungUp,
    /// It could not be read to its end.
    Broken,
}

impl Ending {
    /// The ending as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::HungUp => "hung_up",
            Self::Broken => "broken",
        }
    }
}

/// A call that is over.
pub(super) struct Exchange {
    pub asked: Asked,
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The beginning of the answer's body.
    pub body: Bytes,
    /// How much of the body went out.
    pub size: u64,
    /// How much came in.
    pub asked_size: u64,
    pub took: Duration,
    pub ending: Ending,
}

impl Asked {
    /// Without the headers that are the caller's credentials, and with the beginning of the body only.
    pub(super) fn shortened(mut self) -> Self {
        if self.body.len() > LONGEST_BODY {
            // A copy: a part of the body would keep all of it in memory.
            self.body = Bytes::copy_from_slice(&self.body[..LONGEST_BODY]);
        }
        for name in [header::AUTHORIZATION, header::COOKIE, header::HeaderName::from_static("x-api-key")] {
            if let Some(value) = self.headers.get_mut(name) {
                *value = HeaderValue::from_static(REDACTED);
            }
        }
        self
    }
}

impl Exchange {
    /// About how much memory it takes.
    pub fn weight(&self) -> usize {
        const FIXED: usize = 1_000;
        let headers =
            |map: &HeaderMap| map.iter().map(|(name, value)| name.as_str().len() + value.len() + 64).sum::<usize>();
        let Asked { body, path, query, headers: asked, .. } = &self.asked;
        FIXED + headers(asked) + headers(&self.headers) + body.len() + self.body.len() + path.len() + query.len()
    }
}
