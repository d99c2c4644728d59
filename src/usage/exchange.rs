//! A call and its answer, as they are noted.

use std::{net::IpAddr, time::Instant};

use axum::{
    body::Bytes,
    http::{HeaderMap, Method},
};
use time::OffsetDateTime;

use crate::db::{AppId, KeyId, OrganizationId};

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
