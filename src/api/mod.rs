//! The HTTP API for automation, `/api/v1`: what all its resources have in common.
//!
//! The resources themselves live with their features, in files named `api.rs`. Here they become one set of routes and
//! one OpenAPI document, which says of each operation what its route asks for.

mod document;
mod limit;

use axum::{Json, http::header, response::IntoResponse};

pub use self::{
    document::document,
    limit::{Limits, limit},
};
use crate::{
    apps, audit, keys, organizations,
    portal::Portal,
    usage,
    web::{Access, Routes, idempotency},
};

/// What every path of the API starts with.
const ROOT: &str = "/api/v1/";

/// Every route of the API.
pub fn routes() -> Routes {
    resources().get("/api/v1/openapi.json", Access::Public, show_document)
}

/// Removes what is kept for repeated requests longer than promised.
pub async fn sweep(db: &sqlx::PgPool) -> sqlx::Result<u64> {
    idempotency::sweep(db).await
}

fn resources() -> Routes {
    Routes::new()
        .merge(organizations::api_routes())
        .merge(apps::api_routes())
        .merge(keys::api_routes())
        .merge(usage::api_routes())
        .merge(audit::api_routes())
}

fn paths() -> [utoipa::openapi::OpenApi; 5] {
    [organizations::api_paths(), apps::api_paths(), keys::api_paths(), usage::api_paths(), audit::api_paths()]
}

async fn show_document(portal: Portal) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "public, max-age=300")], Json(document(&portal.config.base_url)))
}
