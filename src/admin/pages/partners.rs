//! The partners: who they are, what they have, and shutting one out.

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use super::{
    limit::LimitForm,
    partner::{Detail, PartnerState},
};
use crate::{
    admin::{model::Partner, store},
    audit::{self, Actor, Entry, Subject},
    db::OrganizationId,
    portal::Portal,
    ui::{
        self, Align, Button, ButtonKind, Cell, Clock, Column, Empty, Glyph, Link, LinkButton, Need, PageTitle, Pager,
        Table, TextField, Time,
    },
    web::{Error, Form, Page, Path, Query, Result, Staff, see_other},
};

const PATH: &str = "/admin/partners";
const A_PAGE: usize = 50;

/// What the address of the list asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    before: String,
}

pub(super) async fn index(portal: Portal, page: Page, Query(asked): Query<Asked>) -> Result<Response> {
    let words = asked.q.trim().to_owned();
    let before = asked.before.parse().ok();
    let limit = i64::try_from(A_PAGE + 1).expect("a page is a small number");
    let mut partners = store::partners(&portal.db, &words, before, limit).await?;
    let has_more = partners.len() > A_PAGE;
    partners.truncate(A_PAGE);
    let last = partners.last().filter(|_| has_more).map(|partner| partner.id);
    let older = last.map(|id| Link::new(address(&words, Some(id)), "Older partners"));
    let newest = before.map(|_| Link::new(address(&words, None), "Newest partners"));
    let now = OffsetDateTime::now_utc();
    let body = move || {
        let search = (!partners.is_empty() || !words.is_empty()).then(|| view! { <Search words=words.clone()/> });
        view! {
            <PageTitle
                title="Partners"
                trail=vec![Link::new("/admin", "Administration")]
                lead="The organizations that use the APIs, newest first."
            />
            {search}
            {match partners.is_empty() {
                true => view! { <NoPartners words/> }.into_any(),
                false => view! {
                    <PartnerTable partners now/>
                    <Pager before=newest after=older label="Pages of partners"/>
                }
                .into_any(),
            }}
        }
    };
    Ok(page.side(|| ui::staff_menu(PATH)).render("Partners", body).await)
}

pub(super) async fn show(portal: Portal, staff: Staff, page: Page, Path(id): Path<OrganizationId>) -> Result<Response> {
    partner_page(&portal, &staff, page, id, LimitForm::default()).await
}

/// A partner's page, with what was typed where it is shown again.
async fn partner_page(
    portal: &Portal,
    staff: &Staff,
    page: Page,
    id: OrganizationId,
    limit: LimitForm,
) -> Result<Response> {
    let detail = Detail::read(portal, id).await?.ok_or_else(Error::not_found)?;
    let title = detail.partner.name.clone();
    let (role, now) = (staff.role, OffsetDateTime::now_utc());
    let most = portal.config.key_rate_limit;
    Ok(page.side(|| ui::staff_menu(PATH)).render(title, move || detail.view(role, most, limit, now)).await)
}

pub(super) async fn suspend(portal: Portal, actor: Actor, Path(id): Path<OrganizationId>) -> Result<Response> {
    let mut tx = portal.db.begin().await?;
    let Some(name) = store::suspend(&mut *tx, id).await? else { return unchanged(&portal, id).await };
    let entry = Entry::new("organization.suspended", Subject::of(id, "organization", id, &name))
        .before(json!({ "suspended": false }))
        .after(json!({ "suspended": true }));
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok(see_other(&portal, &place(id), &format!("{name} was suspended.")))
}

pub(super) async fn reinstate(portal: Portal, actor: Actor, Path(id): Path<OrganizationId>) -> Result<Response> {
    let mut tx = portal.db.begin().await?;
    let Some(name) = store::reinstate(&mut *tx, id).await? else { return unchanged(&portal, id).await };
    let entry = Entry::new("organization.reinstated", Subject::of(id, "organization", id, &name))
        .before(json!({ "suspended": true }))
        .after(json!({ "suspended": false }));
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok(see_other(&portal, &place(id), &format!("{name} was reinstated.")))
}

pub(super) async fn limit(
    portal: Portal,
    staff: Staff,
    actor: Actor,
    page: Page,
    Path(id): Path<OrganizationId>,
    Form(form): Form<LimitForm>,
) -> Result<Response> {
    let limit = match form.read() {
        Ok(limit) => limit,
        Err(form) => {
            return partner_page(&portal, &staff, page.status(StatusCode::UNPROCESSABLE_ENTITY), id, form).await;
        }
    };
    let mut tx = portal.db.begin().await?;
    let (name, before) = store::set_key_rate_limit(&mut tx, id, limit).await?.ok_or_else(Error::not_found)?;
    if before == limit {
        return Ok(see_other(&portal, &place(id), "Nothing changed."));
    }
    let entry = Entry::new("organization.key_limit_changed", Subject::of(id, "organization", id, &name))
        .before(json!({ "key_rate_limit": before }))
        .after(json!({ "key_rate_limit": limit }));
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok(see_other(&portal, &place(id), &format!("The limit of the keys of {name} was changed.")))
}

/// Somebody else was faster, or there is no such partner.
async fn unchanged(portal: &Portal, id: OrganizationId) -> Result<Response> {
    store::partner(&portal.db, id).await?.ok_or_else(Error::not_found)?;
    Ok(see_other(portal, &place(id), "Nothing changed: somebody else did the same before you."))
}

fn place(id: OrganizationId) -> String {
    format!("{PATH}/{id}")
}

fn address(words: &str, before: Option<OrganizationId>) -> String {
    let words = (!words.is_empty()).then(|| format!("q={}", utf8_percent_encode(words, NON_ALPHANUMERIC)));
    let before = before.map(|id| format!("before={id}"));
    let query: Vec<String> = [words, before].into_iter().flatten().collect();
    match query.is_empty() {
        true => PATH.to_owned(),
        false => format!("{PATH}?{}", query.join("&")),
    }
}

#[component]
fn Search(words: String) -> impl IntoView {
    let clear = (!words.is_empty())
        .then(|| view! { <LinkButton href=PATH kind=ButtonKind::Quiet>"Show all partners"</LinkButton> });
    view! {
        <form class="form" data-layout="line" method="get" action=PATH>
            <TextField name="q" label="Name or address" value=words need=Need::Optional autocomplete="off"/>
            <div class="actions"><Button icon=Glyph::Search>"Find partners"</Button>{clear}</div>
        </form>
    }
}

#[component]
fn NoPartners(words: String) -> impl IntoView {
    if !words.is_empty() {
        let text = format!("No name and no address contains {words}.");
        return view! { <Empty icon=Glyph::Search title="No partner fits" text/> }.into_any();
    }
    view! {
        <Empty
            icon=Glyph::People
            title="No partners yet"
            text="An organization appears here as soon as somebody signs up for it and confirms their address."
        >
            <LinkButton href="/signup">"See the sign-up page"</LinkButton>
        </Empty>
    }
    .into_any()
}

#[component]
fn PartnerTable(partners: Vec<Partner>, now: OffsetDateTime) -> impl IntoView {
    let columns = vec![
        Column::text("Partner"),
        Column::text("State"),
        Column::text("Since"),
        Column::number("People"),
        Column::number("Apps"),
        Column::number("Keys"),
    ];
    let rows = partners.into_iter().map(move |partner| {
        view! {
            <tr>
                <Cell label="Partner">
                    <a href=place(partner.id)>{partner.name.clone()}</a>
                    <small>{partner.email.clone()}</small>
                </Cell>
                <Cell label="State"><PartnerState suspended_at=partner.suspended_at/></Cell>
                <Cell label="Since"><Time at=partner.created_at now clock=Clock::Rough/></Cell>
                <Cell label="People" align=Align::Number>{partner.members}</Cell>
                <Cell label="Apps" align=Align::Number>{partner.apps}</Cell>
                <Cell label="Keys" align=Align::Number>{partner.keys}</Cell>
            </tr>
        }
    });
    view! { <Table label="Partners" columns>{rows.collect_view()}</Table> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_the_words() {
        let id = OrganizationId::new();
        assert_eq!(address("", None), "/admin/partners");
        assert_eq!(address("50% & more", Some(id)), format!("/admin/partners?q=50%25%20%26%20more&before={id}"));
    }
}
