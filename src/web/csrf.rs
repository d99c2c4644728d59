//! Refuses state-changing requests that another site made a browser send.
//!
//! tower-http's layer compares `Sec-Fetch-Site` and `Origin` with the host, and lets requests through that have
//! neither, as programs send them. This layer closes that gap for requests that carry our cookies: a browser that is old enough
//! to send neither header could still have been made to send them.

use axum::{
    extract::{Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{Code, Error};
use crate::portal::Portal;

/// Middleware: a request with cookies that changes something must say where it comes from.
pub(super) async fn require_origin(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let headers = request.headers();
    if is_safe || !headers.contains_key(header::COOKIE) {
        return next.run(request).await;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let comes_from_us = match (text("sec-fetch-site"), text("origin"), text("referer")) {
        (Some(site), ..) => matches!(site, "same-origin" | "none"),
        (None, Some(origin), _) => is_ours(&portal, headers, origin),
        (None, None, Some(referer)) => is_ours(&portal, headers, referer),
        (None, None, None) => false,
    };
    match comes_from_us {
        true => next.run(request).await,
        false => Error::new(Code::CrossSite, "The form was not sent from a page of this portal.").into_response(),
    }
}

fn is_ours(portal: &Portal, headers: &axum::http::HeaderMap, url: &str) -> bool {
    let authority = |url: &str| url.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or("").to_owned());
    let claimed = authority(url);
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).map(str::to_owned);
    claimed.is_some() && (claimed == authority(portal.config.base_url.as_str()) || claimed == host)
}
