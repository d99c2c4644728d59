//! For the operator: whether the portal lives, whether it is ready, and its figures.

use std::time::Instant;

use axum::{
    Json, Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::json;

use super::{Access, Routes};
use crate::portal::Portal;

/// Bounds of the duration histograms, in seconds.
const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// `/healthz` and `/readyz`.
pub fn routes() -> Routes {
    Routes::new().get("/healthz", Access::Public, live).get("/readyz", Access::Public, ready)
}

/// The process answers: restarting it would not help.
async fn live() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// Each dependency with a state of its own, so that nobody has to guess which one is away.
async fn ready(portal: Portal) -> Response {
    let started = Instant::now();
    let database = sqlx::query_scalar!("select 1 as \"one!\"").fetch_one(&portal.db).await;
    let database_ms = started.elapsed().as_millis() as u64;
    let is_ready = database.is_ok();
    let mail = if portal.config.smtp_url.is_some() { "configured" } else { "outbox only" };
    let body = json!({
        "status": if is_ready { "ok" } else { "unavailable" },
        "dependencies": {
            "database": { "status": if is_ready { "ok" } else { "unavailable" }, "ms": database_ms },
            "mail": { "status": mail },
        },
    });
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(body)).into_response()
}

/// Starts recording metrics for this process.
pub fn record_metrics() -> anyhow::Result<PrometheusHandle> {
    Ok(PrometheusBuilder::new().set_buckets(BUCKETS)?.install_recorder()?)
}

/// What is served on the metrics address.
pub fn metrics_router(metrics: PrometheusHandle) -> Router {
    Router::new().route(
        "/metrics",
        get(move || {
            let metrics = metrics.clone();
            async move {
                metrics.run_upkeep();
                ([("content-type", "text/plain; version=0.0.4")], metrics.render())
            }
        }),
    )
}
