//! A call as it came in: read whole, within bounds, before anything is decided about it.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, Method, Uri, header, request::Parts},
};
use futures_util::StreamExt;
use tokio::time::timeout;

use crate::{
    apps::App,
    web::{Code, Error, Result},
};

/// The largest body that is taken.
pub const LARGEST_BODY: usize = 8 << 20;

/// Whoever sends a body more slowly than this is not waited for.
const LONGEST_BODY_TIME: Duration = Duration::from_secs(30);

/// A call of the sandbox.
#[derive(Clone, Debug)]
pub struct Call {
    /// The name of the API in addresses.
    pub api: String,
    /// The name of its version.
    pub version: String,
    /// The method.
    pub method: Method,
    /// The path below the version, as it was sent; starts with a slash.
    pub path: String,
    /// The query as it was sent, without its question mark.
    pub query: String,
    /// The headers, credentials among them.
    pub headers: HeaderMap,
    /// The body; empty where there is none.
    pub body: Bytes,
}

/// Who calls.
#[derive(Clone, Copy)]
pub enum Caller<'a> {
    /// Whoever has the key that the call carries.
    Key,
    /// Somebody who may act for this app, whom the portal knows by their session. There is no key, so all that the
    /// sandbox knows may be tried.
    App(&'a App),
}

impl Call {
    /// A call of a version, from the parts of a request to the whole address.
    pub fn new(api: &str, version: &str, method: Method, uri: &Uri, headers: HeaderMap, body: Bytes) -> Self {
        let prefix = format!("/sandbox/{api}/{version}");
        let path = uri.path().strip_prefix(&prefix).unwrap_or("/").to_owned();
        let query = uri.query().unwrap_or_default().to_owned();
        Self { api: api.to_owned(), version: version.to_owned(), method, path, query, headers, body }
    }

    /// Reads a request. Refuses with `payload_too_large` what is larger than [`LARGEST_BODY`], and with
    /// `invalid_request` a body that ends too early or takes too long.
    pub(super) async fn read(api: &str, version: &str, uri: &Uri, request: Request) -> Result<Self> {
        let (Parts { method, headers, .. }, body) = request.into_parts();
        let body = read_body(&headers, body).await?;
        Ok(Self::new(api, version, method, uri, headers, body))
    }

    /// The path as callers from outside write it.
    pub fn full_path(&self) -> String {
        format!("/sandbox/{}/{}{}", self.api, self.version, self.path)
    }
}

async fn read_body(headers: &HeaderMap, body: Body) -> Result<Bytes> {
    let stated = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if stated.is_some_and(|length| length > LARGEST_BODY as u64) {
        return Err(too_large());
    }
    let late = |_| Error::new(Code::InvalidRequest, "The body took too long to arrive.");
    timeout(LONGEST_BODY_TIME, collected(body)).await.map_err(late)?
}

async fn collected(body: Body) -> Result<Bytes> {
    let mut chunks = body.into_data_stream();
    let mut read = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Error::new(Code::InvalidRequest, "The body ended before its length."))?;
        if read.len() + chunk.len() > LARGEST_BODY {
            return Err(too_large());
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read.into())
}

fn too_large() -> Error {
    Error::new(Code::PayloadTooLarge, format!("The sandbox takes bodies of up to {} MiB.", LARGEST_BODY >> 20))
}
