//! Keys, for a partner's own programs.

use axum::{Json, http::StatusCode};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{OpenApi, ToSchema};

use super::{
    Environment, Issued, Key, KeyState, Overlap, Secret,
    change::{Wish, issued, revoked, rotated},
    store,
};
use crate::{
    apps::App,
    audit::Actor,
    credential,
    db::{AppId, KeyId, SecretId},
    portal::Portal,
    tokens::Scope,
    web::{self, Access, Error, FieldError, PageQuery, Paged, Result, Routes, Scoped},
};

/// The endpoints.
pub fn routes() -> Routes {
    let read = Access::OrganizationToken(Scope::KeysRead.as_str());
    let write = Access::OrganizationToken(Scope::KeysWrite.as_str());
    Routes::new()
        .get("/api/v1/apps/{app}/keys", read, index)
        .post("/api/v1/apps/{app}/keys", write, create)
        .get("/api/v1/keys/{key}", read, show)
        .post("/api/v1/keys/{key}/rotate", write, rotate)
        .post("/api/v1/keys/{key}/revoke", write, revoke)
}

/// The endpoints as OpenAPI.
pub fn paths() -> utoipa::openapi::OpenApi {
    Paths::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(index, create, show, rotate, revoke))]
struct Paths;

/// A key of an app.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Key)]
struct KeyShown {
    /// Its id, which stays the same when its secret is rotated.
    #[schema(value_type = String, example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    id: KeyId,
    /// The app that calls with it.
    #[schema(value_type = String, example = "app_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    app: AppId,
    /// Its name.
    #[schema(example = "Staging")]
    name: String,
    /// Where it is used.
    environment: Environment,
    /// What it may do.
    #[schema(example = json!(["shipments:write"]))]
    scopes: Vec<String>,
    /// How it stands now.
    state: KeyState,
    /// Its secrets that work or have worked, the newest first.
    secrets: Vec<SecretShown>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When it ends by itself; null where it does not.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    expires_at: Option<OffsetDateTime>,
    /// When it was revoked; null where it was not.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    revoked_at: Option<OffsetDateTime>,
}

/// One secret of a key, without the secret itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeySecret)]
struct SecretShown {
    /// Its id.
    #[schema(value_type = String, example = "sec_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    id: SecretId,
    /// The prefix and the last four characters.
    #[schema(example = "vst_sandbox_…Lq17")]
    hint: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When it ends; null for the newest.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    ends_at: Option<OffsetDateTime>,
    /// The last call with it, about a second behind; null where there was none.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_used_at: Option<OffsetDateTime>,
}

/// A key that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewKeyAsked {
    /// One line of visible characters, different from the names of the app's other keys.
    #[schema(min_length = 1, max_length = 80, example = "Staging")]
    name: String,
    /// What it may do: scopes of the published APIs.
    #[schema(example = json!(["shipments:write"]))]
    scopes: Vec<String>,
    /// Where it is used. Production keys are given out by the company and refused here.
    environment: Environment,
}

/// A key with the secret that it just got.
#[derive(Debug, Serialize, ToSchema)]
struct IssuedKey {
    /// The key.
    #[serde(flatten)]
    key: KeyShown,
    /// The secret itself, to send as `Authorization: Bearer`. It is shown only here.
    #[schema(example = "vst_sandbox_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17")]
    secret: String,
}

/// How a secret is to be rotated.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RotationAsked {
    /// How long the present secret works on; a day where it is left out.
    #[serde(default = "default_overlap")]
    #[schema(minimum = 0, maximum = 2_592_000, default = 86_400)]
    overlap_seconds: i64,
}

fn default_overlap() -> i64 {
    Overlap::default().seconds()
}

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
#[utoipa::path(
    get,
    path = "/api/v1/keys/{key}",
    operation_id = "getKey",
    tag = "Keys",
    params(("key" = String, Path, description = "The key's id.", example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")),
    responses((status = 200, description = "The key.", body = KeyShown)),
)]
async fn show(portal: Portal, Scoped(key): Scoped<Key>) -> Json<KeyShown> {
    Json(KeyShown::of(&portal, key))
}

/// Rotate a key's secret
///
/// The key gets a new secret; the present one works on for the overlap, and any older one ends at once.
#[utoipa::path(
    post,
    path = "/api/v1/keys/{key}/rotate",
    operation_id = "rotateKey",
    tag = "Keys",
    params(("key" = String, Path, description = "The key's id.", example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")),
    request_body = RotationAsked,
    responses((status = 200, description = "The key with its new secret, which is shown only here.", body = IssuedKey)),
)]
async fn rotate(
    portal: Portal,
    actor: Actor,
    Scoped(key): Scoped<Key>,
    web::Json(asked): web::Json<RotationAsked>,
) -> Result<Json<IssuedKey>> {
    let overlap = Overlap::from_seconds(asked.overlap_seconds).map_err(|why| {
        let pointer = "/overlap_seconds".to_owned();
        Error::invalid(vec![FieldError { pointer, code: "out_of_range", message: why.to_string() }])
    })?;
    let issued = rotated(&portal, &actor, &key, overlap).await?;
    Ok(Json(IssuedKey::of(&portal, issued)))
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

impl KeyShown {
    fn of(portal: &Portal, key: Key) -> Self {
        let state = key.state(OffsetDateTime::now_utc());
        let secret = |secret: Secret| SecretShown {
            id: secret.id,
            hint: credential::redacted(&portal.config.key_prefix, key.environment.as_str(), &secret.last_four),
            created_at: secret.created_at,
            ends_at: secret.ends_at,
            last_used_at: secret.last_used_at,
        };
        Self {
            id: key.id,
            app: key.app,
            name: key.name,
            environment: key.environment,
            scopes: key.scopes,
            state,
            secrets: key.secrets.into_iter().map(secret).collect(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
        }
    }
}

impl IssuedKey {
    fn of(portal: &Portal, issued: Issued) -> Self {
        Self { key: KeyShown::of(portal, issued.key), secret: issued.secret.expose_secret().to_owned() }
    }
}
