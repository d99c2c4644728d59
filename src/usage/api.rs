//! Calls and usage, for a partner's own programs.

mod calls;
mod usage;

use utoipa::OpenApi;

use crate::{
    tokens::Scope,
    web::{Access, Routes},
};

/// The endpoints.
pub fn routes() -> Routes {
    let calls = Access::OrganizationToken(Scope::CallsRead.as_str());
    let usage = Access::OrganizationToken(Scope::UsageRead.as_str());
    Routes::new().get("/api/v1/calls", calls, calls::index).get("/api/v1/calls/{call}", calls, calls::show).get(
        "/api/v1/usage",
        usage,
        usage::show,
    )
}

/// The endpoints as OpenAPI.
pub fn paths() -> utoipa::openapi::OpenApi {
    Paths::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(calls::index, calls::show, usage::show))]
struct Paths;
