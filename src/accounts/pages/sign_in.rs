//! Signing in and out.

use std::time::Duration;

use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    accounts::{session, store},
    audit::{self, Actor, Entry, Subject},
    portal::Portal,
    ui::{Button, ButtonKind, Callout, Input, PageTitle, TextField, Tone, Width},
    web::{ClientRequest, Form, Page, Query, Result, Visitor, local_path, see_other, throttle},
};

const PER_ADDRESS: throttle::Limit = throttle::Limit { attempts: 30, window: Duration::from_secs(600) };
const PER_ACCOUNT: throttle::Limit = throttle::Limit { attempts: 10, window: Duration::from_secs(900) };

/// Where somebody lands who came from nowhere in particular: partners, and staff.
const HOME: &str = "/dashboard";
const STAFF_HOME: &str = "/admin";

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct SignInForm {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

pub(super) async fn new(visitor: Visitor, page: Page, Query(next): Query<Next>) -> Response {
    if let Some(session) = visitor.session {
        let home = if session.staff.is_some() { STAFF_HOME } else { HOME };
        return Redirect::to(local_path(&next.next).unwrap_or(home)).into_response();
    }
    form_page(page, String::new(), next.next, None).await
}

pub(super) async fn create(
    portal: Portal,
    request: ClientRequest,
    headers: HeaderMap,
    page: Page,
    Form(form): Form<SignInForm>,
) -> Result<Response> {
    let email = form.email.trim().to_owned();
    let of_account = format!("login-account:{}", email.to_lowercase());
    throttle::count(&portal.db, &format!("login:{}", request.address), PER_ADDRESS).await?;
    throttle::count(&portal.db, &of_account, PER_ACCOUNT).await?;

    let account = store::by_email(&portal.db, &email).await?;
    let stored = account.as_ref().map(|account| account.password_hash.as_str());
    let (true, Some(account)) = (portal.passwords.verify(&form.password, stored).await?, account.as_ref()) else {
        let error =
            "This address and password do not belong together. If you have just signed up, confirm your address first.";
        let page = page.status(StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(form_page(page, form.email, form.next, Some(error)).await);
    };
    throttle::forget(&portal.db, &of_account).await?;

    let mut tx = portal.db.begin().await?;
    let begun = session::begin(&mut tx, &portal, &headers, &request, account.id).await?;
    let actor = Actor::account(account.id, &account.name, &request);
    let entry = Entry::new("account.signed_in", Subject::own("account", account.id, &account.email));
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    let home = if account.is_staff { STAFF_HOME } else { HOME };
    let mut response = Redirect::to(local_path(&form.next).unwrap_or(home)).into_response();
    begun.set(&portal, &mut response);
    Ok(response)
}

pub(super) async fn confirm_end(page: Page) -> Response {
    page.width(Width::Narrow)
        .render("Sign out", || {
            view! {
                <PageTitle title="Sign out?"/>
                <form class="form" method="post">
                    <div class="actions"><Button kind=ButtonKind::Primary>"Sign out"</Button></div>
                </form>
            }
        })
        .await
}

pub(super) async fn end(portal: Portal, headers: HeaderMap) -> Result<Response> {
    let mut response = see_other(&portal, "/", "You are signed out.");
    session::end(&portal, &headers, &mut response).await?;
    Ok(response)
}

async fn form_page(page: Page, email: String, next: String, error: Option<&'static str>) -> Response {
    page.width(Width::Narrow).render("Sign in", move || view! { <SignIn email next error/> }).await
}

#[component]
fn SignIn(email: String, next: String, error: Option<&'static str>) -> impl IntoView {
    view! {
        <PageTitle title="Sign in"/>
        {error.map(|error| view! { <Callout tone=Tone::Bad title="Not signed in" role="alert"><p>{error}</p></Callout> })}
        <form class="form" method="post" action="/login">
            <input type="hidden" name="next" value=next/>
            <TextField name="email" label="Address" kind=Input::Email value=email autocomplete="username"/>
            <TextField name="password" label="Password" kind=Input::Password autocomplete="current-password"/>
            <div class="actions"><Button kind=ButtonKind::Primary>"Sign in"</Button></div>
        </form>
        <p class="alternative">
            <a href="/forgot-password">"Set a new password"</a> " · " <a href="/signup">"Sign up"</a>
        </p>
    }
}
