//! The error codes: one list, from which answers, the catalogue page and the API document are made.
//!
//! A code is a promise: it is never reworded, and never comes to mean something else.

use axum::http::StatusCode;

/// What can go wrong, as clients may rely on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The request cannot be read.
    InvalidRequest,
    /// The request can be read, and a value in it cannot be accepted.
    ValidationFailed,
    /// No credentials came with the request.
    Unauthenticated,
    /// The token is unknown or revoked.
    TokenInvalid,
    /// The key is not a key: its form or checksum is wrong.
    KeyMalformed,
    /// The key has the right form and is not known.
    KeyNotFound,
    /// The key was revoked.
    KeyRevoked,
    /// The key, or its retired secret, has reached its end.
    KeyExpired,
    /// The key is switched off.
    KeyDisabled,
    /// The key may not be used from this address.
    AddressNotAllowed,
    /// The caller may not do this.
    Forbidden,
    /// The credentials lack a scope.
    InsufficientScope,
    /// A form was sent from another site.
    CrossSite,
    /// There is nothing here for this caller.
    NotFound,
    /// The version of the API has come to its end.
    VersionRetired,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// The request contradicts what is stored.
    Conflict,
    /// The first request with this idempotency key is still running.
    IdempotencyInProgress,
    /// The idempotency key came with another payload before.
    IdempotencyKeyReused,
    /// The body is larger than the endpoint takes.
    PayloadTooLarge,
    /// The body has a content type that the endpoint does not take.
    UnsupportedMediaType,
    /// Too many requests in the window.
    RateLimited,
    /// A fault of the portal.
    Internal,
    /// The API document has no example to answer with.
    NoExample,
    /// The portal cannot reach its database.
    Unavailable,
}

impl Code {
    /// Every code, in the order of the catalogue.
    pub const ALL: &[Self] = &[
        Self::InvalidRequest,
        Self::ValidationFailed,
        Self::Unauthenticated,
        Self::TokenInvalid,
        Self::KeyMalformed,
        Self::KeyNotFound,
        Self::KeyRevoked,
        Self::KeyExpired,
        Self::KeyDisabled,
        Self::AddressNotAllowed,
        Self::Forbidden,
        Self::InsufficientScope,
        Self::CrossSite,
        Self::NotFound,
        Self::VersionRetired,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::IdempotencyInProgress,
        Self::IdempotencyKeyReused,
        Self::PayloadTooLarge,
        Self::UnsupportedMediaType,
        Self::RateLimited,
        Self::Internal,
        Self::NoExample,
        Self::Unavailable,
    ];

    /// The code as it is sent, in snake_case.
    pub fn as_str(self) -> &'static str {
        self.entry().0
    }

    /// The HTTP status that it is sent with.
    pub fn status(self) -> StatusCode {
        self.entry().1
    }

    /// A few words that never change with the occurrence.
    pub fn title(self) -> &'static str {
        self.entry().2
    }

    /// What the caller should do.
    pub fn advice(self) -> &'static str {
        self.entry().3
    }

    /// Whether the same request may succeed later without being changed.
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::IdempotencyInProgress | Self::RateLimited | Self::Internal | Self::Unavailable)
    }

    fn entry(self) -> (&'static str, StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::InvalidRequest => (
                "invalid_request",
                S::BAD_REQUEST,
                "The request cannot be read",
                "Correct the request; the detail says where it stops making sense.",
            ),
            Self::ValidationFailed => (
                "validation_failed",
                S::UNPROCESSABLE_ENTITY,
                "A value cannot be accepted",
                "Correct the values listed in errors.",
            ),
            Self::Unauthenticated => (
                "unauthenticated",
                S::UNAUTHORIZED,
                "Credentials are missing",
                "Send Authorization: Bearer followed by your key or token.",
            ),
            Self::TokenInvalid => (
                "token_invalid",
                S::UNAUTHORIZED,
                "The token is not valid",
                "Make a new management token, or check that the whole token was copied.",
            ),
            Self::KeyMalformed => (
                "key_malformed",
                S::UNAUTHORIZED,
                "This is not a key",
                "Check that the whole key was copied: its checksum does not match.",
            ),
            Self::KeyNotFound => (
                "key_not_found",
                S::UNAUTHORIZED,
                "The key is not known",
                "Check the key, and that it was made on this portal.",
            ),
            Self::KeyRevoked => {
                ("key_revoked", S::UNAUTHORIZED, "The key was revoked", "Make a new key on the dashboard.")
            }
            Self::KeyExpired => (
                "key_expired",
                S::UNAUTHORIZED,
                "The key has expired",
                "Use the newer secret, or make a new key on the dashboard.",
            ),
            Self::KeyDisabled => (
                "key_disabled",
                S::UNAUTHORIZED,
                "The key is switched off",
                "Switch the key on again on the dashboard.",
            ),
            Self::AddressNotAllowed => (
                "address_not_allowed",
                S::FORBIDDEN,
                "The key may not be used from here",
                "Call from a network that the key allows, or add the address named in the detail to the key's settings.",
            ),
            Self::Forbidden => (
                "forbidden",
                S::FORBIDDEN,
                "Not allowed",
                "Ask an owner of your organization for a role that may do this.",
            ),
            Self::InsufficientScope => (
                "insufficient_scope",
                S::FORBIDDEN,
                "A scope is missing",
                "Use a key or token that has the scope named in the detail.",
            ),
            Self::CrossSite => (
                "cross_site",
                S::FORBIDDEN,
                "Sent from another site",
                "Open the page again and send the form from there.",
            ),
            Self::NotFound => (
                "not_found",
                S::NOT_FOUND,
                "Not found",
                "Check the address; what it names may belong to somebody else.",
            ),
            Self::VersionRetired => (
                "version_retired",
                S::GONE,
                "The version is retired",
                "Call a newer version of the API; the reference of the retired one leads to it.",
            ),
            Self::MethodNotAllowed => (
                "method_not_allowed",
                S::METHOD_NOT_ALLOWED,
                "This method is not offered here",
                "Use one of the methods in the Allow header.",
            ),
            Self::Conflict => {
                ("conflict", S::CONFLICT, "This contradicts what is stored", "Read the current state, then decide.")
            }
            Self::IdempotencyInProgress => (
                "idempotency_in_progress",
                S::CONFLICT,
                "The first request is still running",
                "Wait a second and repeat the same request.",
            ),
            Self::IdempotencyKeyReused => (
                "idempotency_key_reused",
                S::UNPROCESSABLE_ENTITY,
                "The idempotency key was used for another request",
                "Use a new key for a new request.",
            ),
            Self::PayloadTooLarge => {
                ("payload_too_large", S::PAYLOAD_TOO_LARGE, "The body is too large", "Send less at once.")
            }
            Self::UnsupportedMediaType => (
                "unsupported_media_type",
                S::UNSUPPORTED_MEDIA_TYPE,
                "This content type is not taken here",
                "Send application/json.",
            ),
            Self::RateLimited => (
                "rate_limited",
                S::TOO_MANY_REQUESTS,
                "Too many requests",
                "Wait for the seconds in Retry-After, then repeat.",
            ),
            Self::Internal => (
                "internal",
                S::INTERNAL_SERVER_ERROR,
                "A fault of the portal",
                "Repeat later; if it stays, tell support the request id.",
            ),
            Self::NoExample => (
                "no_example",
                S::NOT_IMPLEMENTED,
                "The API document has no example for this",
                "Ask the company to add an example to this operation.",
            ),
            Self::Unavailable => (
                "unavailable",
                S::SERVICE_UNAVAILABLE,
                "The portal is away for a moment",
                "Repeat after the seconds in Retry-After.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_snake_case() {
        let mut seen = std::collections::HashSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{} is there twice", code.as_str());
            assert!(code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
            assert!(code.status().is_client_error() || code.status().is_server_error());
        }
    }
}
