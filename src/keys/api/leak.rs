//! Reporting keys that were seen in the open.

use std::time::Duration;

use axum::{
    Json,
    extract::{FromRequest, Request},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    keys::leaks::{self, LONGEST_SOURCE, MOST_KEYS},
    portal::Portal,
    web::{self, ClientRequest, Code, Error, FieldError, Result, throttle},
};

/// A hundred keys and the place where they were found are far less.
pub(super) const LARGEST_BODY: usize = 64 * 1024;
/// Enough for a scanner that finds many, and too few to guess with.
const REPORTS: throttle::Limit = throttle::Limit { attempts: 60, window: Duration::from_secs(3600) };

/// Keys that were seen in the open.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LeakReport {
    /// The keys, whole.
    #[schema(min_items = 1, max_items = 100, example = json!(["vst_sandbox_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"]))]
    keys: Vec<String>,
    /// Where they were found, for their owner.
    #[serde(default)]
    #[schema(max_length = 500, example = "https://git.example.com/quillmere/shop/blob/main/.env")]
    source: String,
}

/// What is said of every report.
#[derive(Serialize, ToSchema)]
pub(super) struct LeakReportReceived {
    /// How many keys were reported.
    #[schema(minimum = 1, maximum = 100, example = 1)]
    received: usize,
    /// What happens now.
    #[schema(example = "Keys that are known here are ended, and their owners are told.")]
    message: &'static str,
}

/// Report leaked keys
///
/// For anybody who finds a key where it should not be. Keys that are known here are revoked or end soon, as the
/// company decided, and their owners are told. The answer does not say which keys are known. Sixty reports an hour are
/// taken from one address.
#[utoipa::path(
    post,
    path = "/api/v1/keys/report-leak",
    operation_id = "reportLeakedKeys",
    tag = "Keys",
    request_body = LeakReport,
    responses((status = 202, description = "The report was taken.", body = LeakReportReceived)),
)]
pub(super) async fn report(
    portal: Portal,
    client: ClientRequest,
    Quiet(report): Quiet,
) -> Result<(StatusCode, Json<LeakReportReceived>)> {
    throttle::count(&portal.db, &format!("report-leak:{}", client.address.to_canonical()), REPORTS).await?;
    leaks::report(&portal, &client, &report.keys, &report.source).await?;
    let message = "Keys that are known here are ended, and their owners are told.";
    Ok((StatusCode::ACCEPTED, Json(LeakReportReceived { received: report.keys.len(), message })))
}

/// A report whose refusal repeats nothing of it: what is wrong with it may be a key.
pub(super) struct Quiet(LeakReport);

impl FromRequest<Portal> for Quiet {
    type Rejection = Error;

    async fn from_request(request: Request, portal: &Portal) -> Result<Self> {
        let read = web::Json::<LeakReport>::from_request(request, portal).await;
        let report = read.map_err(|error| match error.code() {
            Code::ValidationFailed => invalid("", "must be an object with the list keys, and perhaps the text source"),
            _ => error,
        })?;
        let web::Json(report) = report;
        match report.keys.len() {
            1..=MOST_KEYS if report.source.chars().count() <= LONGEST_SOURCE => Ok(Self(report)),
            1..=MOST_KEYS => Err(invalid("/source", "is too long")),
            _ => Err(invalid("/keys", "must have 1 to 100 entries")),
        }
    }
}

fn invalid(pointer: &str, why: &str) -> Error {
    Error::invalid(vec![FieldError { pointer: pointer.to_owned(), code: "invalid", message: why.to_owned() }])
}
