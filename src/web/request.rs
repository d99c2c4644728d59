//! What is known of a request before anybody looks at it: its id, its trace, and who sent it from where.

use std::{
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;
use tracing::Instrument;
use uuid::Uuid;

use crate::{id, portal::Portal};

id!(GeneratedRequestId, "req", "An id for a request that came without one.");

/// Longer ones are replaced: an id has to fit on a log line.
const LONGEST_REQUEST_ID: usize = 64;

/// The id of a request, in its answer, the logs and problem documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(headers: &HeaderMap) -> Self {
        let given = headers.get("x-request-id").and_then(|value| value.to_str().ok()).filter(|id| is_sane(id));
        Self(given.map_or_else(|| GeneratedRequestId::new().to_string(), str::to_owned))
    }
}

fn is_sane(id: &str) -> bool {
    (1..=LONGEST_REQUEST_ID).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Who asks for what, as far as the connection and headers tell.
#[derive(Clone, Debug)]
pub struct ClientRequest {
    /// The request's id.
    pub id: RequestId,
    /// The W3C trace that it belongs to, 32 hexadecimal digits.
    pub trace_id: String,
    /// The client's address, behind the proxies that are trusted.
    pub address: IpAddr,
    /// The path that was asked for, without the query.
    pub path: String,
    /// What the client calls itself, shortened.
    pub user_agent: String,
}

impl<S: Send + Sync> FromRequestParts<S> for ClientRequest {
    type Rejection = super::Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| super::Error::broken(anyhow::anyhow!("the request was not identified")))
    }
}

/// Middleware: gives the request its id, logs it with the time it took, and counts it.
pub(super) async fn identify(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let client = client_request(&portal.config.trusted_proxies, &request);
    let id = HeaderValue::from_str(client.id.as_str()).expect("a request id is checked for what headers allow");
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id = client.id.as_str(), trace = client.trace_id);
    request.extensions_mut().insert(client);
    let mut response = next.run(request).instrument(span.clone()).await;

    let status = response.status().as_u16();
    let took = started.elapsed();
    span.in_scope(|| tracing::info!(%method, route, status, ms = took.as_millis() as u64, "answered"));
    let labels = [("method", method.to_string()), ("route", route), ("status", status.to_string())];
    metrics::counter!("vestibule_http_requests_total", &labels).increment(1);
    metrics::histogram!("vestibule_http_request_seconds", &labels).record(took.as_secs_f64());
    response.headers_mut().insert("x-request-id", id);
    response
}

fn client_request(trusted: &[IpNet], request: &Request) -> ClientRequest {
    let headers = request.headers();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([127, 0, 0, 1]), |c| c.0.ip());
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
    ClientRequest {
        id: RequestId::of(headers),
        trace_id: trace_id(headers),
        address: client_address(trusted, peer, headers),
        path: request.uri().path().to_owned(),
        user_agent: user_agent.chars().take(200).collect(),
    }
}

/// The last address in `X-Forwarded-For` that is not one of our proxies: what stands before it, anybody can write.
fn client_address(trusted: &[IpNet], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(&peer) {
        return peer;
    }
    let forwarded: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    forwarded
        .iter()
        .flat_map(|value| value.split(','))
        .rev()
        .map_while(|part| part.trim().parse::<IpAddr>().ok())
        .find(|address| !is_trusted(address))
        .unwrap_or(peer)
}

/// The trace id of a `traceparent` (W3C Trace Context, version 00), or a new one.
fn trace_id(headers: &HeaderMap) -> String {
    headers
        .get("traceparent")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| {
            let mut parts = value.split('-');
            let (version, trace) = (parts.next()?, parts.next()?);
            let hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            let fits = version.len() == 2 && hex(version) && version != "ff" && trace.len() == 32 && hex(trace);
            (fits && trace.bytes().any(|b| b != b'0')).then(|| trace.to_owned())
        })
        .unwrap_or_else(|| Uuid::now_v7().simple().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_sane_request_id_is_kept_and_any_other_is_replaced() {
        assert_eq!(RequestId::of(&headers(&[("x-request-id", "abc-1.2_3")])).as_str(), "abc-1.2_3");
        for odd in ["", "a b", "<script>", &"x".repeat(65)] {
            assert!(RequestId::of(&headers(&[("x-request-id", odd)])).as_str().starts_with("req_"), "{odd}");
        }
    }

    #[test]
    fn a_trace_is_continued_when_its_header_is_valid() {
        let valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(trace_id(&headers(&[("traceparent", valid)])), "4bf92f3577b34da6a3ce929d0e0e4736");
        let zero = "00-00000000000000000000000000000000-00f067aa0ba902b7-01";
        assert_ne!(trace_id(&headers(&[("traceparent", zero)])), "0".repeat(32));
    }

    #[test]
    fn forwarded_addresses_count_only_behind_trusted_proxies() {
        let forged = headers(&[("x-forwarded-for", "198.51.100.9, 203.0.113.7, 10.0.0.2")]);
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let stranger: IpAddr = "192.0.2.1".parse().unwrap();
        assert_eq!(client_address(&trusted, proxy, &forged).to_string(), "203.0.113.7");
        assert_eq!(client_address(&trusted, stranger, &forged), stranger);
        assert_eq!(client_address(&[], proxy, &forged), proxy);
    }
}
