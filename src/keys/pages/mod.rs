//! The pages of keys: an app with its keys, a key with its secrets, what can be done with it.

mod act;
mod form;
mod secrets;
mod settings;
mod show;

use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use leptos::prelude::*;
use secrecy::ExposeSecret;
use serde::Deserialize;
use time::OffsetDateTime;

use self::{
    form::{IssueForm, KeyTable, NoKeysYet},
    show::{KeyPage, NewSecret, Shown},
};
use super::{
    Environment, FirstCall, Issued, Key,
    change::{Wish, issued},
    model::path_of,
    store,
};
use crate::{
    apps::App,
    audit::Actor,
    db::KeyId,
    portal::Portal,
    reference::{Scope, Viewer},
    ui::{self, Link, LinkButton, PageTitle},
    usage::{self, KeyUsage},
    web::{Access, Error, FieldErrors, Form, Member, Page, Result, Role, Routes, Scoped, see_other, shown_once},
};

const APPS: &str = "/dashboard/apps";
/// More keys in one app than anybody reads; the HTTP API lists them all.
const KEYS_SHOWN: i64 = 200;

/// The pages of keys.
pub fn routes() -> Routes {
    let (viewer, developer) = (Access::Member(Role::Viewer), Access::Member(Role::Developer));
    Routes::new()
        .get("/dashboard/apps/{app}", viewer, index)
        .post("/dashboard/apps/{app}/keys", developer, create)
        .get("/dashboard/keys/{key}", viewer, show)
        .get("/dashboard/keys/{key}/settings", developer, settings::edit)
        .post("/dashboard/keys/{key}/settings", developer, settings::update)
        .post("/dashboard/keys/{key}/rotation", developer, act::rotate)
        .post("/dashboard/keys/{key}/retirement", developer, act::retire)
        .post("/dashboard/keys/{key}/extension", developer, act::extend)
        .post("/dashboard/keys/{key}/cancellation", developer, act::cancel)
        .post("/dashboard/keys/{key}/deactivation", developer, act::deactivate)
        .post("/dashboard/keys/{key}/activation", developer, act::activate)
        .post("/dashboard/keys/{key}/revocation", developer, act::revoke)
}

#[derive(Clone, Debug, Default, Deserialize)]
struct KeyForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    scopes: Vec<String>,
}

async fn index(portal: Portal, member: Member, Scoped(app): Scoped<App>, page: Page) -> Result<Response> {
    let scopes = portal.catalogue.visible_to(Viewer::of(member.organization)).scopes();
    // In the sandbox nothing can be broken: a first key reaches everything, and narrower ones follow.
    let form = KeyForm { name: String::new(), scopes: scopes.iter().map(|scope| scope.name.clone()).collect() };
    app_page(&portal, member, app, page, form, FieldErrors::default()).await
}

async fn create(
    portal: Portal,
    member: Member,
    actor: Actor,
    Scoped(app): Scoped<App>,
    page: Page,
    Form(form): Form<KeyForm>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    if form.scopes.is_empty() && !portal.catalogue.visible_to(Viewer::of(member.organization)).scopes().is_empty() {
        errors.add("scopes", "Choose at least one scope: without any, the key can call next to nothing.");
    }
    let wish = Wish { name: &form.name, environment: Environment::Sandbox, scopes: &form.scopes };
    let refused = match errors.is_empty() {
        true => match issued(&portal, &actor, &app, wish).await {
            Ok(issued) => return Ok(to_new_secret(&portal, &issued, "The key was issued.")),
            Err(error) if error.fields().is_empty() => return Err(error),
            Err(error) => error,
        },
        false => Error::invalid(Vec::new()),
    };
    for field in refused.fields() {
        errors.add(if field.pointer == "/name" { "name" } else { "scopes" }, field.message.clone());
    }
    app_page(&portal, member, app, page.status(StatusCode::UNPROCESSABLE_ENTITY), form, errors).await
}

async fn show(
    portal: Portal,
    member: Member,
    headers: HeaderMap,
    Scoped(key): Scoped<Key>,
    page: Page,
) -> Result<Response> {
    let secret = shown_once::receive(&portal, &headers, &handover(key.id));
    let Some(secret) = secret else { return key_page(&portal, member, key, page, FieldErrors::default()).await };
    let mut response =
        secret_page(&portal, Viewer::of(member.organization), key, page, secret.expose_secret().to_owned()).await;
    shown_once::shown(&portal, &mut response);
    Ok(response)
}

async fn app_page(
    portal: &Portal,
    member: Member,
    app: App,
    page: Page,
    form: KeyForm,
    errors: FieldErrors,
) -> Result<Response> {
    let keys = store::of_app(&portal.db, app.id, None, KEYS_SHOWN).await?;
    let scopes: Vec<Scope> = portal.catalogue.visible_to(Viewer::of(member.organization)).scopes();
    let prefix = portal.config.key_prefix.clone();
    let may_write = member.role >= Role::Developer;
    let title = app.name.clone();
    let body = move || {
        let settings = may_write.then(|| {
            view! { <LinkButton href=format!("{APPS}/{}/settings", app.id)>"App settings"</LinkButton> }.into_any()
        });
        let issue = may_write.then(|| view! { <IssueForm app=app.id scopes form errors/> });
        view! {
            <PageTitle
                title=app.name
                trail=vec![Link::new(APPS, "Apps and keys")]
                actions=view! { {settings} }.into_any()
            />
            {match keys.is_empty() {
                true => view! { <NoKeysYet/> }.into_any(),
                false => view! { <KeyTable keys prefix/> }.into_any(),
            }}
            {issue}
        }
    };
    Ok(page.side(|| ui::partner_menu(APPS)).render(title, body).await)
}

async fn key_page(portal: &Portal, member: Member, key: Key, page: Page, errors: FieldErrors) -> Result<Response> {
    let now = OffsetDateTime::now_utc();
    let shown = Shown {
        evidence: store::evidence(&portal.db, &key, now).await?,
        call: first_call(portal, Viewer::of(member.organization), &key).map(|call| call.curl()),
        prefix: portal.config.key_prefix.clone(),
        calls_a_minute: key.calls_a_minute(portal.config.key_rate_limit),
        role: member.role,
        now,
    };
    let usage = usage::brief_of_key(&portal.db, member.organization, key.id, now).await?;
    let (id, title) = (key.id, key.name.clone());
    let body = move || {
        view! {
            <KeyPage key shown errors/>
            <KeyUsage key=id brief=usage/>
        }
    };
    Ok(page.side(|| ui::partner_menu(APPS)).render(title, body).await)
}

async fn secret_page(portal: &Portal, viewer: Viewer, key: Key, page: Page, secret: String) -> Response {
    let call = first_call(portal, viewer, &key).map(|call| call.curl_with(&secret));
    let title = key.name.clone();
    let body = move || view! { <NewSecret key secret call/> };
    page.side(|| ui::partner_menu(APPS)).render(title, body).await
}

fn first_call(portal: &Portal, viewer: Viewer, key: &Key) -> Option<FirstCall> {
    FirstCall::choose(&portal.catalogue.visible_to(viewer), &portal.config.base_url, &key.scopes)
}

fn to_new_secret(portal: &Portal, issued: &Issued, sentence: &str) -> Response {
    let mut response = see_other(portal, &path_of(issued.key.id), sentence);
    shown_once::hand_over(portal, &mut response, &handover(issued.key.id), &issued.secret);
    response
}

/// Where a new secret of the key can be unsealed.
fn handover(key: KeyId) -> String {
    format!("new secret {key}")
}
