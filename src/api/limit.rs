//! How many calls a program may make to `/api/v1`.

use std::{net::IpAddr, sync::Arc, time::Instant};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};

use super::ROOT;
use crate::{
    credential::Credential,
    vault::sha256,
    web::{
        ClientRequest,
        rate_limit::{self, LimitVerdict},
    },
};

/// Calls in a minute: a loop without a pause reaches it, a program that does its work does not.
const QUOTA: u32 = 600;

/// The calls of every program in its running window.
#[derive(Clone)]
pub struct Limits(Arc<rate_limit::Limits<Who>>);

/// Whose calls are counted together: those with one token, or those without any from one address.
#[derive(PartialEq, Eq, Hash)]
enum Who {
    Token([u8; 32]),
    Address(IpAddr),
}

impl Default for Limits {
    fn default() -> Self {
        Self(Arc::new(rate_limit::Limits::per_minute(QUOTA)))
    }
}

/// Middleware: counts calls to `/api/v1`, says on every answer how many are left, and refuses those beyond the limit.
///
/// It stands before the token is looked up, so that not even a flood of unknown tokens reaches the database.
pub async fn limit(State(limits): State<Limits>, client: ClientRequest, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(ROOT) {
        return next.run(request).await;
    }
    let allowance = limits.0.count(Who::sent(request.headers(), client.address), Instant::now());
    if allowance.verdict == LimitVerdict::Exceeded {
        return allowance.refusal();
    }
    let mut response = next.run(request).await;
    allowance.set_headers(response.headers_mut());
    response
}

impl Who {
    fn sent(headers: &HeaderMap, address: IpAddr) -> Self {
        let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = sent.and_then(|value| value.rsplit(' ').next()).filter(|text| Credential::parse(text).is_ok());
        token.map_or(Self::Address(address), |text| Self::Token(sha256(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(authorization: &str, address: &str) -> Who {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, authorization.parse().unwrap())]);
        Who::sent(&headers, address.parse().unwrap())
    }

    #[test]
    fn calls_are_counted_by_token_and_without_a_token_by_address() {
        let token = "Bearer vst_mgmt_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";
        assert!(who(token, "192.0.2.1") == who(token, "192.0.2.2"));
        assert!(who(token, "192.0.2.1") != who(&token.replace("mgmt", "staff"), "192.0.2.1"));
        assert!(who("Bearer made-up-1", "192.0.2.1") == who("Bearer made-up-2", "192.0.2.1"));
        assert!(who("Bearer made-up-1", "192.0.2.1") != who("Bearer made-up-1", "192.0.2.2"));
    }
}
