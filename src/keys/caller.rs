//! Who calls: the key of a request, from its headers.

use std::{net::IpAddr, sync::Arc, time::Instant};

use axum::http::{HeaderMap, header};
use time::OffsetDateTime;

use super::{Environment, VerifiedKey, verified::refusal};
use crate::{
    credential::Credential,
    db::AppId,
    portal::Portal,
    web::{Code, Error, Result, rate_limit::Allowance},
};

/// The key that a request proves, good at this moment; its use is noted. Refusals are `unauthenticated`,
/// `key_malformed`, `key_not_found`, `key_revoked`, `key_expired`, `key_disabled` and `address_not_allowed`.
pub async fn authenticate(portal: &Portal, headers: &HeaderMap, address: IpAddr) -> Result<Arc<VerifiedKey>> {
    let secret = presented(headers)?;
    let credential = Credential::parse(secret).map_err(|_| refusal(Code::KeyMalformed))?;
    if credential.kind().parse::<Environment>().is_err() {
        return Err(refusal(Code::KeyMalformed));
    }
    let key = portal.key_ring.verify(&portal.db, &portal.vault, credential).await?;
    key.admit(address)?;
    portal.key_ring.note_use(&key, address, OffsetDateTime::now_utc());
    Ok(key)
}

/// Counts a call against the key's rate limit.
pub fn count(portal: &Portal, key: &VerifiedKey) -> Allowance {
    portal.key_ring.count(key, Instant::now())
}

/// Counts a call that somebody makes for an app without any key of it: such calls have a limit of their own.
pub fn count_app(portal: &Portal, app: AppId) -> Allowance {
    portal.key_ring.count_app(app, Instant::now())
}

/// The secret in `Authorization: Bearer`, else in `X-Api-Key`.
fn presented(headers: &HeaderMap) -> Result<&str> {
    let missing = || Error::new(Code::Unauthenticated, "Send your key as Authorization: Bearer, or as X-Api-Key.");
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let value = value.to_str().map_err(|_| refusal(Code::KeyMalformed))?;
        let (scheme, secret) = value.split_once(' ').unwrap_or((value, ""));
        return match scheme.eq_ignore_ascii_case("bearer") && !secret.trim().is_empty() {
            true => Ok(secret.trim()),
            false => Err(missing()),
        };
    }
    let value = headers.get("x-api-key").ok_or_else(missing)?;
    value.to_str().map(str::trim).map_err(|_| refusal(Code::KeyMalformed))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(name: &'static str, value: &'static [u8]) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_bytes(value).unwrap())])
    }

    #[test]
    fn a_key_comes_as_bearer_or_in_its_own_header() {
        assert_eq!(presented(&headers("authorization", b"Bearer abc")).unwrap(), "abc");
        assert_eq!(presented(&headers("authorization", b"bearer  abc ")).unwrap(), "abc");
        assert_eq!(presented(&headers("x-api-key", b"abc")).unwrap(), "abc");
    }

    #[test]
    fn without_a_key_the_answer_says_how_to_send_one() {
        for none in [HeaderMap::new(), headers("authorization", b"Basic abc"), headers("authorization", b"Bearer ")] {
            let refused = presented(&none).unwrap_err();
            assert_eq!(refused.code(), Code::Unauthenticated);
            assert!(refused.detail().contains("Authorization: Bearer"));
        }
        assert_eq!(presented(&headers("x-api-key", b"\xe9")).unwrap_err().code(), Code::KeyMalformed);
    }
}
