//! Usage over a time.

use axum::Json;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use crate::{
    db::{AppId, KeyId},
    portal::Portal,
    usage::{
        Class, Latency,
        model::{OperationUse, Period, Range, Report},
        store::{self, By},
    },
    web::{Caller, Code, Error, Query, Result},
};

/// Which usage is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UsageQuery {
    /// How far to look back: `24h` by the hour, `7d` by six hours, `30d` by the day, `12m` by the month; 24 hours where
    /// it is left out.
    #[param(nullable = false, pattern = "^(24h|7d|30d|12m)$", example = "24h")]
    range: Option<String>,
    /// Only calls of this app.
    #[param(value_type = Option<String>, nullable = false, pattern = "^app_[0-9a-hjkmnp-tv-z]{25}[048cgmrw]$", example = "app_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    app: Option<AppId>,
    /// Only calls with this key.
    #[param(value_type = Option<String>, nullable = false, pattern = "^key_[0-9a-hjkmnp-tv-z]{25}[048cgmrw]$", example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    key: Option<KeyId>,
    /// Only calls of the API with this name in addresses.
    #[param(nullable = false, example = "parcels")]
    api: Option<String>,
}

/// Usage over a time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Usage)]
pub(super) struct UsageShown {
    /// The parts of the time, the oldest first; the last one is under way.
    periods: Vec<UsagePeriod>,
    /// The operations that were called, the most called first.
    operations: Vec<OperationUsage>,
}

/// Calls in a part of the time.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UsagePeriod {
    /// Its start.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    start: OffsetDateTime,
    /// Calls by the class of their status.
    calls: CallsByClass,
    /// How long they took; null where there were none.
    #[schema(required)]
    latency: Option<LatencyShown>,
}

/// Calls by the class of their status.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallsByClass {
    /// Answered.
    #[serde(rename = "2xx")]
    success: u64,
    /// Sent elsewhere.
    #[serde(rename = "3xx")]
    redirect: u64,
    /// Refused, without 429.
    #[serde(rename = "4xx")]
    refused: u64,
    /// Beyond the limit.
    #[serde(rename = "429")]
    limited: u64,
    /// Failed.
    #[serde(rename = "5xx")]
    fault: u64,
}

/// How long calls took, in milliseconds, within a tenth.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Latency)]
pub(super) struct LatencyShown {
    /// Half of the calls took less.
    #[schema(example = 8.4)]
    p50_ms: f64,
    /// 95 of 100 calls took less.
    #[schema(example = 23.8)]
    p95_ms: f64,
    /// 99 of 100 calls took less.
    #[schema(example = 40.0)]
    p99_ms: f64,
}

/// How an operation was called.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OperationUsage {
    /// The API's name in addresses; null where there is no such API.
    #[schema(required, example = "parcels")]
    api: Option<String>,
    /// The version's name; null where there is no such API.
    #[schema(required, example = "2026-09")]
    version: Option<String>,
    /// The operation's name; null where the calls meant none.
    #[schema(required, example = "listShipments")]
    operation: Option<String>,
    /// How many calls.
    calls: u64,
    /// How many of them were refused or failed.
    errors: u64,
    /// How long they took.
    #[schema(required)]
    latency: Option<LatencyShown>,
}

/// Show usage
///
/// How often and how fast the organization's apps call, about a second behind. All times are UTC.
#[utoipa::path(
    get,
    path = "/api/v1/usage",
    operation_id = "getUsage",
    tag = "Usage",
    params(UsageQuery),
    responses((status = 200, description = "The usage.", body = UsageShown)),
)]
pub(super) async fn show(portal: Portal, caller: Caller, Query(asked): Query<UsageQuery>) -> Result<Json<UsageShown>> {
    let organization = caller.organization.ok_or_else(Error::not_found)?;
    let range = asked.range.as_deref().map_or(Ok(Range::default()), str::parse::<Range>);
    let range = range.map_err(|error| Error::new(Code::InvalidRequest, format!("The parameter range {error}.")))?;
    let starts = range.periods(OffsetDateTime::now_utc());
    let question = store::Asked { range, app: asked.app, key: asked.key, api: asked.api };
    let cells = store::cells(&portal.db, organization, &question, starts[0], By::Operation).await?;
    let report = Report::of(starts, &cells);
    Ok(Json(UsageShown {
        periods: report.periods.into_iter().map(UsagePeriod::from).collect(),
        operations: report.operations.into_iter().map(OperationUsage::from).collect(),
    }))
}

impl From<Period> for UsagePeriod {
    fn from(period: Period) -> Self {
        let of = |class: Class| period.calls[class as usize];
        Self {
            start: period.start,
            calls: CallsByClass {
                success: of(Class::Success),
                redirect: of(Class::Redirect),
                refused: of(Class::Refused),
                limited: of(Class::Limited),
                fault: of(Class::Fault),
            },
            latency: LatencyShown::of(&period.latency),
        }
    }
}

impl From<OperationUse> for OperationUsage {
    fn from(of: OperationUse) -> Self {
        let given = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            latency: LatencyShown::of(&of.latency),
            api: given(of.api),
            version: given(of.version),
            operation: given(of.operation),
            calls: of.calls,
            errors: of.errors,
        }
    }
}

impl LatencyShown {
    fn of(latency: &Latency) -> Option<Self> {
        let told = latency.percentiles()?;
        let rounded = |ms: f64| (ms * 100.0).round() / 100.0;
        Some(Self { p50_ms: rounded(told.p50), p95_ms: rounded(told.p95), p99_ms: rounded(told.p99) })
    }
}
