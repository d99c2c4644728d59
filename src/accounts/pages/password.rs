//! Setting a new password with a link.

use std::time::Duration;

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    accounts::{EmailAddress, Password, store},
    audit::{self, Actor, Entry, Subject},
    mail::{self, Message, Part},
    portal::Portal,
    ui::{Button, ButtonKind, Input, LinkButton, PageTitle, TextField, Width},
    vault::{random_token, sha256},
    web::{ClientRequest, FieldErrors, Form, Page, Query, Result, see_other, throttle},
};

const LINK_LIFETIME: Duration = Duration::from_secs(3600);
const PER_ADDRESS: throttle::Limit = throttle::Limit { attempts: 20, window: Duration::from_secs(3600) };
const PER_RECIPIENT: throttle::Limit = throttle::Limit { attempts: 3, window: Duration::from_secs(3600) };

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Forgotten {
    email: String,
}

pub(super) async fn forgotten(page: Page) -> Response {
    forgotten_page(page, String::new(), FieldErrors::default()).await
}

pub(super) async fn send_link(
    portal: Portal,
    request: ClientRequest,
    page: Page,
    Form(form): Form<Forgotten>,
) -> Result<Response> {
    let email = match EmailAddress::parse(&form.email) {
        Ok(email) => email,
        Err(error) => {
            let errors = FieldErrors::one("email", error);
            return Ok(forgotten_page(page.status(StatusCode::UNPROCESSABLE_ENTITY), form.email, errors).await);
        }
    };
    throttle::count(&portal.db, &format!("reset:{}", request.address), PER_ADDRESS).await?;
    let recipient = format!("reset-mail:{}", email.as_str().to_lowercase());
    if throttle::count(&portal.db, &recipient, PER_RECIPIENT).await.is_ok() {
        mail_link(&portal, &email).await?;
    }
    Ok(sent_page(page, email.as_str().to_owned()).await)
}

async fn mail_link(portal: &Portal, email: &EmailAddress) -> Result<()> {
    let token = random_token();
    let mut tx = portal.db.begin().await?;
    let Some(account) = store::by_email(&mut *tx, email.as_str()).await? else { return Ok(()) };
    store::insert_reset(&mut *tx, account.id, &sha256(&token), LINK_LIFETIME).await?;
    let message = Message {
        kind: "reset_password",
        recipient: account.email,
        recipient_name: account.name,
        subject: "Set a new password".into(),
        parts: vec![
            Part::Text("somebody, most likely you, asked for a new password.".into()),
            Part::Action("Set a new password", portal.config.base_url.join(&format!("/reset-password?token={token}"))),
            Part::Note(
                "The link is good for one hour. If this was not you, do nothing: the old password stays.".into(),
            ),
        ],
    };
    mail::queue(&mut tx, portal, message).await?;
    tx.commit().await?;
    Ok(())
}

#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
pub(super) struct NewPassword {
    token: String,
    password: String,
}

pub(super) async fn new(portal: Portal, page: Page, Query(link): Query<Link>) -> Result<Response> {
    match store::reset_of(&portal.db, &sha256(&link.token)).await? {
        Some(_) => Ok(new_page(page, link.token, FieldErrors::default()).await),
        None => Ok(stale_page(page).await),
    }
}

pub(super) async fn create(
    portal: Portal,
    request: ClientRequest,
    page: Page,
    Form(form): Form<NewPassword>,
) -> Result<Response> {
    let token_hash = sha256(&form.token);
    let Some(account) = store::reset_of(&portal.db, &token_hash).await? else { return Ok(stale_page(page).await) };
    let password = match Password::parse(&form.password, &[&account.name, &account.email]) {
        Ok(password) => password,
        Err(error) => {
            let errors = FieldErrors::one("password", error);
            return Ok(new_page(page.status(StatusCode::UNPROCESSABLE_ENTITY), form.token, errors).await);
        }
    };
    let hash = portal.passwords.hash(&password).await?;
    let mut tx = portal.db.begin().await?;
    if !store::use_resets(&mut *tx, account.id).await? {
        return Ok(stale_page(page).await);
    }
    store::set_password(&mut *tx, account.id, &hash).await?;
    store::end_other_sessions(&mut *tx, account.id, None).await?;
    let entry = Entry::new("account.password_reset", Subject::own("account", account.id, &account.email));
    audit::record(&mut tx, &Actor::account(account.id, &account.name, &request), entry).await?;
    tx.commit().await?;
    Ok(see_other(&portal, "/login", "Your new password is set. Every session was ended; sign in again."))
}

async fn forgotten_page(page: Page, email: String, errors: FieldErrors) -> Response {
    page.width(Width::Narrow)
        .render("Set a new password", move || {
            view! {
                <PageTitle title="Set a new password" lead="We send a link to your address."/>
                <form class="form" method="post">
                    <TextField name="email" label="Address" kind=Input::Email value=email autocomplete="username"
                        error=errors.get("email")/>
                    <div class="actions"><Button kind=ButtonKind::Primary>"Send link"</Button></div>
                </form>
                <p class="alternative"><a href="/login">"Back to sign in"</a></p>
            }
        })
        .await
}

async fn sent_page(page: Page, email: String) -> Response {
    page.width(Width::Narrow)
        .render("Check your mail", move || {
            view! {
                <PageTitle title="Check your mail"/>
                <p>"If " <strong>{email}</strong> " has an account, a link is on its way. It is good for one hour."</p>
            }
        })
        .await
}

async fn new_page(page: Page, token: String, errors: FieldErrors) -> Response {
    page.width(Width::Narrow)
        .render("Set a new password", move || {
            view! {
                <PageTitle title="Set a new password" lead="Every session of your account ends when you do."/>
                <form class="form" method="post" action="/reset-password">
                    <input type="hidden" name="token" value=token/>
                    <TextField name="password" label="New password" kind=Input::Password autocomplete="new-password"
                        hint="At least 10 characters. Three or four words do well." error=errors.get("password")/>
                    <div class="actions"><Button kind=ButtonKind::Primary>"Set password"</Button></div>
                </form>
            }
        })
        .await
}

async fn stale_page(page: Page) -> Response {
    page.status(StatusCode::NOT_FOUND)
        .width(Width::Narrow)
        .render("This link is not good any more", || {
            view! {
                <PageTitle title="This link is not good any more"/>
                <p>"It was used already, or it is too old. Ask for a new one."</p>
                <div class="actions">
                    <LinkButton href="/forgot-password" kind=ButtonKind::Primary>"Send a new link"</LinkButton>
                </div>
            }
        })
        .await
}
