//! Signing up, and confirming the address.

use std::time::Duration;

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::json;

use crate::{
    accounts::{EmailAddress, Password, store},
    audit::{self, Actor, Entry, Subject},
    db::{AccountId, OrganizationId},
    mail::{self, Message, Part},
    name::Name,
    portal::Portal,
    ui::{Button, ButtonKind, Input, LinkButton, PageTitle, Panel, TextField, Width},
    vault::{random_token, sha256},
    web::{ClientRequest, FieldErrors, Form, OnConstraint, Page, Query, Result, see_other, throttle},
};

/// Time enough for a mail that is held back by greylisting and a night's sleep.
const LINK_LIFETIME: Duration = Duration::from_secs(48 * 3600);
const PER_ADDRESS: throttle::Limit = throttle::Limit { attempts: 20, window: Duration::from_secs(3600) };
const PER_RECIPIENT: throttle::Limit = throttle::Limit { attempts: 5, window: Duration::from_secs(3600) };

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct SignUpForm {
    organization: String,
    name: String,
    email: String,
    password: String,
}

struct NewPartner {
    organization: Name,
    name: Name,
    email: EmailAddress,
    password: Password,
}

pub(super) async fn new(page: Page) -> Response {
    form_page(page, SignUpForm::default(), FieldErrors::default()).await
}

pub(super) async fn create(
    portal: Portal,
    request: ClientRequest,
    page: Page,
    Form(form): Form<SignUpForm>,
) -> Result<Response> {
    let new = match form.parse() {
        Ok(new) => new,
        Err(errors) => return Ok(form_page(page.status(StatusCode::UNPROCESSABLE_ENTITY), form, errors).await),
    };
    throttle::count(&portal.db, &format!("signup:{}", request.address), PER_ADDRESS).await?;
    // Hashed in either case: the answer takes as long for an address that has an account already.
    let hash = portal.passwords.hash(&new.password).await?;
    let recipient = format!("signup-mail:{}", new.email.as_str().to_lowercase());
    if throttle::count(&portal.db, &recipient, PER_RECIPIENT).await.is_ok() {
        keep(&portal, &new, &hash).await?;
    }
    Ok(sent_page(page, new.email.as_str().to_owned()).await)
}

/// Keeps the wish and sends the link; or tells the owner of an account that somebody tried.
async fn keep(portal: &Portal, new: &NewPartner, hash: &str) -> Result<()> {
    let mut tx = portal.db.begin().await?;
    let message = match store::by_email(&mut *tx, new.email.as_str()).await? {
        Some(account) => already_known(portal, &account),
        None => {
            let token = random_token();
            let who = (&new.email, &new.name, &new.organization);
            store::insert_sign_up(&mut *tx, who, hash, &sha256(&token), LINK_LIFETIME).await?;
            confirmation(portal, new, &token)
        }
    };
    mail::queue(&mut tx, portal, message).await?;
    tx.commit().await?;
    Ok(())
}

fn confirmation(portal: &Portal, new: &NewPartner, token: &str) -> Message {
    let url = portal.config.base_url.join(&format!("/verify-email?token={token}"));
    Message {
        kind: "verify_address",
        recipient: new.email.as_str().to_owned(),
        recipient_name: new.name.as_str().to_owned(),
        subject: "Confirm your address".into(),
        parts: vec![
            Part::Text(format!("you signed up {} for sandbox access. One step is left.", new.organization.as_str())),
            Part::Action("Confirm your address", url),
            Part::Note("The link is good for 48 hours. If this was not you, do nothing: no account is made.".into()),
        ],
    }
}

fn already_known(portal: &Portal, account: &store::Account) -> Message {
    Message {
        kind: "already_signed_up",
        recipient: account.email.clone(),
        recipient_name: account.name.clone(),
        subject: "You already have an account".into(),
        parts: vec![
            Part::Text("somebody, most likely you, signed up with this address. It has an account already.".into()),
            Part::Action("Sign in", portal.config.base_url.join("/login")),
            Part::Note("If you do not remember the password, set a new one from the sign-in page.".into()),
        ],
    }
}

#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    token: String,
}

/// The link in the mail only shows a page: programs that open every link must not confirm anything.
pub(super) async fn verification(portal: Portal, page: Page, Query(link): Query<Link>) -> Result<Response> {
    match store::sign_up(&portal.db, &sha256(&link.token)).await? {
        Some(sign_up) => Ok(confirm_page(page, sign_up.email, link.token).await),
        None => Ok(stale_page(page).await),
    }
}

pub(super) async fn verify(
    portal: Portal,
    request: ClientRequest,
    page: Page,
    Form(link): Form<Link>,
) -> Result<Response> {
    let mut tx = portal.db.begin().await?;
    let Some(sign_up) = store::sign_up(&mut *tx, &sha256(&link.token)).await? else {
        return Ok(stale_page(page).await);
    };
    let (account, organization) = (AccountId::new(), OrganizationId::new());
    store::insert(&mut *tx, account, &sign_up.email, &sign_up.name, &sign_up.password_hash)
        .await
        .on_constraint("account_email_unique", || {
            crate::web::Error::new(crate::web::Code::Conflict, "This address has an account already. Sign in.")
        })?;
    store::insert_organization(&mut tx, organization, &sign_up.organization, &sign_up.email, account).await?;
    store::forget_sign_ups(&mut *tx, &sign_up.email).await?;
    let actor = Actor::account(account, &sign_up.name, &request);
    let subject = Subject::of(organization, "organization", organization, &sign_up.organization);
    let entry = Entry::new("organization.created", subject)
        .after(json!({ "name": sign_up.organization, "owner": sign_up.email }));
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok(see_other(&portal, "/login", "Your address is confirmed. Sign in to make your first key."))
}

impl SignUpForm {
    fn parse(&self) -> std::result::Result<NewPartner, FieldErrors> {
        let mut errors = FieldErrors::default();
        let organization = errors.check("organization", Name::parse(&self.organization));
        let name = errors.check("name", Name::parse(&self.name));
        let email = errors.check("email", EmailAddress::parse(&self.email));
        let about = [self.organization.as_str(), self.name.as_str(), self.email.as_str()];
        let password = errors.check("password", Password::parse(&self.password, &about));
        match (organization, name, email, password) {
            (Some(organization), Some(name), Some(email), Some(password)) => {
                Ok(NewPartner { organization, name, email, password })
            }
            _ => Err(errors),
        }
    }
}

async fn form_page(page: Page, form: SignUpForm, errors: FieldErrors) -> Response {
    page.width(Width::Narrow).render("Sign up", move || view! { <SignUp form errors/> }).await
}

#[component]
fn SignUp(form: SignUpForm, errors: FieldErrors) -> impl IntoView {
    view! {
        <PageTitle title="Sign up" lead="With your work address. No contract and no card for the sandbox."/>
        <form class="form" method="post">
            <TextField name="organization" label="Organization" value=form.organization autocomplete="organization"
                error=errors.get("organization")/>
            <TextField name="name" label="Your name" value=form.name autocomplete="name" error=errors.get("name")/>
            <TextField name="email" label="Work address" kind=Input::Email value=form.email autocomplete="email"
                error=errors.get("email")/>
            <TextField name="password" label="Password" kind=Input::Password autocomplete="new-password"
                hint="At least 10 characters. Three or four words do well." error=errors.get("password")/>
            <div class="actions"><Button kind=ButtonKind::Primary>"Create account"</Button></div>
        </form>
        <p class="alternative">"You have an account? " <a href="/login">"Sign in"</a></p>
    }
}

async fn sent_page(page: Page, email: String) -> Response {
    page.width(Width::Narrow)
        .render("Check your mail", move || {
            view! {
                <PageTitle title="Check your mail"/>
                <p>"We sent a link to " <strong>{email}</strong> ". Open it to confirm the address; then you can sign in."</p>
                <p class="note">"Nothing after a few minutes? Look into the spam folder, or "
                    <a href="/signup">"sign up again"</a> " and check the address."</p>
            }
        })
        .await
}

async fn confirm_page(page: Page, email: String, token: String) -> Response {
    page.width(Width::Narrow)
        .render("Confirm your address", move || {
            view! {
                <PageTitle title="Confirm your address"/>
                <Panel title="One step is left">
                    <p>"Is " <strong>{email}</strong> " your address?"</p>
                    <form class="form" method="post" action="/verify-email">
                        <input type="hidden" name="token" value=token/>
                        <div class="actions"><Button kind=ButtonKind::Primary>"Confirm address"</Button></div>
                    </form>
                </Panel>
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
                <p>"It was used already, or it is older than 48 hours. If you confirmed your address before, sign in; \
                    otherwise sign up again, it takes a minute."</p>
                <div class="actions">
                    <LinkButton href="/login" kind=ButtonKind::Primary>"Sign in"</LinkButton>
                    <LinkButton href="/signup">"Sign up again"</LinkButton>
                </div>
            }
        })
        .await
}
