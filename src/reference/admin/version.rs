//! A version: what was read, what was doubtful, and what can be done with it.

use std::str::FromStr;

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;
use serde::Deserialize;
use time::{Date, OffsetDateTime, format_description::well_known::Iso8601};

use super::{
    super::{
        import::subject_of_version,
        reading::{Reading, counted, grouped},
        store::{self, VersionRow},
        version::State,
    },
    PATH,
    index::state_of,
    version_path,
};
use crate::{
    audit::{self, Actor, Entry},
    portal::Portal,
    ui::{
        self, Button, ButtonKind, Choice, Clock, Condition, Confirm, Fact, Facts, Finding, Findings, Fold, Input, Link,
        LinkButton, Need, Opening, PageTitle, Panel, Section, SelectField, TextField, Time, Verdict,
    },
    web::{Error, FieldErrors, Form, Page, Path, Result, Staff, StaffRole, see_other},
};

type Names = Path<(String, String)>;

pub(super) async fn show(portal: Portal, staff: Staff, page: Page, Path((api, version)): Names) -> Result<Response> {
    let row = find(&portal, &api, &version).await?;
    let draft = StateForm::of(&row);
    Ok(report(page, staff, row, draft, FieldErrors::default()).await)
}

pub(super) async fn publish(portal: Portal, actor: Actor, Path((api, version)): Names) -> Result<Response> {
    let row = find(&portal, &api, &version).await?;
    let mut tx = portal.db.begin().await?;
    if store::publish(&mut tx, row.id, "", &actor.label).await?.is_some() {
        let entry = Entry::new("api_version.published", subject_of_version(row.id, &api, &version));
        audit::record(&mut tx, &actor, entry).await?;
    }
    tx.commit().await?;
    portal.catalogue.refresh(&portal.db).await?;
    let sentence = format!("Version {version} is published: partners can read it and call it in the sandbox.");
    Ok(see_other(&portal, &version_path(&api, &version), &sentence))
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
    let (state, sunset_on) = match form.parse() {
        Ok(parsed) => parsed,
        Err(errors) => return Ok(report(page.status(StatusCode::UNPROCESSABLE_ENTITY), staff, row, form, errors).await),
    };
    let told = |state: State, sunset: Option<Date>| serde_json::json!({ "state": state.as_str(), "sunset_on": sunset.map(|date| date.to_string()) });
    let mut tx = portal.db.begin().await?;
    if (row.state(), row.sunset_on) != (state, sunset_on) {
        store::set_state(&mut *tx, row.id, state, sunset_on).await?;
        let entry = Entry::new("api_version.state_changed", subject_of_version(row.id, &api, &version))
            .before(told(row.state(), row.sunset_on))
            .after(told(state, sunset_on));
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

async fn find(portal: &Portal, api: &str, version: &str) -> Result<VersionRow> {
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
            _ => {}
        }
        match state {
            Some(state) if errors.is_empty() => Ok((state, day)),
            _ => Err(errors),
        }
    }
}

async fn report(page: Page, staff: Staff, row: VersionRow, form: StateForm, errors: FieldErrors) -> Response {
    let title = format!("{} {}", row.api_name, row.name);
    let is_editor = staff.role >= StaffRole::Editor;
    let is_draft = row.published_at.is_none();
    let now = OffsetDateTime::now_utc();
    page.side(|| ui::staff_menu(PATH))
        .render(title.clone(), move || {
            let next = match (is_editor, is_draft) {
                (true, true) => view! { <PublishIt row=row.clone()/> }.into_any(),
                (true, false) => view! { <ChangeState row=row.clone() form errors/> }.into_any(),
                (false, _) => ().into_any(),
            };
            view! {
                <PageTitle
                    title
                    trail=vec![Link::new("/admin", "Administration"), Link::new(PATH, "APIs")]
                    badges=state_of(&row).into_any()
                />
                {verdict(&row)}
                <WasRead row=row.clone() now/>
                {next}
                <Doubts reading=row.reading.0/>
            }
        })
        .await
}

fn verdict(row: &VersionRow) -> impl IntoView + use<> {
    let reading = &row.reading;
    let operations = match (reading.operations, reading.webhooks) {
        (0, 0) => "It has neither operations nor webhooks.".to_owned(),
        (0, webhooks) => format!("It has no operations and {}.", counted(webhooks, "webhook", "webhooks")),
        (1, _) => "Its one operation was read.".to_owned(),
        (count, _) => format!("All {} operations were read.", grouped(count)),
    };
    let (condition, title, more) = match (reading.operations + reading.webhooks, reading.doubt_count()) {
        (0, _) => (Condition::Warn, "The document was read, and there is nothing in it", String::new()),
        (_, 0) => (Condition::Ok, "The document was read without doubts", String::new()),
        (_, doubts) => {
            let more =
                format!(" {} below: the pages show those parts as they are.", counted(doubts, "warning", "warnings"));
            (Condition::Warn, "The document was read, with doubts", more)
        }
    };
    view! { <Verdict is=condition title>{operations}{more}</Verdict> }
}

#[component]
fn WasRead(row: VersionRow, now: OffsetDateTime) -> impl IntoView {
    let VersionRow { slug, name, file_name, reading, imported_at, imported_by, published_at, .. } = row;
    let counts = [reading.operations, reading.schemas, reading.webhooks].map(grouped);
    let [operations, schemas, webhooks] = counts;
    let format = reading.format_in_words();
    let docs = published_at.map(|_| {
        let href = format!("/docs/{slug}/{name}");
        view! { <a class="note" href=href>"Read it as partners do"</a> }.into_any()
    });
    let scopes = match reading.scopes.is_empty() {
        true => "none".into_any(),
        false => {
            let scopes = reading.scopes.iter().map(|scope| view! { <code>{scope.clone()}</code>" " });
            view! { {scopes.collect_view()} }.into_any()
        }
    };
    view! {
        <Section title="What was read" aside=docs.unwrap_or_else(|| ().into_any())>
            <Facts>
                <Fact term="Operations">{operations}</Fact>
                <Fact term="Schemas">{schemas}</Fact>
                <Fact term="Webhooks">{webhooks}</Fact>
                <Fact term="Format">{format}</Fact>
                <Fact term="File"><span class="mono">{file_name}</span></Fact>
                <Fact term="Imported"><Time at=imported_at now clock=Clock::Rough/>" by "{imported_by}</Fact>
                {published_at.map(|at| view! { <Fact term="Published"><Time at now clock=Clock::Rough/></Fact> })}
                <Fact term="Scopes">{scopes}</Fact>
            </Facts>
        </Section>
    }
}

#[component]
fn PublishIt(row: VersionRow) -> impl IntoView {
    let path = version_path(&row.slug, &row.name);
    let docs = format!("/docs/{}/{}", row.slug, row.name);
    let question = format!("Delete the draft {} of {}?", row.name, row.api_name);
    view! {
        <Panel title="Publish this version">
            <p class="soft">
                "Partners can then read it at " <code>{docs}</code>
                " and call it in the sandbox. It does not change afterwards: a correction is a new version. To replace this
                draft first, import the file again under the same names."
            </p>
            <div class="actions">
                <form method="post" action=format!("{path}/publication")>
                    <Button kind=ButtonKind::Primary>"Publish version "{row.name}</Button>
                </form>
                <LinkButton href="/admin/apis/new">"Import again"</LinkButton>
                <Confirm
                    id="delete-draft"
                    action=format!("{path}/deletion")
                    opens_with="Delete draft…"
                    title=question
                    yes="Delete draft"
                    no="Keep the draft"
                >
                    <p class="soft">"The document is removed from the portal. Partners never saw it."</p>
                </Confirm>
            </div>
        </Panel>
    }
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

#[component]
fn Doubts(reading: Reading) -> impl IntoView {
    if reading.doubts.is_empty() {
        return ().into_any();
    }
    let only = reading.counts.len() == 1;
    let groups = reading.doubts_by_code().into_iter().map(|(code, doubts)| {
        let count = reading.counts.get(code).copied().unwrap_or(doubts.len() as u64);
        let left_out = count.saturating_sub(doubts.len() as u64);
        let findings = doubts.into_iter().map(|doubt| Finding {
            gravity: Condition::Warn,
            message: doubt.message.clone(),
            pointer: Some(doubt.pointer.clone()).filter(|pointer| !pointer.is_empty()),
            place: Some((doubt.line as usize, doubt.column as usize)),
        });
        let findings: Vec<_> = findings.collect();
        let summary = format!("{}, {}", in_words(code), counted(count, "place", "places"));
        let starts = if only { Opening::Open } else { Opening::Closed };
        let more = (left_out > 0).then(|| view! { <p class="note">"and "{grouped(left_out)}" more"</p> });
        view! { <Fold summary starts><Findings findings/>{more}</Fold> }
    });
    let groups = groups.collect_view();
    let count = counted(reading.doubt_count(), "warning", "warnings");
    view! {
        <Section title="What was doubtful" aside=view! { <span class="note">{count}</span> }.into_any()>
            <div class="flow tight">{groups}</div>
        </Section>
    }
    .into_any()
}

/// `unresolved_reference` as `Unresolved reference`.
fn in_words(code: &str) -> String {
    let words = code.replace('_', " ");
    let first = words.chars().next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(words.chars().skip(1)).collect()
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
        assert!(form("deprecated", "tomorrow").parse().unwrap_err().get("sunset_on").is_some());
        assert!(form("finished", "").parse().unwrap_err().get("state").is_some());
    }

    #[test]
    fn a_code_is_said_in_words() {
        assert_eq!(in_words("unresolved_reference"), "Unresolved reference");
    }
}
