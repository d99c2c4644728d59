//! Every API with its versions, drafts included.

use axum::response::Response;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    super::{
        reading::counted,
        store::{self, VersionRow},
        version::{State, newest_first},
        viewer::Visibility,
    },
    PATH, api_path, day, draft_path, version_path,
};
use crate::{
    portal::Portal,
    ui::{
        self, ButtonKind, Cell, Clock, Column, Condition, Empty, Glyph, Link, LinkButton, PageTitle, StateLabel, Table,
        Time,
    },
    web::{Page, Result, Staff, StaffRole},
};

pub(super) async fn index(portal: Portal, staff: Staff, page: Page) -> Result<Response> {
    let mut versions = store::all(&portal.db).await?;
    versions.sort_by(|a, b| (&a.api_name, &a.slug).cmp(&(&b.api_name, &b.slug)).then(newest_first(&a.name, &b.name)));
    let now = OffsetDateTime::now_utc();
    let is_editor = staff.role >= StaffRole::Editor;
    let import = is_editor.then(|| {
        view! { <LinkButton href="/admin/apis/new" kind=ButtonKind::Primary icon=Glyph::Plus>"Import a document"</LinkButton> }
            .into_any()
    });
    let body = move || {
        let actions = import.filter(|_| !versions.is_empty()).unwrap_or_else(|| ().into_any());
        view! {
            <PageTitle
                title="APIs"
                trail=vec![Link::new("/admin", "Administration")]
                lead="What partners can read and call. A version is a draft until you publish it, and changes afterwards only by a revision that says why."
                actions
            />
            {match versions.is_empty() {
                true => view! { <NoApisYet/> }.into_any(),
                false => view! { <VersionTable versions now/> }.into_any(),
            }}
        }
    };
    Ok(page.side(|| ui::staff_menu(PATH)).render("APIs", body).await)
}

#[component]
fn NoApisYet() -> impl IntoView {
    view! {
        <Empty
            icon=Glyph::Book
            title="No API yet"
            text="Import an OpenAPI document (3.0, 3.1 or 3.2, as JSON or YAML). The portal makes its reference, samples and a sandbox from it. You see what was read before partners see anything."
        >
            <LinkButton href="/admin/apis/new" kind=ButtonKind::Primary icon=Glyph::Plus>"Import a document"</LinkButton>
        </Empty>
    }
}

#[component]
pub(super) fn VersionTable(versions: Vec<VersionRow>, now: OffsetDateTime) -> impl IntoView {
    let published: Vec<String> =
        versions.iter().filter(|row| row.published_at.is_some()).map(|row| row.slug.clone()).collect();
    let mut above = None;
    let rows = versions.into_iter().map(|row| {
        let is_first = above.as_ref() != Some(&row.slug);
        above = Some(row.slug.clone());
        let api = is_first.then(|| api_of(&row, published.contains(&row.slug)));
        view! { <Row api row now/> }.into_any()
    });
    let rows: Vec<AnyView> = rows.collect();
    let columns = ["API", "Version", "State", "Read", "Imported"].map(Column::text).into();
    view! { <Table label="Versions of all APIs" columns>{rows}</Table> }
}

/// The API of the rows from here on, with a link to what partners read.
fn api_of(row: &VersionRow, is_published: bool) -> AnyView {
    let (name, path) = (row.api_name.clone(), api_path(&row.slug));
    let docs = is_published.then(|| view! { " · "<a href=format!("/docs/{}", row.slug)>"Read it as partners do"</a> });
    let audience = audience_in_words(row.visibility());
    view! { <b><a href=path>{name}</a></b><small>{audience}{docs}</small> }.into_any()
}

/// For whom an API is, in a few words.
pub(super) fn audience_in_words(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "For everybody",
        Visibility::Partners => "For partners",
        Visibility::Organizations => "For named organizations",
    }
}

#[component]
fn Row(#[prop(optional_no_strip)] api: Option<AnyView>, row: VersionRow, now: OffsetDateTime) -> impl IntoView {
    let state = state_of(&row);
    let VersionRow { slug, name, file_name, reading, imported_at, imported_by, has_draft, published_at, .. } = row;
    let href_name = name.clone();
    let href = version_path(&slug, &name);
    let read = match (reading.operations, reading.webhooks) {
        (0, webhooks @ 1..) => counted(webhooks, "webhook", "webhooks"),
        (operations, _) => counted(operations, "operation", "operations"),
    };
    let waits = (has_draft && published_at.is_some()).then(|| {
        view! { <small><a href=draft_path(&slug, &href_name)>"A correction waits"</a></small> }
    });
    let doubts = reading.doubt_count();
    let doubts = if doubts == 0 { "no warnings".to_owned() } else { counted(doubts, "warning", "warnings") };
    view! {
        <tr>
            <Cell label="API">{api}</Cell>
            <Cell label="Version"><a href=href>{name}</a><small>{file_name}</small></Cell>
            <Cell label="State">{state}{waits}</Cell>
            <Cell label="Read">{read}<small>{doubts}</small></Cell>
            <Cell label="Imported"><Time at=imported_at now clock=Clock::Rough/><small>{imported_by}</small></Cell>
        </tr>
    }
}

/// How a version is, in a word and a shape; the last day where one is set.
pub(super) fn state_of(row: &VersionRow) -> impl IntoView + use<> {
    if row.published_at.is_none() {
        return view! { <StateLabel is=Condition::None>"Draft"</StateLabel> }.into_any();
    }
    let (condition, word) = match row.state() {
        State::Stable => (Condition::Ok, "Stable"),
        State::Beta => (Condition::Plan, "Beta"),
        State::Deprecated => (Condition::Warn, "Deprecated"),
        State::Retired => (Condition::Bad, "Retired"),
    };
    let until = row.sunset_on.map(|date| view! { <small>{format!("until {}", day(date))}</small> });
    view! { <StateLabel is=condition>{word}</StateLabel>{until} }.into_any()
}
