//! Accepting an invitation: with the account one has, or with a new one.

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::json;

use crate::{
    accounts::{self, Password},
    audit::{self, Actor, Entry, Subject},
    name::Name,
    organizations::store::{self, Invitation},
    portal::Portal,
    ui::{Button, ButtonKind, Input, LinkButton, PageTitle, TextField, Width},
    vault::sha256,
    web::{ClientRequest, Error, FieldErrors, Form, Page, Path, Result, Role, Visitor, see_other},
};

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct JoinForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

/// Who stands before the invitation.
enum Guest {
    /// Signed in with the invited address.
    Known,
    /// The invited address has an account; its owner has to sign in first.
    SignedOut,
    /// The address has no account yet.
    New,
}

pub(super) async fn show(portal: Portal, visitor: Visitor, page: Page, Path(token): Path<String>) -> Result<Response> {
    let Some(invitation) = store::invitation(&portal.db, &sha256(&token)).await? else {
        return Ok(stale_page(page).await);
    };
    let guest = guest(&portal, &visitor, &invitation).await?;
    Ok(join_page(page, invitation, guest, token, JoinForm::default(), FieldErrors::default()).await)
}

pub(super) async fn accept(
    portal: Portal,
    visitor: Visitor,
    request: ClientRequest,
    page: Page,
    Path(token): Path<String>,
    Form(form): Form<JoinForm>,
) -> Result<Response> {
    let Some(invitation) = store::invitation(&portal.db, &sha256(&token)).await? else {
        return Ok(stale_page(page).await);
    };
    match guest(&portal, &visitor, &invitation).await? {
        Guest::SignedOut => Ok(see_other(&portal, &format!("/login?next=/invite/{token}"), "")),
        Guest::Known => {
            let session = visitor.session.ok_or_else(Error::not_found)?;
            let actor = Actor::account(session.account, &session.name, &request);
            join(&portal, &invitation, &actor, Joining::Account(session.account)).await?;
            Ok(see_other(&portal, "/dashboard", &format!("You belong to {} now.", invitation.organization_name)))
        }
        Guest::New => {
            let mut errors = FieldErrors::default();
            let name = errors.check("name", Name::parse(&form.name));
            let password = errors.check("password", Password::parse(&form.password, &[&form.name, &invitation.email]));
            let (Some(name), Some(password)) = (name, password) else {
                let page = page.status(StatusCode::UNPROCESSABLE_ENTITY);
                return Ok(join_page(page, invitation, Guest::New, token, form, errors).await);
            };
            let hash = portal.passwords.hash(&password).await?;
            let actor = Actor { label: name.as_str().to_owned(), ..Actor::anonymous(&request) };
            join(&portal, &invitation, &actor, Joining::New { name, hash }).await?;
            Ok(see_other(&portal, "/login", "Your account is made. Sign in."))
        }
    }
}

enum Joining {
    Account(crate::db::AccountId),
    New { name: Name, hash: String },
}

async fn join(portal: &Portal, invitation: &Invitation, actor: &Actor, joining: Joining) -> Result<()> {
    let mut tx = portal.db.begin().await?;
    if !store::accept(&mut *tx, invitation.id).await? {
        return Err(Error::not_found());
    }
    let account = match joining {
        Joining::Account(account) => account,
        // The link reached the address, so the address is confirmed.
        Joining::New { name, hash } => accounts::open(&mut tx, &invitation.email, name.as_str(), &hash).await?,
    };
    let role: Role = invitation.role.parse().unwrap_or(Role::Viewer);
    store::add(&mut *tx, invitation.organization, account, role).await?;
    let subject = Subject::of(invitation.organization, "account", account, &invitation.email);
    let entry = Entry::new("member.joined", subject).after(json!({ "role": role.as_str() }));
    audit::record(&mut tx, actor, entry).await?;
    tx.commit().await?;
    Ok(())
}

async fn guest(portal: &Portal, visitor: &Visitor, invitation: &Invitation) -> Result<Guest> {
    let is_invited = |email: &str| email.eq_ignore_ascii_case(&invitation.email);
    if visitor.session.as_ref().is_some_and(|session| is_invited(&session.email)) {
        return Ok(Guest::Known);
    }
    match accounts::exists(&portal.db, &invitation.email).await? {
        true => Ok(Guest::SignedOut),
        false => Ok(Guest::New),
    }
}

async fn join_page(
    page: Page,
    invitation: Invitation,
    guest: Guest,
    token: String,
    form: JoinForm,
    errors: FieldErrors,
) -> Response {
    let title = format!("Join {}", invitation.organization_name);
    let body = move || {
        let lead = format!("You are invited as {}, with the address {}.", invitation.role, invitation.email);
        let action = format!("/invite/{token}");
        let rest = match guest {
            Guest::Known => view! {
                <form class="form" method="post" action=action>
                    <div class="actions"><Button kind=ButtonKind::Primary>"Accept invitation"</Button></div>
                </form>
            }
            .into_any(),
            Guest::SignedOut => view! {
                <p>"This address has an account. Sign in with it to accept."</p>
                <div class="actions">
                    <LinkButton href=format!("/login?next={action}") kind=ButtonKind::Primary>"Sign in"</LinkButton>
                </div>
            }
            .into_any(),
            Guest::New => view! {
                <form class="form" method="post" action=action>
                    <TextField name="name" label="Your name" value=form.name autocomplete="name"
                        error=errors.get("name")/>
                    <TextField name="password" label="Password" kind=Input::Password autocomplete="new-password"
                        hint="At least 10 characters. Three or four words do well." error=errors.get("password")/>
                    <div class="actions"><Button kind=ButtonKind::Primary>"Create account and join"</Button></div>
                </form>
            }
            .into_any(),
        };
        view! { <PageTitle title=format!("Join {}", invitation.organization_name) lead=lead/> {rest} }
    };
    page.width(Width::Narrow).render(title, body).await
}

async fn stale_page(page: Page) -> Response {
    page.status(StatusCode::NOT_FOUND)
        .width(Width::Narrow)
        .render("This invitation is not good any more", || {
            view! {
                <PageTitle title="This invitation is not good any more"/>
                <p>"It was accepted, withdrawn, or is older than seven days. Ask the person who invited you for a new one."</p>
            }
        })
        .await
}
