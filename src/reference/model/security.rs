//! How callers prove who they are, and what they may do.

use super::super::document::tree::Source;

/// A way to authenticate.
#[derive(Debug, Clone)]
pub struct SecurityScheme {
    /// Its name among the components.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// To be avoided (OpenAPI 3.2).
    pub deprecated: bool,
    /// What kind it is.
    pub kind: SecurityKind,
    /// The scopes it knows: those of its flows, then those of `x-scopes`.
    pub scopes: Vec<Scope>,
    /// Where it stands.
    pub source: Source,
}

/// The kinds of security scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityKind {
    /// A key at a place.
    ApiKey {
        /// Where it goes.
        place: ApiKeyPlace,
        /// The header, query parameter or cookie.
        name: String,
    },
    /// The `Authorization` header with a bearer token.
    Bearer {
        /// A hint at the token's format, such as `JWT`.
        format: Option<String>,
    },
    /// The `Authorization` header with a user name and a password.
    Basic,
    /// The `Authorization` header with another scheme of RFC 9110.
    Http {
        /// The scheme, in lower case.
        scheme: String,
    },
    /// OAuth 2.
    OAuth2 {
        /// Its flows.
        flows: Vec<Flow>,
    },
    /// OpenID Connect discovery.
    OpenIdConnect {
        /// The discovery document.
        url: String,
    },
    /// A client certificate.
    MutualTls,
    /// A type that OpenAPI does not have.
    Unknown {
        /// As written.
        kind: String,
    },
}

/// Where an API key goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyPlace {
    /// A request header.
    Header,
    /// A query parameter.
    Query,
    /// A cookie.
    Cookie,
}

/// A flow of OAuth 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Which one.
    pub kind: FlowKind,
    /// Where the user consents.
    pub authorization_url: Option<String>,
    /// Where tokens are given.
    pub token_url: Option<String>,
    /// Where tokens are renewed.
    pub refresh_url: Option<String>,
    /// Where a device starts (OpenAPI 3.2).
    pub device_authorization_url: Option<String>,
    /// What can be asked for.
    pub scopes: Vec<Scope>,
}

/// The flows of OAuth 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowKind {
    /// With a user's consent.
    AuthorizationCode,
    /// Between machines.
    ClientCredentials,
    /// Tokens in the redirect; to be avoided.
    Implicit,
    /// With a user's password; to be avoided.
    Password,
    /// For devices without a browser (OpenAPI 3.2).
    DeviceAuthorization,
}

/// Something that a caller may be allowed to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// As it is asked for, such as `shipments:write`.
    pub name: String,
    /// What it allows; empty where the document does not say.
    pub description: String,
}

/// One way to authenticate for an operation: all of its schemes together. Without schemes: anonymous.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// What must be there together.
    pub schemes: Vec<SchemeUse>,
}

/// A scheme that an operation asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemeUse {
    /// The scheme's name; it may be unknown.
    pub scheme: String,
    /// The scopes, or roles, that it needs there.
    pub scopes: Vec<String>,
}

impl Requirement {
    /// Whether it asks for nothing.
    pub fn is_anonymous(&self) -> bool {
        self.schemes.is_empty()
    }
}

impl FlowKind {
    /// As the document writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorizationCode",
            Self::ClientCredentials => "clientCredentials",
            Self::Implicit => "implicit",
            Self::Password => "password",
            Self::DeviceAuthorization => "deviceAuthorization",
        }
    }
}
