//! The newest calls, one by one.

use axum::Json;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use crate::{
    db::{AppId, CallId, KeyId},
    portal::Portal,
    usage::{
        model::{Call, CallLine, Side},
        store::{self, Filter},
    },
    web::{Caller, Code, Error, PageQuery, Paged, Query, Result, Scoped},
};

/// Which calls are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CallQuery {
    /// Only calls of this app.
    #[param(value_type = Option<String>, nullable = false, pattern = "^app_[0-9a-hjkmnp-tv-z]{25}[048cgmrw]$", example = "app_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    app: Option<AppId>,
    /// Only calls with this key.
    #[param(value_type = Option<String>, nullable = false, pattern = "^key_[0-9a-hjkmnp-tv-z]{25}[048cgmrw]$", example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    key: Option<KeyId>,
    /// Only calls of the operation with this name.
    #[param(nullable = false, example = "listShipments")]
    operation: Option<String>,
    /// Only calls that were answered with this status.
    #[param(nullable = false, minimum = 100, maximum = 599, example = 429)]
    status: Option<i16>,
    /// Only calls that have this in their address, request id, error code or bodies.
    #[param(nullable = false, example = "shp_2049")]
    q: Option<String>,
}

/// A call of the sandbox.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Call)]
pub(super) struct CallShown {
    /// Its id in the log.
    #[schema(value_type = String, example = "call_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    id: CallId,
    /// When it came.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    at: OffsetDateTime,
    /// The id that its answer carries.
    request_id: String,
    /// The app that called.
    #[schema(value_type = String, example = "app_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    app: AppId,
    /// The key; null where the API was tried from a page.
    #[schema(value_type = Option<String>, required, example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    key: Option<KeyId>,
    /// The address that it came from.
    #[schema(example = "192.0.2.17")]
    address: String,
    /// The API's name in addresses.
    #[schema(example = "parcels")]
    api: String,
    /// The version's name.
    #[schema(example = "2026-09")]
    version: String,
    /// The operation's name; null where the call means none.
    #[schema(required, example = "listShipments")]
    operation: Option<String>,
    /// The method.
    #[schema(example = "GET")]
    method: String,
    /// The path below the version.
    #[schema(example = "/shipments")]
    path: String,
    /// The query, without secrets.
    #[schema(example = "limit=20")]
    query: String,
    /// The status of the answer.
    #[schema(example = 200)]
    status: i16,
    /// The code of the error; null where there was none.
    #[schema(required)]
    code: Option<String>,
    /// How long it took until the last byte had gone out, in milliseconds.
    #[schema(example = 8.2)]
    took_ms: f64,
    /// How the answer ended: `complete`, `hung_up` by the caller, or `broken`.
    #[schema(example = "complete")]
    ending: String,
}

/// A call with what was sent and what came back.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallWithBodies {
    /// The call.
    #[serde(flatten)]
    call: CallShown,
    /// What was sent.
    request: CallSide,
    /// What came back.
    response: CallSide,
}

/// One side of a call, without secrets.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallSide {
    /// The headers, in their order.
    headers: Vec<CallHeader>,
    /// The first 16 KiB of the body; null where there is none, or where it is no text.
    #[schema(required)]
    body: Option<String>,
    /// The size of the whole body in bytes.
    size: i64,
}

/// A header.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallHeader {
    /// Its name, in lower case.
    name: String,
    /// Its value; `[redacted]` where it is a secret.
    value: String,
}

/// List calls
///
/// The last 1,000 calls of the organization, the newest first, about a second behind.
#[utoipa::path(
    get,
    path = "/api/v1/calls",
    operation_id = "listCalls",
    tag = "Usage",
    params(PageQuery, CallQuery),
    responses((status = 200, description = "One page of calls.", body = Paged<CallShown>)),
)]
pub(super) async fn index(
    portal: Portal,
    caller: Caller,
    page: PageQuery,
    Query(asked): Query<CallQuery>,
) -> Result<Json<Paged<CallShown>>> {
    let organization = caller.organization.ok_or_else(Error::not_found)?;
    let calls = store::calls(&portal.db, organization, &asked.filter(page.after()?)?, page.rows()).await?;
    Ok(Json(Paged::of(calls, &page, |call| call.id).map(CallShown::from)))
}

/// Show a call
///
/// With request and response.
#[utoipa::path(
    get,
    path = "/api/v1/calls/{call}",
    operation_id = "getCall",
    tag = "Usage",
    params(("call" = String, Path, description = "The call's id.", example = "call_01kaj7w2c9m0v6fsq8xe1h3t5r")),
    responses((status = 200, description = "The call.", body = CallWithBodies)),
)]
pub(super) async fn show(Scoped(call): Scoped<Call>) -> Json<CallWithBodies> {
    Json(CallWithBodies { call: call.line.into(), request: call.request.into(), response: call.response.into() })
}

impl CallQuery {
    fn filter(self, before: Option<CallId>) -> Result<Filter> {
        let known = |status: &i16| (100..600).contains(status);
        if self.status.is_some_and(|status| !known(&status)) {
            return Err(Error::new(Code::InvalidRequest, "The parameter status must be a number from 100 to 599."));
        }
        Ok(Filter {
            app: self.app,
            key: self.key,
            api: None,
            operation: self.operation,
            statuses: self.status.map(|status| (status, status + 1)),
            text: self.q,
            before,
        })
    }
}

impl From<CallLine> for CallShown {
    fn from(call: CallLine) -> Self {
        Self {
            id: call.id,
            at: call.at,
            request_id: call.request_id,
            app: call.app,
            key: call.key,
            address: call.address,
            api: call.api,
            version: call.version,
            operation: call.operation,
            method: call.method,
            path: call.path,
            query: call.query,
            status: call.status,
            code: call.code,
            took_ms: call.took_us as f64 / 1000.0,
            ending: call.ending,
        }
    }
}

impl From<Side> for CallSide {
    fn from(side: Side) -> Self {
        let headers = side.headers.into_iter().map(|(name, value)| CallHeader { name, value });
        Self { headers: headers.collect(), body: side.body, size: side.size }
    }
}
