//! Ready requests: one typed model of a call, built from an operation with example values, and its text for a shell and
//! in the languages that partners write.
//!
//! The model holds no secret and no placeholder: it says where the key goes, and each notation writes its own variable
//! there. Only what an operation requires is in it, and an idempotency key where the operation takes one.

pub mod body;
mod curl;
mod filled;
mod languages;
mod parameter;
#[cfg(test)]
mod tests;

use serde_json::Value;

pub use self::{filled::Values, languages::Language, parameter::plain};
use super::{
    document::Document,
    example,
    model::{ApiKeyPlace, Method, Operation, Parameter, Place, SecurityKind},
};

/// The variable that holds a key of the sandbox.
pub const SANDBOX_KEY: &str = "SANDBOX_KEY";

/// Headers that OpenAPI describes elsewhere; as parameters they are to be ignored.
const DESCRIBED_ELSEWHERE: [&str; 4] = ["accept", "content-type", "authorization", "cookie"];

/// A call that can be made as it stands, but for the key.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// The origin and path before the operation's own path, without a slash at the end.
    pub base_url: String,
    /// The operation's path with its parameters filled in and escaped; starts with a slash.
    pub path: String,
    /// Names and values of the query, escaped.
    pub query: Vec<(String, String)>,
    /// Names and values of headers, `Content-Type` among them where the body needs it said.
    pub headers: Vec<(String, String)>,
    /// Names and values of cookies, escaped.
    pub cookies: Vec<(String, String)>,
    /// Where the key goes: all of these places.
    pub auth: Vec<Auth>,
    /// What is sent.
    pub payload: Payload,
}

/// A place for the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// `Authorization: Bearer …`
    Bearer,
    /// `Authorization: Basic …` with the key as the user name and no password.
    Basic,
    /// `Authorization: <scheme> …`
    Scheme(String),
    /// A header of its own.
    Header(String),
    /// A query parameter.
    Query(String),
    /// A cookie.
    Cookie(String),
    /// A client certificate, which is no key.
    Certificate,
}

/// What a request sends.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// No body.
    Nothing,
    /// JSON.
    Json(Value),
    /// Text of another content type.
    Text(String),
    /// A form: names and values, not escaped.
    Form(Vec<(String, String)>),
    /// Parts, each of its own content type.
    Multipart(Vec<Part>),
    /// The content of a file with this name.
    File(String),
}

/// A part of a multipart body.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub content: PartContent,
    /// Its content type, where it must be said.
    pub content_type: Option<String>,
}

/// The content of a part.
#[derive(Debug, Clone, PartialEq)]
pub enum PartContent {
    /// A text.
    Text(String),
    /// The content of a file with this name.
    File(String),
}

impl Request {
    /// An operation called with example values at a base address, such as a server's or the sandbox's.
    pub fn to(document: &Document, operation: &Operation, base_url: &str) -> Self {
        Self::filled(document, operation, base_url, &Values::of_examples(operation))
    }

    /// The same call with a key, also where the document asks for none: the sandbox always wants to know who calls.
    pub fn with_key(mut self) -> Self {
        if self.auth.is_empty() {
            self.auth.push(Auth::Bearer);
        }
        self
    }

    /// The whole address, without a key in it.
    pub fn url(&self) -> String {
        let pairs: Vec<_> = self.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        format!("{}{}{mark}{}", self.base_url, self.path, pairs.join("&"))
    }

    /// The value of a header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }

    /// The request as a `curl` command for a POSIX shell; the key is the variable `SANDBOX_KEY`.
    pub fn curl(&self) -> String {
        self.program(Language::Curl, SANDBOX_KEY)
    }

    /// The request in a language; the key is this variable of the environment.
    pub fn program(&self, language: Language, variable: &str) -> String {
        language.program(self, variable)
    }

    fn add(&mut self, parameter: &Parameter, value: &Value) {
        match parameter.place {
            Place::Path => {}
            Place::Query => self.query.extend(parameter::query(parameter, value)),
            Place::QueryString => self.query.extend(parameter::whole_query(value)),
            Place::Cookie if self.has_auth(&Auth::Cookie(parameter.name.clone())) => {}
            Place::Cookie => self.cookies.extend(parameter::query(parameter, value)),
            Place::Header if DESCRIBED_ELSEWHERE.contains(&parameter.name.to_ascii_lowercase().as_str()) => {}
            Place::Header if self.has_auth(&Auth::Header(parameter.name.clone())) => {}
            Place::Header => self.headers.push((parameter.name.clone(), parameter::header(parameter, value))),
        }
    }

    fn has_auth(&self, wanted: &Auth) -> bool {
        self.auth.iter().any(|auth| match (auth, wanted) {
            (Auth::Header(name), Auth::Header(wanted)) => name.eq_ignore_ascii_case(wanted),
            _ => auth == wanted,
        })
    }
}

/// The names and values of one parameter as they are sent, escaped where its place asks for it.
pub fn written(parameter: &Parameter) -> Vec<(String, String)> {
    let value = example::of_parameter(parameter);
    match parameter.place {
        Place::Path => vec![(parameter.name.clone(), parameter::path_value(parameter, &value))],
        Place::Query | Place::Cookie => parameter::query(parameter, &value),
        Place::QueryString => parameter::whole_query(&value),
        Place::Header => vec![(parameter.name.clone(), parameter::header(parameter, &value))],
    }
}

/// Whether a parameter names the idempotency of a call, under any of its usual names.
pub fn is_idempotency_key(parameter: &Parameter) -> bool {
    parameter.place == Place::Header && parameter.name.to_ascii_lowercase().ends_with("idempotency-key")
}

fn is_sent(parameter: &Parameter) -> bool {
    parameter.required || is_idempotency_key(parameter)
}

/// The places of the key for the first way to authenticate that is one.
fn auth(document: &Document, operation: &Operation) -> Vec<Auth> {
    let requirement = operation.security.iter().find(|requirement| !requirement.is_anonymous());
    let Some(requirement) = requirement else {
        // Documents that know no security schemes describe the header as a parameter.
        return operation.header("Authorization").map(|_| Auth::Bearer).into_iter().collect();
    };
    let mut places = Vec::new();
    for scheme in &requirement.schemes {
        let place = match document.security_scheme(&scheme.scheme).map(|scheme| &scheme.kind) {
            Some(SecurityKind::ApiKey { place: ApiKeyPlace::Header, name }) => Auth::Header(name.clone()),
            Some(SecurityKind::ApiKey { place: ApiKeyPlace::Query, name }) => Auth::Query(name.clone()),
            Some(SecurityKind::ApiKey { place: ApiKeyPlace::Cookie, name }) => Auth::Cookie(name.clone()),
            Some(SecurityKind::Basic) => Auth::Basic,
            Some(SecurityKind::Http { scheme }) if !scheme.is_empty() => Auth::Scheme(scheme.clone()),
            Some(SecurityKind::MutualTls) => Auth::Certificate,
            _ => Auth::Bearer,
        };
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}
