//! Everybody's own account: name, password, sessions.

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use crate::{
    accounts::{Password, store},
    audit::{self, Actor, Entry, Subject},
    db::SessionId,
    name::Name,
    portal::Portal,
    ui::{
        self, Badge, Button, ButtonKind, Cell, Column, Editing, Input, PageTitle, Section, Size, Table, TextField,
        Time, Tone,
    },
    web::{Error, FieldErrors, Form, Page, Path, Result, SignedIn, see_other},
};

const PATH: &str = "/dashboard/account";

pub(super) async fn show(portal: Portal, me: SignedIn, page: Page) -> Result<Response> {
    render(&portal, me, page, FieldErrors::default()).await
}

#[derive(Deserialize)]
pub(super) struct NameForm {
    name: String,
}

pub(super) async fn rename(
    portal: Portal,
    me: SignedIn,
    actor: Actor,
    page: Page,
    Form(form): Form<NameForm>,
) -> Result<Response> {
    let name = match Name::parse(&form.name) {
        Ok(name) => name,
        Err(error) => {
            let page = page.status(StatusCode::UNPROCESSABLE_ENTITY);
            return render(&portal, me, page, FieldErrors::one("name", error)).await;
        }
    };
    let mut tx = portal.db.begin().await?;
    store::rename(&mut *tx, me.account, &name).await?;
    let entry = Entry::new("account.renamed", Subject::own("account", me.account, &me.email))
        .before(json!({ "name": me.name }))
        .after(json!({ "name": name.as_str() }));
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok(see_other(&portal, PATH, "Your name was changed."))
}

#[derive(Deserialize)]
pub(super) struct PasswordForm {
    current_password: String,
    new_password: String,
}

pub(super) async fn change_password(
    portal: Portal,
    me: SignedIn,
    actor: Actor,
    page: Page,
    Form(form): Form<PasswordForm>,
) -> Result<Response> {
    let account = store::by_id(&portal.db, me.account).await?.ok_or_else(Error::not_found)?;
    let mut errors = FieldErrors::default();
    if !portal.passwords.verify(&form.current_password, Some(&account.password_hash)).await? {
        errors.add("current_password", "This is not your current password.");
    }
    let password = errors.check("new_password", Password::parse(&form.new_password, &[&me.name, &me.email]));
    let (true, Some(password)) = (errors.is_empty(), password) else {
        return render(&portal, me, page.status(StatusCode::UNPROCESSABLE_ENTITY), errors).await;
    };
    let hash = portal.passwords.hash(&password).await?;
    let mut tx = portal.db.begin().await?;
    store::set_password(&mut *tx, me.account, &hash).await?;
    store::end_other_sessions(&mut *tx, me.account, Some(me.session)).await?;
    let entry = Entry::new("account.password_changed", Subject::own("account", me.account, &me.email));
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok(see_other(&portal, PATH, "Your password was changed, and every other session was ended."))
}

pub(super) async fn end_session(portal: Portal, me: SignedIn, Path(session): Path<SessionId>) -> Result<Response> {
    match store::end_session(&portal.db, me.account, session).await? {
        true => Ok(see_other(&portal, PATH, "The session was ended.")),
        false => Err(Error::not_found()),
    }
}

pub(super) async fn end_other_sessions(portal: Portal, me: SignedIn) -> Result<Response> {
    store::end_other_sessions(&portal.db, me.account, Some(me.session)).await?;
    Ok(see_other(&portal, PATH, "Every other session was ended."))
}

async fn render(portal: &Portal, me: SignedIn, page: Page, errors: FieldErrors) -> Result<Response> {
    let sessions = store::sessions(&portal.db, me.account).await?;
    let now = OffsetDateTime::now_utc();
    let page = page.side(|| ui::partner_menu(PATH));
    Ok(page.render("Your account", move || view! { <Account me sessions errors now/> }).await)
}

#[component]
fn Account(me: SignedIn, sessions: Vec<store::Session>, errors: FieldErrors, now: OffsetDateTime) -> impl IntoView {
    let current = me.session;
    let end_others = (sessions.len() > 1).then(|| {
        view! {
            <form method="post" action=format!("{PATH}/sessions/end")>
                <Button size=Size::Small>"End all others"</Button>
            </form>
        }
        .into_any()
    });
    let [name_error, current_error, new_error] =
        ["name", "current_password", "new_password"].map(|field| errors.get(field));
    view! {
        <PageTitle title="Your account"/>
        <Section title="You">
            <form class="form" method="post" action=format!("{PATH}/name")>
                <TextField name="email" label="Address" value=me.email editing=Editing::ReadOnly/>
                <TextField name="name" label="Name" value=me.name autocomplete="name" error=name_error/>
                <div class="actions"><Button>"Change name"</Button></div>
            </form>
        </Section>
        <Section title="Password">
            <form class="form" method="post" action=format!("{PATH}/password")>
                <TextField name="current_password" label="Current password" kind=Input::Password
                    autocomplete="current-password" error=current_error/>
                <TextField name="new_password" label="New password" kind=Input::Password autocomplete="new-password"
                    hint="At least 10 characters. Every other session ends." error=new_error/>
                <div class="actions"><Button>"Change password"</Button></div>
            </form>
        </Section>
        <SessionList sessions current now end_others/>
    }
}

#[component]
fn SessionList(
    sessions: Vec<store::Session>,
    current: SessionId,
    now: OffsetDateTime,
    end_others: Option<AnyView>,
) -> impl IntoView {
    let columns = ["Browser", "Address", "Signed in", "Last used", ""].map(Column::text).to_vec();
    let rows = sessions.into_iter().map(move |session| {
        let end = if session.id == current {
            view! { <Badge tone=Tone::Ok>"This session"</Badge> }.into_any()
        } else {
            view! {
                <form method="post" action=format!("{PATH}/sessions/{}/end", session.id)>
                    <Button kind=ButtonKind::DangerPlain size=Size::Small>"End session"</Button>
                </form>
            }
            .into_any()
        };
        view! {
            <tr>
                <Cell label="Browser">{browser(&session.user_agent)}</Cell>
                <Cell label="Address">{session.address}</Cell>
                <Cell label="Signed in"><Time at=session.created_at now/></Cell>
                <Cell label="Last used"><Time at=session.last_seen_at now/></Cell>
                <Cell label="">{end}</Cell>
            </tr>
        }
    });
    let aside = end_others.unwrap_or_else(|| ().into_any());
    view! {
        <Section title="Where you are signed in" aside>
            <Table label="Sessions" columns>{rows.collect_view()}</Table>
        </Section>
    }
}

/// The browser's name out of what it calls itself; the rest tells people nothing.
fn browser(user_agent: &str) -> String {
    let known =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let name = known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| (*name).to_owned());
    name.unwrap_or_else(|| {
        user_agent.split([' ', '/']).next().filter(|word| !word.is_empty()).unwrap_or("unknown").to_owned()
    })
}
