//! Keys, for a partner's own programs.

mod leak;
mod rotation;
mod shapes;

use axum::{
    Json,
    extract::DefaultBodyLimit,
    http::{Method, StatusCode},
    routing,
};
use utoipa::OpenApi;

use self::shapes::{IssuedKey, KeyChanges, KeyShown, NewKeyAsked};
use super::{
    Key,
    change::{Wish, changed, issued, revoked, switched_off, switched_on},
    store,
};
use crate::{
    apps::App,
    audit::Actor,
    portal::Portal,
    tokens::Scope,
    web::{self, Access, PageQuery, Paged, Result, Routes, Scoped},
};

/// The endpoints.
pub fn routes() -> Routes {
    let read = Access::OrganizationToken(Scope::KeysRead.as_str());
    let write = Access::OrganizationToken(Scope::KeysWrite.as_str());
    Routes::new()
        .get("/api/v1/apps/{app}/keys", read, index)
        .post("/api/v1/apps/{app}/keys", write, create)
        .get("/api/v1/keys/{key}", read, show)
        .on(Method::PATCH, "/api/v1/keys/{key}", write, routing::patch(update))
        .post("/api/v1/keys/{key}/rotate", write, rotation::rotate)
        .post("/api/v1/keys/{key}/retire", write, rotation::retire)
        .post("/api/v1/keys/{key}/extend", write, rotation::extend)
        .post("/api/v1/keys/{key}/cancel-rotation", write, rotation::cancel)
        .post("/api/v1/keys/{key}/disable", write, disable)
        .post("/api/v1/keys/{key}/enable", write, enable)
        .post("/api/v1/keys/{key}/revoke", write, revoke)
        .on(
            Method::POST,
            "/api/v1/keys/report-leak",
            Access::Public,
            routing::post(leak::report).layer(DefaultBodyLimit::max(leak::LARGEST_BODY)),
        )
}

/// The endpoints as OpenAPI.
pub fn paths() -> utoipa::openapi::OpenApi {
    Paths::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(
    index,
    create,
    show,
    update,
    rotation::rotate,
    rotation::retire,
    rotation::extend,
    rotation::cancel,
    disable,
    enable,
    revoke,
    leak::report,
))]
struct Paths;

/// List an app's keys
///
/// The newest first, revoked ones among them.
#[utoipa::path(
    get,
    path = "/api/v1/apps/{app}/keys",
    operation_id = "listKeys",
    tag = "Keys",
    params(
        ("app" = String, Path, description = "The app's id.", example = "app_01kaj7w2c9m0v6fsq8xe1h3t5r"),
        PageQuery,
    ),
    responses((status = 200, description = "One page of keys.", body = Paged<KeyShown>)),
)]
async fn index(portal: Portal, Scoped(app): Scoped<App>, page: PageQuery) -> Result<Json<Paged<KeyShown>>> {
    let keys = store::of_app(&portal.db, app.id, page.after()?, page.rows()).await?;
    Ok(Json(Paged::of(keys, &page, |key| key.id).map(|key| KeyShown::of(&portal, key))))
}

/// Issue a key
///
/// Its secret is in the answer and nowhere else.
#[utoipa::path(
    post,
    path = "/api/v1/apps/{app}/keys",
    operation_id = "createKey",
    tag = "Keys",
    params(("app" = String, Path, description = "The app's id.", example = "app_01kaj7w2c9m0v6fsq8xe1h3t5r")),
    request_body = NewKeyAsked,
    responses((status = 201, description = "The key was made. Its secret is shown only here.", body = IssuedKey)),
)]
async fn create(
    portal: Portal,
    actor: Actor,
    Scoped(app): Scoped<App>,
    web::Json(new): web::Json<NewKeyAsked>,
) -> Result<(StatusCode, Json<IssuedKey>)> {
    let wish = Wish { name: &new.name, environment: new.environment, scopes: &new.scopes };
    let issued = issued(&portal, &actor, &app, wish).await?;
    Ok((StatusCode::CREATED, Json(IssuedKey::of(&portal, issued))))
}

/// Show a key
///
/// With what is known of the callers of each secret that works, and, in a rotation, whether the older one can be
/// retired.
#[utoipa::path(
    get,
    path = "/api/v1/keys/{key}",
    operation_id = "getKey",
    tag = "Keys",
    params(("key" = String, Path, description = "The key's id.", example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")),
    responses((status = 200, description = "The key.", body = KeyShown)),
)]
async fn show(portal: Portal, Scoped(key): Scoped<Key>) -> Result<Json<KeyShown>> {
    Ok(Json(KeyShown::whole(&portal, key).await?))
}

/// Change a key
///
/// What is left out stays as it is. Calls are held against the change within a second. A key that is revoked or has
/// expired cannot be changed.
#[utoipa::path(
    patch,
    path = "/api/v1/keys/{key}",
    operation_id = "updateKey",
    tag = "Keys",
    params(("key" = String, Path, description = "The key's id.", example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")),
    request_body = KeyChanges,
    responses((status = 200, description = "The changed key.", body = KeyShown)),
)]
async fn update(
    portal: Portal,
    actor: Actor,
    Scoped(key): Scoped<Key>,
    web::Json(changes): web::Json<KeyChanges>,
) -> Result<Json<KeyShown>> {
    let key = changed(&portal, &actor, &key, changes.asked()).await?;
    Ok(Json(KeyShown::of(&portal, key)))
}

/// Switch a key off
///
/// Every call with it is refused within a second, until it is switched on again. Doing it again changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/keys/{key}/disable",
    operation_id = "disableKey",
    tag = "Keys",
    params(("key" = String, Path, description = "The key's id.", example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")),
    responses((status = 200, description = "The key, which is off.", body = KeyShown)),
)]
async fn disable(portal: Portal, actor: Actor, Scoped(key): Scoped<Key>) -> Result<Json<KeyShown>> {
    let key = switched_off(&portal, &actor, &key).await?;
    Ok(Json(KeyShown::of(&portal, key)))
}

/// Switch a key on
///
/// Doing it again changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/keys/{key}/enable",
    operation_id = "enableKey",
    tag = "Keys",
    params(("key" = String, Path, description = "The key's id.", example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")),
    responses((status = 200, description = "The key, which is on.", body = KeyShown)),
)]
async fn enable(portal: Portal, actor: Actor, Scoped(key): Scoped<Key>) -> Result<Json<KeyShown>> {
    let key = switched_on(&portal, &actor, &key).await?;
    Ok(Json(KeyShown::of(&portal, key)))
}

/// Revoke a key
///
/// Every call with it is refused within a second. This cannot be undone; doing it again changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/keys/{key}/revoke",
    operation_id = "revokeKey",
    tag = "Keys",
    params(("key" = String, Path, description = "The key's id.", example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")),
    responses((status = 200, description = "The revoked key.", body = KeyShown)),
)]
async fn revoke(portal: Portal, actor: Actor, Scoped(key): Scoped<Key>) -> Result<Json<KeyShown>> {
    let key = revoked(&portal, &actor, &key).await?;
    Ok(Json(KeyShown::of(&portal, key)))
}
