//! Making and naming apps, as pages and the HTTP API both do.

use super::{App, store};
use crate::{
    audit::Actor,
    db::OrganizationId,
    name::Name,
    portal::Portal,
    web::{Error, FieldError, OnConstraint, Result},
};

const NAME_UNIQUE: &str = "app_name_unique";

/// Makes an app with a name as it was typed.
pub(super) async fn made(portal: &Portal, actor: &Actor, organization: OrganizationId, name: &str) -> Result<App> {
    let name = Name::parse(name).map_err(|why| invalid_name("invalid", why))?;
    store::create(&portal.db, actor, organization, &name).await.on_constraint(NAME_UNIQUE, taken)
}

/// Gives an app a name as it was typed.
pub(super) async fn renamed(portal: &Portal, actor: &Actor, app: &App, name: &str) -> Result<Name> {
    let name = Name::parse(name).map_err(|why| invalid_name("invalid", why))?;
    store::rename(&portal.db, actor, app, &name).await.on_constraint(NAME_UNIQUE, taken)?;
    Ok(name)
}

fn taken() -> Error {
    invalid_name("taken", "is already used by another of your apps")
}

fn invalid_name(code: &'static str, why: &str) -> Error {
    Error::invalid(vec![FieldError { pointer: "/name".to_owned(), code, message: why.to_owned() }])
}
