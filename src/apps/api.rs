//! Apps, for a partner's own programs.

use axum::{Json, http::StatusCode};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{OpenApi, ToSchema};

use super::{App, made, store};
use crate::{
    audit::Actor,
    db::AppId,
    portal::Portal,
    tokens::Scope,
    web::{self, Access, Caller, Error, PageQuery, Paged, Result, Routes},
};

/// The endpoints.
pub fn routes() -> Routes {
    Routes::new().get("/api/v1/apps", Access::OrganizationToken(Scope::AppsRead.as_str()), index).post(
        "/api/v1/apps",
        Access::OrganizationToken(Scope::AppsWrite.as_str()),
        create,
    )
}

/// The endpoints as OpenAPI.
pub fn paths() -> utoipa::openapi::OpenApi {
    Paths::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(index, create))]
struct Paths;

/// An app: one of a partner's systems.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = App)]
struct AppShown {
    /// Its id.
    #[schema(value_type = String, example = "app_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    id: AppId,
    /// Its name.
    #[schema(example = "Checkout")]
    name: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
}

/// An app that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewApp {
    /// One line of visible characters, different from the names of your other apps.
    #[schema(min_length = 1, max_length = 80, example = "Checkout")]
    name: String,
}

/// List apps
///
/// The newest first.
#[utoipa::path(
    get,
    path = "/api/v1/apps",
    operation_id = "listApps",
    tag = "Apps",
    params(PageQuery),
    responses((status = 200, description = "One page of apps.", body = Paged<AppShown>)),
)]
async fn index(portal: Portal, caller: Caller, page: PageQuery) -> Result<Json<Paged<AppShown>>> {
    let organization = caller.organization.ok_or_else(Error::not_found)?;
    let apps = store::list(&portal.db, organization, page.after()?, page.rows()).await?;
    Ok(Json(Paged::of(apps, &page, |app| app.id).map(AppShown::from)))
}

/// Create an app
///
/// It has no keys yet.
#[utoipa::path(
    post,
    path = "/api/v1/apps",
    operation_id = "createApp",
    tag = "Apps",
    request_body = NewApp,
    responses((status = 201, description = "The app was made.", body = AppShown)),
)]
async fn create(
    portal: Portal,
    caller: Caller,
    actor: Actor,
    web::Json(new): web::Json<NewApp>,
) -> Result<(StatusCode, Json<AppShown>)> {
    let organization = caller.organization.ok_or_else(Error::not_found)?;
    let app = made(&portal, &actor, organization, &new.name).await?;
    Ok((StatusCode::CREATED, Json(app.into())))
}

impl From<App> for AppShown {
    fn from(app: App) -> Self {
        Self { id: app.id, name: app.name, created_at: app.created_at }
    }
}
