//! The pages on which owners and administrators make and revoke tokens: one for partners, one for the company.

mod views;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, request::Parts},
    response::Response,
};
use leptos::prelude::*;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use self::views::{NewSecret, NoTokensYet, TokenForm, TokenTable};
use super::{Holder, NewToken, Scope, Token, choose_scopes, store};
use crate::{
    audit::Actor,
    db::{AccountId, TokenId},
    name::Name,
    portal::Portal,
    ui,
    ui::PageTitle,
    web::{
        Access, Error, FieldErrors, Form, Member, Page, Path, Result, Role, Routes, Staff, StaffRole, see_other,
        shown_once,
    },
};

const PARTNER_PATH: &str = "/dashboard/tokens";
const STAFF_PATH: &str = "/admin/tokens";
/// What a token with a scope can read.
const FIRST_CALLS: [(Scope, &str); 3] = [
    (Scope::OrganizationsRead, "/api/v1/organizations"),
    (Scope::AuditRead, "/api/v1/audit"),
    (Scope::AppsRead, "/api/v1/apps"),
];

/// The routes of both pages.
pub fn routes() -> Routes {
    let (owner, admin) = (Access::Member(Role::Owner), Access::Staff(StaffRole::Admin));
    Routes::new()
        .get(PARTNER_PATH, owner, index)
        .post(PARTNER_PATH, owner, create)
        .post("/dashboard/tokens/{token}/revocation", owner, revoke)
        .get(STAFF_PATH, admin, index)
        .post(STAFF_PATH, admin, create)
        .post("/admin/tokens/{token}/revocation", admin, revoke)
}

/// At which of the two pages a visitor is, and whose tokens they manage there.
#[derive(Clone, Copy)]
struct Desk {
    path: &'static str,
    account: AccountId,
    holder: Holder,
}

impl FromRequestParts<Portal> for Desk {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self> {
        if parts.uri.path().starts_with(STAFF_PATH) {
            let staff = Staff::from_request_parts(parts, portal).await?;
            return Ok(Self { path: STAFF_PATH, account: staff.account, holder: Holder::Staff });
        }
        let member = Member::from_request_parts(parts, portal).await?;
        Ok(Self { path: PARTNER_PATH, account: member.account, holder: Holder::Organization(member.organization) })
    }
}

impl Desk {
    /// Where a new token's text can be unsealed.
    fn handover(self) -> String {
        format!("new token {} {}", self.path, self.account)
    }

    fn lead(self) -> &'static str {
        match self.holder {
            Holder::Staff => {
                "With these your company's own programs call the management API: to set up partners, or to collect the audit trail."
            }
            Holder::Organization(_) => {
                "With these your own programs call the management API, to make apps and keys without this page. For calls to the product's API, use a key."
            }
        }
    }
}

/// A call to try a new token with; `None` where it may do nothing harmless.
fn first_call(portal: &Portal, token: &Token, secret: &str) -> Option<String> {
    let may = |scope: Scope| token.scopes.iter().any(|own| own == scope.as_str());
    let (_, path) = FIRST_CALLS.into_iter().find(|(scope, _)| may(*scope))?;
    Some(format!("curl {} \\\n  -H \"Authorization: Bearer {secret}\"", portal.config.base_url.join(path)))
}

/// What was typed, and what of it cannot be accepted.
#[derive(Default)]
struct Typed {
    draft: Draft,
    errors: FieldErrors,
    /// The token whose revocation was not confirmed.
    unconfirmed: Option<TokenId>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Draft {
    #[serde(default)]
    name: String,
    #[serde(default)]
    scopes: Vec<String>,
}

async fn index(portal: Portal, desk: Desk, headers: HeaderMap, page: Page) -> Result<Response> {
    let secret = shown_once::receive(&portal, &headers, &desk.handover());
    let is_shown = secret.is_some();
    let mut response = show(&portal, desk, page, Typed::default(), secret).await?;
    if is_shown {
        shown_once::shown(&portal, &mut response);
    }
    Ok(response)
}

async fn create(portal: Portal, desk: Desk, actor: Actor, page: Page, Form(draft): Form<Draft>) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let name = errors.check("name", Name::parse(&draft.name));
    let scopes = errors.check("scopes", choose_scopes(desk.holder, &draft.scopes)).unwrap_or_default();
    if scopes.is_empty() && errors.get("scopes").is_none() {
        errors.add("scopes", "Choose at least one thing that the token may do.");
    }
    let Some(name) = name.filter(|_| errors.is_empty()) else {
        let typed = Typed { draft, errors, ..Typed::default() };
        return show(&portal, desk, page.status(StatusCode::UNPROCESSABLE_ENTITY), typed, None).await;
    };
    let mut tx = portal.db.begin().await?;
    let new = NewToken { holder: desk.holder, name, scopes };
    let issued = store::issue(&mut tx, &portal.vault, &portal.config.key_prefix, &actor, new).await?;
    tx.commit().await?;
    let mut response = see_other(&portal, desk.path, "The token was made.");
    shown_once::hand_over(&portal, &mut response, &desk.handover(), &issued.secret);
    Ok(response)
}

#[derive(Deserialize)]
struct Confirmation {
    #[serde(default)]
    confirm: String,
}

async fn revoke(
    portal: Portal,
    desk: Desk,
    actor: Actor,
    page: Page,
    Path(id): Path<TokenId>,
    Form(form): Form<Confirmation>,
) -> Result<Response> {
    let tokens = store::of(&portal.db, desk.holder).await?;
    let token = tokens.into_iter().find(|token| token.id == id).ok_or_else(Error::not_found)?;
    if form.confirm.trim() != token.name {
        let typed = Typed { unconfirmed: Some(id), ..Typed::default() };
        return show(&portal, desk, page.status(StatusCode::UNPROCESSABLE_ENTITY), typed, None).await;
    }
    let mut tx = portal.db.begin().await?;
    let sentence = match store::revoke(&mut tx, &actor, &token).await? {
        true => format!("The token {} was revoked.", token.name),
        false => format!("The token {} had been revoked before.", token.name),
    };
    tx.commit().await?;
    Ok(see_other(&portal, desk.path, &sentence))
}

async fn show(portal: &Portal, desk: Desk, page: Page, typed: Typed, secret: Option<SecretString>) -> Result<Response> {
    let tokens = store::of(&portal.db, desk.holder).await?;
    let prefix = portal.config.key_prefix.clone();
    // The newest token comes first: the one that was just made.
    let new = secret.zip(tokens.first()).map(|(secret, token)| {
        let secret = secret.expose_secret().to_owned();
        let call = first_call(portal, token, &secret);
        (secret, call)
    });
    let page = match desk.holder {
        Holder::Staff => page.side(|| ui::staff_menu(STAFF_PATH)),
        Holder::Organization(_) => page.side(|| ui::partner_menu(PARTNER_PATH)),
    };
    let body = move || {
        view! {
            <PageTitle title="Management tokens" lead=desk.lead()/>
            {new.map(|(secret, call)| view! { <NewSecret secret call/> })}
            {match tokens.is_empty() {
                true => view! { <NoTokensYet/> }.into_any(),
                false => view! { <TokenTable tokens prefix path=desk.path unconfirmed=typed.unconfirmed/> }.into_any(),
            }}
            <TokenForm path=desk.path holder=desk.holder draft=typed.draft errors=typed.errors/>
        }
    };
    Ok(page.render("Management tokens", body).await)
}
