//! The one error of the HTTP edge, in the visitor's words.
//!
//! A handler returns it with `?`; what the visitor sees (a page or a problem document) is decided afterwards, in
//! [`Error::present`], where the request is known. Faults of our own are logged there, once.

use std::{borrow::Cow, sync::Arc, time::Duration};

use axum::{
    Json,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Code, request::ClientRequest};
use crate::config::BaseUrl;

/// What a handler returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// How soon a visitor should try again when the database is away, in seconds.
const AWAY_RETRY_AFTER: Duration = Duration::from_secs(5);

/// Why a request was not answered as asked.
#[derive(Clone, Debug)]
pub struct Error(Arc<Refusal>);

#[derive(Debug)]
struct Refusal {
    code: Code,
    detail: Cow<'static, str>,
    fields: Vec<FieldError>,
    retry_after: Option<Duration>,
    cause: Option<anyhow::Error>,
}

/// One value that cannot be accepted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer into the body.
    #[schema(example = "/name")]
    pub pointer: String,
    /// Stable code.
    #[schema(example = "taken")]
    pub code: &'static str,
    /// What would do, for people.
    pub message: String,
}

impl Error {
    /// A refusal with its code and a sentence about this occurrence.
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::of(code, detail.into(), Vec::new(), None, None)
    }

    /// Nothing here, or nothing that this visitor may know of.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "There is nothing at this address that you can see.")
    }

    /// The visitor is known and may not do this.
    pub fn forbidden(why: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::Forbidden, why)
    }

    /// Values that cannot be accepted.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let detail = fields
            .first()
            .map_or_else(String::new, |field| format!("{}: {}.", field.pointer, field.message.trim_end_matches('.')));
        Self::of(Code::ValidationFailed, detail.into(), fields, None, None)
    }

    /// Too many attempts; try again after `retry_after`.
    pub fn too_many(retry_after: Duration) -> Self {
        let detail = format!("Too many attempts. Try again in {}.", in_words(retry_after));
        Self::of(Code::RateLimited, detail.into(), Vec::new(), Some(retry_after), None)
    }

    /// The portal is away.
    pub fn unavailable(cause: anyhow::Error) -> Self {
        let detail = "The portal cannot reach its database. It tries again by itself.";
        Self::of(Code::Unavailable, detail.into(), Vec::new(), Some(AWAY_RETRY_AFTER), Some(cause))
    }

    /// A fault of our own.
    pub fn broken(cause: impl Into<anyhow::Error>) -> Self {
        let detail = "Something went wrong on our side; it has been logged.";
        Self::of(Code::Internal, detail.into(), Vec::new(), None, Some(cause.into()))
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The sentence about this occurrence.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The values that cannot be accepted.
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// How long the caller should wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Writes the error to the log where it is a fault of ours; called once, when it is shown.
    pub(super) fn log(&self) {
        if let Some(cause) = &self.0.cause {
            tracing::error!(code = self.0.code.as_str(), cause = format!("{cause:#}"), "a request failed");
        }
    }

    /// The error as a problem document (RFC 9457).
    pub(super) fn problem(&self, request: &ClientRequest, base_url: &str) -> Response {
        let code = self.0.code;
        let body = Problem {
            r#type: format!("{base_url}/docs/vestibule/v1/errors#{}", code.as_str()),
            title: code.title(),
            status: code.status().as_u16(),
            detail: &self.0.detail,
            instance: &request.path,
            code: code.as_str(),
            request_id: request.id.as_str(),
            trace_id: &request.trace_id,
            retryable: code.is_retryable(),
            errors: &self.0.fields,
        };
        let mut response = (code.status(), Json(body)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if code.status() == axum::http::StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        self.set_retry_after(&mut response);
        response
    }

    /// Sets `Retry-After` where the error says how long to wait.
    pub(super) fn set_retry_after(&self, response: &mut Response) {
        if let Some(wait) = self.0.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
    }

    fn of(
        code: Code,
        detail: Cow<'static, str>,
        fields: Vec<FieldError>,
        retry_after: Option<Duration>,
        cause: Option<anyhow::Error>,
    ) -> Self {
        Self(Arc::new(Refusal { code, detail, fields, retry_after, cause }))
    }
}

/// Why a request was not answered as asked: a problem document (RFC 9457).
#[derive(Serialize, ToSchema)]
pub struct Problem<'a> {
    /// The page about the code.
    #[schema(format = "uri", example = "https://developers.example.com/docs/vestibule/v1/errors#not_found")]
    r#type: String,
    /// A few words that never change with the occurrence.
    #[schema(example = "Not found")]
    title: &'a str,
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// What happened this time.
    #[schema(example = "There is nothing at this address that you can see.")]
    detail: &'a str,
    /// The path that was asked for.
    #[schema(example = "/api/v1/organizations")]
    instance: &'a str,
    /// Stable code: programs may rely on it.
    #[schema(example = "not_found")]
    code: &'a str,
    /// The request's id, for support.
    #[schema(example = "req_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    request_id: &'a str,
    /// The W3C trace that the request belongs to.
    #[schema(example = "4bf92f3577b34da6a3ce929d0e0e4736")]
    trace_id: &'a str,
    /// Whether the same request may succeed later without being changed.
    retryable: bool,
    /// The values that cannot be accepted.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    errors: &'a [FieldError],
}

/// An answer as programs see it: the error that it carries becomes a problem document.
pub fn for_programs(response: Response, request: &ClientRequest, base_url: &BaseUrl) -> Response {
    let Some(error) = response.extensions().get::<Error>().cloned() else { return response };
    error.log();
    let mut shown = error.problem(request, base_url.as_str());
    carry(&response, &mut shown);
    shown
}

/// What a refusal carried stays with it: allowed methods, the rate limit's numbers, the end of a secret.
pub(super) fn carry(response: &Response, shown: &mut Response) {
    for (name, value) in response.headers() {
        if *name != header::CONTENT_LENGTH {
            shown.headers_mut().entry(name).or_insert(value.clone());
        }
    }
}

/// Carries the error to the middleware that knows the request and can show it.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.0.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::not_found(),
            error if is_away(&error) => Self::unavailable(error.into()),
            // A text with U+0000, which Postgres cannot hold.
            sqlx::Error::Database(fault) if fault.code().as_deref() == Some("22021") => {
                Self::new(Code::InvalidRequest, "The request contains a character that cannot be stored.")
            }
            error => Self::broken(error),
        }
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast_ref::<sqlx::Error>() {
            Some(cause) if is_away(cause) => Self::unavailable(error),
            _ => Self::broken(error),
        }
    }
}

/// Turns a named constraint into what the visitor should know.
pub trait OnConstraint<T> {
    /// Answers `to_error` where `constraint` was violated, and the fault itself otherwise.
    fn on_constraint(self, constraint: &str, to_error: impl FnOnce() -> Error) -> Result<T>;
}

impl<T> OnConstraint<T> for sqlx::Result<T> {
    fn on_constraint(self, constraint: &str, to_error: impl FnOnce() -> Error) -> Result<T> {
        self.map_err(|error| match &error {
            sqlx::Error::Database(fault) if fault.constraint() == Some(constraint) => to_error(),
            _ => error.into(),
        })
    }
}

fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
        // Class 57P: the server is shutting down, has crashed or is starting; 53300: it has no connection left.
        sqlx::Error::Database(fault) => fault.code().is_some_and(|code| code.starts_with("57P") || code == "53300"),
        _ => false,
    }
}

fn in_words(wait: Duration) -> String {
    match wait.as_secs() {
        0..=1 => "a second".into(),
        seconds @ 2..=90 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds.div_ceil(60)),
    }
}
