//! A version: what was read, what was doubtful, and what can be done with it.

use std::str::FromStr;

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;
use serde::Deserialize;
use time::{Date, OffsetDateTime, format_description::well_known::Iso8601};

use super::{
    super::{
        import::subject_of_version,
        publication::in_state,
        reading::counted,
        store::{self, RevisionRow, VersionRow},
        version::State,
    },
    PATH, api_path,
    draft::{self, Refused},
    draft_path,
    index::state_of,
    reading::{Doubts, Imported, WasRead, verdict},
    version_path,
};
use crate::{
    audit::{self, Actor, Entry, EntryTable, Reader, Recorded},
    portal::Portal,
    ui::{
        self, Button, Callout, Cell, Choice, Clock, Column, Input, Link, LinkButton, Need, PageTitle, Panel, Section,
        SelectField, Table, TextField, Time, Tone,
    },
    web::{Code, Error, FieldErrors, Form, Page, Path, Result, Staff, StaffRole, see_other},
};

/// So much of a version's history stands on its page; the audit trail has the rest.
const NEWEST: i64 = 20;

type Names = Path<(String, String)>;

pub(super) async fn show(portal: Portal, staff: Staff, page: Page, Path((api, version)): Names) -> Result<Response> {
    let row = find(&portal, &api, &version).await?;
    if row.published_at.is_none() {
        return draft::preview(&portal, page, &staff, row, Refused::default()).await;
    }
    let form = StateForm::of(&row);
    report(&portal, page, &staff, row, form, FieldErrors::default()).await
}

pub(super) async fn change_state(
    portal: Portal,
    staff: Staff,
    actor: Actor,
    page: Page,
    Path((api, version)): Names,
    Form(form): Form<StateForm>,
) -> Result<Response> {
    let row = find(&portal, &api, &version).await?;
    if row.published_at.is_none() {
        return Err(Error::new(Code::Conflict, "A draft gets its state when it is published."));
    }
    let (state, sunset_on) = match form.parse() {
        Ok(parsed) => parsed,
        Err(errors) => {
            let page = page.status(StatusCode::UNPROCESSABLE_ENTITY);
            return report(&portal, page, &staff, row, form, errors).await;
        }
    };
    let mut tx = portal.db.begin().await?;
    if (row.state(), row.sunset_on) != (state, sunset_on) {
        store::set_state(&mut *tx, row.id, state, sunset_on).await?;
        let entry = Entry::new("api_version.state_changed", subject_of_version(row.id, &api, &version))
            .before(in_state(row.state(), row.sunset_on))
            .after(in_state(state, sunset_on));
        audit::record(&mut tx, &actor, entry).await?;
    }
    tx.commit().await?;
    portal.catalogue.refresh(&portal.db).await?;
    let sentence = format!("Version {version} is {}.", state.as_str());
    Ok(see_other(&portal, &version_path(&api, &version), &sentence))
}

pub(super) async fn delete(portal: Portal, actor: Actor, Path((api, version)): Names) -> Result<Response> {
    let row = find(&portal, &api, &version).await?;
    let mut tx = portal.db.begin().await?;
    if !store::delete_draft(&mut *tx, row.id).await? {
        return Err(Error::forbidden(
            "A published version is not deleted: partners may rely on it. Retire it instead.",
        ));
    }
    store::delete_empty_api(&mut *tx, &api).await?;
    let before = serde_json::json!({ "file": row.file_name, "operations": row.reading.operations });
    let entry = Entry::new("api_version.deleted", subject_of_version(row.id, &api, &version)).before(before);
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok(see_other(&portal, PATH, &format!("The draft {version} of {api} was deleted.")))
}

pub(super) async fn find(portal: &Portal, api: &str, version: &str) -> Result<VersionRow> {
    store::version(&portal.db, api, version).await?.ok_or_else(Error::not_found)
}

/// The state as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StateForm {
    state: String,
    sunset_on: String,
}

impl StateForm {
    fn of(row: &VersionRow) -> Self {
        let sunset_on = row.sunset_on.map(|date| date.to_string()).unwrap_or_default();
        Self { state: row.state.clone(), sunset_on }
    }

    fn parse(&self) -> Result<(State, Option<Date>), FieldErrors> {
        let mut errors = FieldErrors::default();
        let state = errors.check("state", State::from_str(&self.state));
        let day = Some(self.sunset_on.trim()).filter(|day| !day.is_empty());
        let day = day.map(|day| Date::parse(day, &Iso8601::DATE).map_err(|_| "Write a day as 2027-03-31."));
        let day = day.and_then(|day| errors.check("sunset_on", day));
        match state {
            Some(State::Beta | State::Stable) if day.is_some() => {
                errors.add("sunset_on", "Only a deprecated or retired version has a last day.");
            }
            Some(State::Deprecated) if day.is_none() && errors.is_empty() => {
                errors.add("sunset_on", "Say until when a deprecated version works.");
            }
            _ => {}
        }
        match state {
            Some(state) if errors.is_empty() => Ok((state, day)),
            _ => Err(errors),
        }
    }
}

async fn report(
    portal: &Portal,
    page: Page,
    staff: &Staff,
    row: VersionRow,
    form: StateForm,
    errors: FieldErrors,
) -> Result<Response> {
    let title = format!("{} {}", row.api_name, row.name);
    let is_editor = staff.role >= StaffRole::Editor;
    let revisions = store::revisions(&portal.db, row.id).await?;
    let entries = audit::of_subject(&portal.db, "api_version", row.id, NEWEST).await?;
    let now = OffsetDateTime::now_utc();
    let body = move || {
        let trail = vec![
            Link::new("/admin", "Administration"),
            Link::new(PATH, "APIs"),
            Link::new(api_path(&row.slug), row.api_name.clone()),
        ];
        let imported = Imported {
            reading: row.reading.0.clone(),
            file_name: row.file_name.clone(),
            at: row.imported_at,
            by: row.imported_by.clone(),
        };
        let docs = format!("/docs/{}/{}", row.slug, row.name);
        let pages = view! { <a class="note" href=docs>"Read it as partners do"</a> }.into_any();
        view! {
            <PageTitle title=format!("{} {}", row.api_name, row.name) trail badges=state_of(&row).into_any()/>
            {row.has_draft.then(|| waits(&row))}
            {verdict(&row.reading)}
            <WasRead imported published_at=row.published_at now pages/>
            {is_editor.then(|| view! { <ChangeState row=row.clone() form errors/> })}
            <Revisions row=row.clone() revisions now is_editor/>
            <History entries now/>
            <Doubts reading=row.reading.0/>
        }
    };
    Ok(page.side(|| ui::staff_menu(PATH)).render(title, body).await)
}

fn waits(row: &VersionRow) -> impl IntoView + use<> {
    let href = draft_path(&row.slug, &row.name);
    view! {
        <Callout tone=Tone::Plan title="A correction waits to be published">
            <p>"Partners do not see it yet. "<a href=href>"See what it changes"</a></p>
        </Callout>
    }
}

#[component]
fn Revisions(row: VersionRow, revisions: Vec<RevisionRow>, now: OffsetDateTime, is_editor: bool) -> impl IntoView {
    let current = row.revision;
    let (slug, name) = (row.slug.clone(), row.name.clone());
    let rows = revisions.into_iter().map(move |revision| {
        let number = revision.number;
        let (words, document) = match revision.published_at {
            None => ("waits to be published", format!("/docs/{slug}/{name}~draft/openapi.json")),
            Some(_) if number == current => ("counts now", format!("/docs/{slug}/{name}/openapi.json")),
            Some(_) => ("was replaced", format!("/docs/{slug}/{name}/openapi.json?revision={number}")),
        };
        let by = revision.published_by.clone();
        let published = revision.published_at.map(|at| view! { <Time at now clock=Clock::Rough/> });
        let note = Some(revision.note).filter(|note| !note.is_empty()).unwrap_or_else(|| "first publication".into());
        let operations = counted(revision.reading.operations, "operation", "operations");
        view! {
            <tr>
                <Cell label="Revision">{number}<small>{words}</small></Cell>
                <Cell label="Why">{note}<small>{operations}</small></Cell>
                <Cell label="Published">{published}{by.map(|by| view! { <small>"by "{by}</small> })}</Cell>
                <Cell label="File">
                    <a href=document>{revision.file_name}</a>
                    <small><Time at=revision.imported_at now clock=Clock::Rough/>" by "{revision.imported_by}</small>
                </Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let again = format!("/admin/apis/new?api={}&version={}", row.slug, row.name);
    let correct = is_editor.then(|| view! { <LinkButton href=again>"Correct the document"</LinkButton> });
    let columns = ["Revision", "Why", "Published", "File"].map(Column::text).into();
    view! {
        <Section title="Revisions" aside=correct.into_any()>
            <Table label="Revisions of the document" columns>{rows}</Table>
        </Section>
    }
}

#[component]
fn History(entries: Vec<Recorded>, now: OffsetDateTime) -> impl IntoView {
    view! { <Section title="What happened to it"><EntryTable entries now reader=Reader::Staff/></Section> }
}

#[component]
fn ChangeState(row: VersionRow, form: StateForm, errors: FieldErrors) -> impl IntoView {
    let options = State::ALL.map(|state| Choice::new(state.as_str(), words(state))).into();
    view! {
        <Panel title="State">
            <p class="soft">"Partners see the state on every page of this version, with a link to the newest one."</p>
            <form class="form" data-layout="line" method="post" action=format!("{}/state", version_path(&row.slug, &row.name))>
                <SelectField name="state" label="State" options selected=form.state error=errors.get("state")/>
                <TextField
                    name="sunset_on"
                    label="Last day"
                    kind=Input::Date
                    value=form.sunset_on
                    need=Need::Optional
                    error=errors.get("sunset_on")
                />
                <Button>"Save state"</Button>
            </form>
        </Panel>
    }
}

fn words(state: State) -> &'static str {
    match state {
        State::Beta => "Beta: may still change",
        State::Stable => "Stable: to build on",
        State::Deprecated => "Deprecated: works and will end",
        State::Retired => "Retired: no longer works",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(state: &str, sunset_on: &str) -> StateForm {
        StateForm { state: state.into(), sunset_on: sunset_on.into() }
    }

    #[test]
    fn only_what_ends_has_a_last_day() {
        let (state, day) = form("deprecated", "2027-03-31").parse().unwrap();
        assert_eq!((state, day.unwrap().to_string().as_str()), (State::Deprecated, "2027-03-31"));
        assert!(form("stable", "").parse().is_ok());
        assert!(form("stable", "2027-03-31").parse().unwrap_err().get("sunset_on").is_some());
        assert!(form("deprecated", "").parse().unwrap_err().get("sunset_on").is_some());
        assert!(form("retired", "").parse().is_ok());
        assert!(form("deprecated", "tomorrow").parse().unwrap_err().get("sunset_on").is_some());
        assert!(form("finished", "").parse().unwrap_err().get("state").is_some());
    }
}
