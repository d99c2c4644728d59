//! What pages and the HTTP API both do with keys.
//!
//! This instance forgets a changed key at once; the others hear of it from the database.

use time::OffsetDateTime;

use super::{
    Environment, Issued, Key, Minted, NewKey, Overlap, Secret, choose_scopes,
    edit::Asked,
    store::{self, Extension},
};
use crate::{
    apps::App,
    audit::Actor,
    db::OrganizationId,
    name::Name,
    portal::Portal,
    reference::Viewer,
    web::{Code, Error, FieldError, OnConstraint, Result},
};

const NAME_UNIQUE: &str = "api_key_name_unique";

/// What somebody wishes a new key to be, as it was typed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish<'a> {
    pub(super) name: &'a str,
    pub(super) environment: Environment,
    pub(super) scopes: &'a [String],
}

/// Issues a key, or says of every value why it cannot be accepted.
pub(super) async fn issued(portal: &Portal, actor: &Actor, app: &App, wish: Wish<'_>) -> Result<Issued> {
    if wish.environment == Environment::Production {
        return Err(Error::forbidden("Production keys are given out by the company. Issue a sandbox key here."));
    }
    let name = Name::parse(wish.name).map_err(|why| invalid("/name", "invalid", why));
    let scopes = choose_scopes(&offered(portal, app.organization), wish.scopes)
        .map_err(|why| invalid("/scopes", "unknown", &why.to_string()));
    let (name, scopes) = match (name, scopes) {
        (Ok(name), Ok(scopes)) => (name, scopes),
        (name, scopes) => return Err(Error::invalid([name.err(), scopes.err()].into_iter().flatten().collect())),
    };
    let new = NewKey { name, environment: wish.environment, scopes };
    let minted = Minted::new(&portal.vault, &portal.config.key_prefix, wish.environment);
    store::issue(&portal.db, actor, app, new, minted).await.on_constraint(NAME_UNIQUE, taken)
}

/// Changes a key's properties, or says of every value why it cannot be accepted.
pub(super) async fn changed(portal: &Portal, actor: &Actor, key: &Key, asked: Asked) -> Result<Key> {
    let (offered, now) = (offered(portal, key.organization), OffsetDateTime::now_utc());
    let most = key.most_calls_a_minute(portal.config.key_rate_limit);
    let edit = asked.read(key, &offered, most, now).map_err(Error::invalid)?;
    let changed = store::update(&portal.db, actor, key.id, edit, now).await.on_constraint(NAME_UNIQUE, taken)?;
    portal.key_ring.forget(key.id);
    changed.ok_or_else(over)
}

/// Switches a key off: every instance refuses it within a second, until somebody switches it on again.
pub(super) async fn switched_off(portal: &Portal, actor: &Actor, key: &Key) -> Result<Key> {
    let switched = store::switch_off(&portal.db, actor, key.id, OffsetDateTime::now_utc()).await?;
    portal.key_ring.forget(key.id);
    switched.ok_or_else(over)
}

/// Switches a key on again.
pub(super) async fn switched_on(portal: &Portal, actor: &Actor, key: &Key) -> Result<Key> {
    let switched = store::switch_on(&portal.db, actor, key.id, OffsetDateTime::now_utc()).await?;
    portal.key_ring.forget(key.id);
    switched.ok_or_else(over)
}

/// Gives a key a new secret.
pub(super) async fn rotated(portal: &Portal, actor: &Actor, key: &Key, overlap: Overlap) -> Result<Issued> {
    let minted = Minted::new(&portal.vault, &portal.config.key_prefix, key.environment);
    let rotated = store::rotate(&portal.db, actor, key.id, overlap, OffsetDateTime::now_utc(), minted).await?;
    portal.key_ring.forget(key.id);
    rotated.ok_or_else(|| Error::new(Code::Conflict, "A key that is revoked or has expired cannot be rotated."))
}

/// Ends the older of two live secrets. `None`: there is only one.
pub(super) async fn retired(portal: &Portal, actor: &Actor, key: &Key) -> Result<Option<Secret>> {
    let old = store::retire(&portal.db, actor, key.id, OffsetDateTime::now_utc()).await?;
    portal.key_ring.forget(key.id);
    Ok(old)
}

/// Lets the older of two live secrets work for the overlap from now on.
pub(super) async fn extended(portal: &Portal, actor: &Actor, key: &Key, overlap: Overlap) -> Result<Key> {
    let extension = store::extend(&portal.db, actor, key.id, overlap, OffsetDateTime::now_utc()).await?;
    portal.key_ring.forget(key.id);
    match extension {
        Extension::Extended(key) => Ok(*key),
        Extension::Sooner => {
            let why = "would end the old secret sooner than it ends now; to end it at once, retire it";
            Err(Error::invalid(vec![invalid("/overlap_seconds", "too_short", why)]))
        }
        Extension::NoRotation => Err(no_rotation()),
        Extension::Leaked => {
            Err(Error::new(Code::Conflict, "The old secret was reported as leaked: it cannot work any longer."))
        }
    }
}

/// Takes a rotation back; gives the new secret, which has ended.
pub(super) async fn cancelled(portal: &Portal, actor: &Actor, key: &Key) -> Result<(Key, Secret)> {
    let cancelled = store::cancel_rotation(&portal.db, actor, key.id, OffsetDateTime::now_utc()).await?;
    portal.key_ring.forget(key.id);
    cancelled.ok_or_else(no_rotation)
}

/// Ends a key for good.
pub(super) async fn revoked(portal: &Portal, actor: &Actor, key: &Key) -> Result<Key> {
    let revoked = store::revoke(&portal.db, actor, key.id).await?;
    portal.key_ring.forget(key.id);
    Ok(revoked)
}

fn offered(portal: &Portal, organization: OrganizationId) -> Vec<String> {
    let published = portal.catalogue.visible_to(Viewer::of(organization));
    published.scopes().into_iter().map(|scope| scope.name).collect()
}

fn over() -> Error {
    Error::new(Code::Conflict, "The key is revoked or has expired: nothing about it can be changed any more.")
}

fn no_rotation() -> Error {
    Error::new(
        Code::Conflict,
        "The key has no older secret that works, or it was reported as leaked: there is no rotation to change.",
    )
}

fn taken() -> Error {
    Error::invalid(vec![invalid("/name", "taken", "is already used by another key of this app")])
}

fn invalid(pointer: &str, code: &'static str, why: &str) -> FieldError {
    FieldError { pointer: pointer.to_owned(), code, message: why.to_owned() }
}
