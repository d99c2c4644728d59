//! What pages and the HTTP API both do with keys.
//!
//! This instance forgets a changed key at once; the others hear of it from the database.

use time::OffsetDateTime;

use super::{Environment, Issued, Key, Minted, NewKey, Overlap, Secret, choose_scopes, store};
use crate::{
    apps::App,
    audit::Actor,
    name::Name,
    portal::Portal,
    reference::Viewer,
    web::{Code, Error, FieldError, OnConstraint, Result},
};

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
    let offered: Vec<String> = portal
        .catalogue
        .visible_to(Viewer::of(app.organization))
        .scopes()
        .into_iter()
        .map(|scope| scope.name)
        .collect();
    let name = Name::parse(wish.name).map_err(|why| invalid("/name", "invalid", why));
    let scopes = choose_scopes(&offered, wish.scopes).map_err(|why| invalid("/scopes", "unknown", &why.to_string()));
    let (name, scopes) = match (name, scopes) {
        (Ok(name), Ok(scopes)) => (name, scopes),
        (name, scopes) => return Err(Error::invalid([name.err(), scopes.err()].into_iter().flatten().collect())),
    };
    let new = NewKey { name, environment: wish.environment, scopes };
    let minted = Minted::new(&portal.vault, &portal.config.key_prefix, wish.environment);
    store::issue(&portal.db, actor, app, new, minted).await.on_constraint("api_key_name_unique", || {
        Error::invalid(vec![invalid("/name", "taken", "is already used by another key of this app")])
    })
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

/// Ends a key for good.
pub(super) async fn revoked(portal: &Portal, actor: &Actor, key: &Key) -> Result<Key> {
    let revoked = store::revoke(&portal.db, actor, key.id).await?;
    portal.key_ring.forget(key.id);
    Ok(revoked)
}

fn invalid(pointer: &str, code: &'static str, why: &str) -> FieldError {
    FieldError { pointer: pointer.to_owned(), code, message: why.to_owned() }
}
