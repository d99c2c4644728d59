//! How a key's secrets take over from each other.

use axum::Json;

use super::shapes::{ExtensionAsked, IssuedKey, KeyShown, RotationAsked};
use crate::{
    audit::Actor,
    keys::{
        Key, Overlap,
        change::{cancelled, extended, retired, rotated},
        store,
    },
    portal::Portal,
    web::{self, Error, FieldError, Result, Scoped},
};

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
pub(super) async fn rotate(
    portal: Portal,
    actor: Actor,
    Scoped(key): Scoped<Key>,
    web::Json(asked): web::Json<RotationAsked>,
) -> Result<Json<IssuedKey>> {
    let issued = rotated(&portal, &actor, &key, overlap(asked.overlap_seconds)?).await?;
    Ok(Json(IssuedKey::of(&portal, issued)))
}

/// Retire the older secret
///
/// In a rotation: the older secret ends now, and the newer one goes on working. Where the key has no older secret that
/// works, nothing changes.
#[utoipa::path(
    post,
    path = "/api/v1/keys/{key}/retire",
    operation_id = "retireKeySecret",
    tag = "Keys",
    params(("key" = String, Path, description = "The key's id.", example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")),
    responses((status = 200, description = "The key.", body = KeyShown)),
)]
pub(super) async fn retire(portal: Portal, actor: Actor, Scoped(key): Scoped<Key>) -> Result<Json<KeyShown>> {
    retired(&portal, &actor, &key).await?;
    let key = store::by_id(&portal.db, key.organization, key.id).await?.ok_or_else(Error::not_found)?;
    Ok(Json(KeyShown::of(&portal, key)))
}

/// Extend the overlap
///
/// In a rotation: the older secret works on for so long from now on. It cannot be made to end sooner in this way.
#[utoipa::path(
    post,
    path = "/api/v1/keys/{key}/extend",
    operation_id = "extendKeyOverlap",
    tag = "Keys",
    params(("key" = String, Path, description = "The key's id.", example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")),
    request_body = ExtensionAsked,
    responses((status = 200, description = "The key.", body = KeyShown)),
)]
pub(super) async fn extend(
    portal: Portal,
    actor: Actor,
    Scoped(key): Scoped<Key>,
    web::Json(asked): web::Json<ExtensionAsked>,
) -> Result<Json<KeyShown>> {
    let key = extended(&portal, &actor, &key, overlap(asked.overlap_seconds)?).await?;
    Ok(Json(KeyShown::of(&portal, key)))
}

/// Cancel a rotation
///
/// The newer secret ends now, and the older one works on without an end, as if the key had not been rotated.
#[utoipa::path(
    post,
    path = "/api/v1/keys/{key}/cancel-rotation",
    operation_id = "cancelKeyRotation",
    tag = "Keys",
    params(("key" = String, Path, description = "The key's id.", example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")),
    responses((status = 200, description = "The key.", body = KeyShown)),
)]
pub(super) async fn cancel(portal: Portal, actor: Actor, Scoped(key): Scoped<Key>) -> Result<Json<KeyShown>> {
    let (key, _) = cancelled(&portal, &actor, &key).await?;
    Ok(Json(KeyShown::of(&portal, key)))
}

fn overlap(seconds: i64) -> Result<Overlap> {
    Overlap::from_seconds(seconds).map_err(|why| {
        let pointer = "/overlap_seconds".to_owned();
        Error::invalid(vec![FieldError { pointer, code: "out_of_range", message: why.to_string() }])
    })
}
