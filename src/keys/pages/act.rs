//! What is done to a key with one button.

use axum::{http::StatusCode, response::Response};
use serde::Deserialize;

use super::{key_page, path_of, to_new_secret};
use crate::{
    audit::Actor,
    keys::{
        Key, Overlap,
        change::{cancelled, extended, retired, revoked, rotated, switched_off, switched_on},
    },
    portal::Portal,
    ui::absolute,
    web::{Code, Error, FieldErrors, Form, Member, Page, Result, Scoped, see_other},
};

#[derive(Debug, Deserialize)]
pub(super) struct OverlapForm {
    overlap: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Confirmation {
    #[serde(default)]
    confirm: String,
}

pub(super) async fn rotate(
    portal: Portal,
    member: Member,
    actor: Actor,
    Scoped(key): Scoped<Key>,
    page: Page,
    Form(form): Form<OverlapForm>,
) -> Result<Response> {
    let Ok(overlap) = Overlap::from_seconds(form.overlap) else {
        return refused(&portal, member, key, page, FieldErrors::one("overlap", "Choose one of these.")).await;
    };
    match rotated(&portal, &actor, &key, overlap).await {
        Ok(issued) => Ok(to_new_secret(&portal, &issued, "The key has a new secret.")),
        Err(error) => as_sentence(&portal, &key, error),
    }
}

pub(super) async fn retire(portal: Portal, actor: Actor, Scoped(key): Scoped<Key>) -> Result<Response> {
    let sentence = match retired(&portal, &actor, &key).await? {
        Some(old) => format!("The secret …{} was retired.", old.last_four),
        None => "The older secret had ended before.".to_owned(),
    };
    Ok(see_other(&portal, &path_of(key.id), &sentence))
}

pub(super) async fn extend(
    portal: Portal,
    member: Member,
    actor: Actor,
    Scoped(key): Scoped<Key>,
    page: Page,
    Form(form): Form<OverlapForm>,
) -> Result<Response> {
    let Ok(overlap) = Overlap::from_seconds(form.overlap) else {
        return refused(&portal, member, key, page, FieldErrors::one("extension", "Choose one of these.")).await;
    };
    match extended(&portal, &actor, &key, overlap).await {
        Ok(after) => {
            let end = after.secrets.iter().filter_map(|secret| secret.ends_at).max();
            let end = end.map(absolute).unwrap_or_default();
            Ok(see_other(&portal, &path_of(key.id), &format!("The old secret works until {end}.")))
        }
        Err(error) if error.code() == Code::ValidationFailed => {
            let why = "That would end the old secret sooner than it ends now. Choose a longer time, or retire it.";
            refused(&portal, member, key, page, FieldErrors::one("extension", why)).await
        }
        Err(error) => as_sentence(&portal, &key, error),
    }
}

pub(super) async fn cancel(portal: Portal, actor: Actor, Scoped(key): Scoped<Key>) -> Result<Response> {
    match cancelled(&portal, &actor, &key).await {
        Ok((_, new)) => {
            let sentence = format!("The rotation was cancelled: the new secret …{} has ended.", new.last_four);
            Ok(see_other(&portal, &path_of(key.id), &sentence))
        }
        Err(error) => as_sentence(&portal, &key, error),
    }
}

pub(super) async fn deactivate(portal: Portal, actor: Actor, Scoped(key): Scoped<Key>) -> Result<Response> {
    match switched_off(&portal, &actor, &key).await {
        Ok(_) => Ok(see_other(&portal, &path_of(key.id), "The key was switched off.")),
        Err(error) => as_sentence(&portal, &key, error),
    }
}

pub(super) async fn activate(portal: Portal, actor: Actor, Scoped(key): Scoped<Key>) -> Result<Response> {
    match switched_on(&portal, &actor, &key).await {
        Ok(_) => Ok(see_other(&portal, &path_of(key.id), "The key was switched on.")),
        Err(error) => as_sentence(&portal, &key, error),
    }
}

pub(super) async fn revoke(
    portal: Portal,
    member: Member,
    actor: Actor,
    Scoped(key): Scoped<Key>,
    page: Page,
    Form(form): Form<Confirmation>,
) -> Result<Response> {
    if form.confirm.trim() != key.name {
        let errors = FieldErrors::one("confirm", "This is not the key's name. Nothing was revoked.");
        return refused(&portal, member, key, page, errors).await;
    }
    revoked(&portal, &actor, &key).await?;
    Ok(see_other(&portal, &path_of(key.id), "The key was revoked."))
}

async fn refused(portal: &Portal, member: Member, key: Key, page: Page, errors: FieldErrors) -> Result<Response> {
    key_page(portal, member, key, page.status(StatusCode::UNPROCESSABLE_ENTITY), errors).await
}

/// The key has changed since the page was shown: the page as it is now says more than an error page.
pub(super) fn as_sentence(portal: &Portal, key: &Key, error: Error) -> Result<Response> {
    match error.code() {
        Code::Conflict => Ok(see_other(portal, &path_of(key.id), &format!("Nothing changed. {}", error.detail()))),
        _ => Err(error),
    }
}
