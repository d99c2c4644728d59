//! The one way in which the portal calls other servers, at the word of somebody who may be hostile.
//!
//! A URL is read, its host looked up once, every address judged; the connection goes to an address that was judged, so that
//! a name which changes meanwhile changes nothing. Redirects are followed by hand and judged again. Time and size are
//! bounded, the environment's proxies do not count, nothing is remembered between calls.

mod body;
mod connection;
mod error;
mod resolve;
mod target;
#[cfg(test)]
mod tests;
mod verdict;

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use http_body_util::Full;
use hyper::{
    HeaderMap, Method, StatusCode,
    body::Bytes,
    header::{
        ACCEPT, ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderName, HeaderValue, IF_MODIFIED_SINCE,
        IF_NONE_MATCH, LOCATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, USER_AGENT,
    },
};
use ipnet::IpNet;
use tokio::time::timeout;

use self::{
    connection::{Answer, Connection, Trust},
    resolve::System,
    target::Target,
};

pub use self::{
    connection::trusted_certificates,
    error::OutboundError,
    resolve::Resolve,
    verdict::{Reason, Verdict, judge},
};

/// Who calls.
const AGENT: HeaderValue = HeaderValue::from_static(concat!("Vestibule/", env!("CARGO_PKG_VERSION")));

/// Calls other servers; cheap to clone.
#[derive(Clone)]
pub struct Client(Arc<Parts>);

struct Parts {
    listed: Vec<IpNet>,
    resolver: Box<dyn Resolve>,
    trust: Trust,
}

/// What is to be sent. Headers of the connection itself, `Host` and `User-Agent` are the client's and not taken from here.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; empty for none.
    pub body: Bytes,
}

/// How far a call may go.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// For all of it: looking up, connecting, redirects, the last byte.
    pub deadline: Duration,
    /// The largest body, unpacked; of a larger one the beginning is given.
    pub response_bytes: usize,
    /// How many redirects of `GET` and `HEAD` are followed; with 0 a redirect is an answer like any other.
    pub redirects: u8,
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers as they came.
    pub headers: HeaderMap,
    /// The body, unpacked where it came as gzip.
    pub body: Vec<u8>,
    /// The body had more than was asked for.
    pub truncated: bool,
    /// Where the answer came from, after redirects.
    pub url: String,
    /// The address that answered.
    pub address: SocketAddr,
    /// Where the time went.
    pub timings: Timings,
}

/// Where a call's time went; with redirects, in the last step, but for `total`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timings {
    /// Looking up the name.
    pub lookup: Duration,
    /// Connecting.
    pub connect: Duration,
    /// Agreeing on TLS.
    pub tls: Duration,
    /// From the request to the response's head.
    pub wait: Duration,
    /// Everything.
    pub total: Duration,
}

/// A URL as it is called, to be stored and compared: normalized, without a fragment.
pub fn normalized(url: &str) -> Result<String, OutboundError> {
    Target::parse(url).map(|target| target.url.into())
}

impl Request {
    /// A `GET`.
    pub fn get(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }
}

impl Client {
    /// A client that may also call these networks although they are private.
    pub fn new(listed: Vec<IpNet>) -> Self {
        Self::with(listed, Box::new(System))
    }

    /// A client that asks another resolver.
    pub fn with(listed: Vec<IpNet>, resolver: Box<dyn Resolve>) -> Self {
        Self(Arc::new(Parts { listed, resolver, trust: Trust::default() }))
    }

    /// Whether a URL could be called now: for forms, so that nobody saves what will never work. A call judges again.
    pub async fn check(&self, url: &str) -> Result<(), OutboundError> {
        const PATIENCE: Duration = Duration::from_secs(5);
        let target = Target::parse(url)?;
        match timeout(PATIENCE, self.addresses(&target)).await {
            Ok(judged) => judged.map(|_| ()),
            Err(_) => Err(OutboundError::TimedOut { host: target.host, after: PATIENCE }),
        }
    }

    /// Calls, and gives the answer whatever its status.
    pub async fn send(&self, request: Request, bounds: Bounds) -> Result<Response, OutboundError> {
        let target = Target::parse(&request.url)?;
        let host = target.host.clone();
        match timeout(bounds.deadline, self.follow(target, request, bounds)).await {
            Ok(result) => result,
            Err(_) => Err(OutboundError::TimedOut { host, after: bounds.deadline }),
        }
    }

    async fn follow(
        &self,
        mut target: Target,
        mut request: Request,
        bounds: Bounds,
    ) -> Result<Response, OutboundError> {
        let started = Instant::now();
        request.headers = sendable(&request.headers);
        let is_followed = bounds.redirects > 0 && matches!(request.method, Method::GET | Method::HEAD);
        let mut followed = 0;
        loop {
            let mut timings = Timings::default();
            let (answer, connection) = self.exchange(&target, &request, &mut timings).await?;
            if is_followed && let Some(location) = location_of(&answer) {
                if followed == bounds.redirects {
                    return Err(OutboundError::TooManyRedirects { host: target.host, most: bounds.redirects });
                }
                followed += 1;
                target = next(&target, location, &mut request)?;
                continue;
            }
            let (head, body) = answer.into_parts();
            let received = body::receive(body, &head.headers, bounds.response_bytes)
                .await
                .map_err(|error| connection::broken(&target, &error))?;
            timings.total = started.elapsed();
            return Ok(Response {
                status: head.status,
                headers: head.headers,
                body: received.bytes,
                truncated: received.truncated,
                url: target.url.into(),
                address: connection.address,
                timings,
            });
        }
    }

    /// The addresses of a target, if all of them may be called. One that may not taints the others: a name that leads both
    /// inside and outside is not a mistake to work around.
    async fn addresses(&self, target: &Target) -> Result<Vec<IpAddr>, OutboundError> {
        let not_resolved = |problem: String| OutboundError::NotResolved { host: target.host.clone(), problem };
        let addresses = match target.literal {
            Some(literal) => vec![literal],
            None => self.0.resolver.resolve(&target.host).await.map_err(|error| not_resolved(error.to_string()))?,
        };
        if addresses.is_empty() {
            return Err(not_resolved("it has none".into()));
        }
        let addresses: Vec<IpAddr> = addresses.iter().map(IpAddr::to_canonical).collect();
        for address in &addresses {
            target.admit(*address, judge(*address, &self.0.listed))?;
        }
        Ok(addresses)
    }

    async fn exchange(
        &self,
        target: &Target,
        request: &Request,
        timings: &mut Timings,
    ) -> Result<(Answer, Connection), OutboundError> {
        let started = Instant::now();
        let addresses = self.addresses(target).await?;
        timings.lookup = started.elapsed();
        let mut connection = connection::open(target, &addresses, &self.0.trust, timings).await?;
        let started = Instant::now();
        let message = message(target, request)?;
        let answer =
            connection.sender.send_request(message).await.map_err(|error| connection::broken(target, &error))?;
        timings.wait = started.elapsed();
        Ok((answer, connection))
    }
}

/// What is sent on the wire.
fn message(target: &Target, request: &Request) -> Result<hyper::Request<Full<Bytes>>, OutboundError> {
    let invalid = |problem: &str| OutboundError::UrlInvalid { url: target.host.clone(), problem: problem.to_owned() };
    let mut message = hyper::Request::new(Full::new(request.body.clone()));
    *message.method_mut() = request.method.clone();
    *message.uri_mut() = target.path_and_query().parse().map_err(|_| invalid("has a path that cannot be sent"))?;
    let headers = message.headers_mut();
    *headers = request.headers.clone();
    let host = target.authority().parse().map_err(|_| invalid("has a host that cannot be sent"))?;
    headers.insert(HOST, host);
    headers.insert(USER_AGENT, AGENT);
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    Ok(message)
}

/// Without what belongs to the connection, which a caller could use to smuggle a second request.
fn sendable(headers: &HeaderMap) -> HeaderMap {
    const OURS: [HeaderName; 8] = [CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE];
    let is_ours =
        |name: &HeaderName| OURS.contains(name) || name.as_str().starts_with("proxy-") || name.as_str() == "keep-alive";
    headers.iter().filter(|(name, _)| !is_ours(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn location_of(answer: &Answer) -> Option<&HeaderValue> {
    let redirects = [
        StatusCode::MOVED_PERMANENTLY,
        StatusCode::FOUND,
        StatusCode::SEE_OTHER,
        StatusCode::TEMPORARY_REDIRECT,
        StatusCode::PERMANENT_REDIRECT,
    ];
    redirects.contains(&answer.status()).then(|| answer.headers().get(LOCATION)).flatten()
}

/// The next step of a redirect. Another origin gets none of the headers that could be secret.
fn next(target: &Target, location: &HeaderValue, request: &mut Request) -> Result<Target, OutboundError> {
    const HARMLESS: [HeaderName; 3] = [ACCEPT, IF_MODIFIED_SINCE, IF_NONE_MATCH];
    let next = target.join(&String::from_utf8_lossy(location.as_bytes()))?;
    if target.is_tls && !next.is_tls {
        return Err(OutboundError::Insecure { host: next.host });
    }
    if !next.has_origin_of(target) {
        let kept = HARMLESS.iter().filter_map(|name| Some((name.clone(), request.headers.get(name)?.clone())));
        request.headers = kept.collect();
    }
    Ok(next)
}
