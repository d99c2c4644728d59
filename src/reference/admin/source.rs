//! Where an API's document is published by others, how often the portal looks there, and what the last look brought.

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use super::{
    super::source::{self, Every, LONGEST_URL, LastOutcome, NamedApi, Policy, Row, Settings, Started},
    PATH, source_path, version_path,
};
use crate::{
    audit::{self, Actor, Entry, Subject},
    outbound,
    portal::Portal,
    ui::{
        self, Button, ButtonKind, Choice, Choices, Clock, Condition, Confirm, Fact, Facts, Input, Link, PageTitle,
        Panel, Pick, SelectField, TextField, Time, Verdict,
    },
    web::{Error, FieldErrors, Form, Page, Path, Result, Staff, StaffRole, see_other},
};

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SourceForm {
    url: String,
    every: String,
    policy: String,
}

/// What the page shows.
struct Shown {
    api: NamedApi,
    row: Option<Row>,
    form: SourceForm,
    errors: FieldErrors,
    is_editor: bool,
}

pub(super) async fn show(portal: Portal, staff: Staff, page: Page, Path(api): Path<String>) -> Result<Response> {
    let (api, row) = find(&portal, &api).await?;
    let form = SourceForm::of(row.as_ref());
    let is_editor = staff.role >= StaffRole::Editor;
    Ok(render(page, Shown { api, row, form, errors: FieldErrors::default(), is_editor }).await)
}

pub(super) async fn save(
    portal: Portal,
    actor: Actor,
    page: Page,
    Path(api): Path<String>,
    Form(form): Form<SourceForm>,
) -> Result<Response> {
    let (api, row) = find(&portal, &api).await?;
    let settings = match form.parse(&portal).await {
        Ok(settings) => settings,
        Err(errors) => {
            let page = page.status(StatusCode::UNPROCESSABLE_ENTITY);
            return Ok(render(page, Shown { api, row, form, errors, is_editor: true }).await);
        }
    };
    let before = row.as_ref().map(Row::settings);
    if before.as_ref() != Some(&settings) {
        // The first look is due at once: it shows whether the address is right.
        let next = settings.every.map(|_| OffsetDateTime::now_utc());
        let mut entry = Entry::new("api_source.set", subject(&api)).after(told(&settings));
        entry.before = before.as_ref().map(told);
        let mut tx = portal.db.begin().await?;
        source::save(&mut *tx, api.id, &settings, next).await?;
        audit::record(&mut tx, &actor, entry).await?;
        tx.commit().await?;
    }
    let sentence = match settings.every {
        Some(_) => "The source was saved. The portal looks there within a minute.",
        None => "The source was saved. The portal looks there when you ask it to.",
    };
    Ok(see_other(&portal, &source_path(&api.slug), sentence))
}

pub(super) async fn check(portal: Portal, actor: Actor, Path(api): Path<String>) -> Result<Response> {
    let (api, row) = find(&portal, &api).await?;
    if row.is_none() {
        return Ok(see_other(&portal, &source_path(&api.slug), "Set the address first."));
    }
    let sentence = match source::check(&portal, &actor, &api).await? {
        Started::Done(message) => message,
        Started::Busy => "The source is being looked at right now. Load the page again in a moment.".to_owned(),
    };
    portal.catalogue.refresh(&portal.db).await?;
    Ok(see_other(&portal, &source_path(&api.slug), &sentence))
}

pub(super) async fn delete(portal: Portal, actor: Actor, Path(api): Path<String>) -> Result<Response> {
    let (api, _) = find(&portal, &api).await?;
    let mut tx = portal.db.begin().await?;
    if let Some(url) = source::remove(&mut *tx, api.id).await? {
        let entry = Entry::new("api_source.removed", subject(&api)).before(json!({ "url": url }));
        audit::record(&mut tx, &actor, entry).await?;
    }
    tx.commit().await?;
    Ok(see_other(&portal, &source_path(&api.slug), "The source was removed. Versions that came from it stay."))
}

async fn find(portal: &Portal, api: &str) -> Result<(NamedApi, Option<Row>)> {
    let api = source::named_api(&portal.db, api).await?.ok_or_else(Error::not_found)?;
    let row = source::source(&portal.db, api.id).await?;
    Ok((api, row))
}

fn subject(api: &NamedApi) -> Subject {
    Subject::own("api", api.id, api.slug.as_str())
}

fn told(settings: &Settings) -> serde_json::Value {
    json!({
        "url": settings.url,
        "every": settings.every.map(Every::as_str),
        "policy": settings.policy.as_str(),
    })
}

impl SourceForm {
    fn of(row: Option<&Row>) -> Self {
        match row {
            Some(row) => {
                Self { url: row.url.clone(), every: row.every.clone().unwrap_or_default(), policy: row.policy.clone() }
            }
            None => {
                Self { url: String::new(), every: Every::Day.as_str().into(), policy: Policy::Draft.as_str().into() }
            }
        }
    }

    async fn parse(&self, portal: &Portal) -> Result<Settings, FieldErrors> {
        let mut errors = FieldErrors::default();
        let url = match outbound::normalized(&self.url) {
            _ if self.url.trim().is_empty() => Err("Write the address of the document.".to_owned()),
            Ok(url) if url.len() > LONGEST_URL => Err("The address is longer than 2,000 characters.".to_owned()),
            Ok(url) => portal.outbound.check(&url).await.map(|()| url).map_err(|refused| refused.to_string()),
            Err(refused) => Err(refused.to_string()),
        };
        let url = errors.check("url", url).unwrap_or_default();
        let every = match self.every.as_str() {
            "" => None,
            every => errors.check("every", every.parse()),
        };
        match errors.check("policy", self.policy.parse()) {
            Some(policy) if errors.is_empty() => Ok(Settings { url, every, policy }),
            _ => Err(errors),
        }
    }
}

async fn render(page: Page, shown: Shown) -> Response {
    let title = format!("Where {} comes from", shown.api.name);
    page.side(|| ui::staff_menu(PATH))
        .render(title.clone(), move || {
            let Shown { api, row, form, errors, is_editor } = shown;
            let action = source_path(&api.slug);
            let result = row.clone().map(|row| view! { <LastLook api=api.slug.clone() row is_editor/> });
            let set = is_editor.then(|| view! { <SetSource action=action.clone() form errors/> });
            let removal = (is_editor && row.is_some()).then(|| view! { <Remove action=action.clone()/> });
            let nothing = (row.is_none() && !is_editor)
                .then(|| view! { <p class="soft">"No address is set: versions are imported by hand."</p> });
            view! {
                <PageTitle
                    title
                    trail=vec![Link::new("/admin", "Administration"), Link::new(PATH, "APIs")]
                    lead="The portal can fetch the document from where it is published, and take in what has changed."
                />
                {result}
                {nothing}
                {set}
                {removal}
            }
        })
        .await
}

#[component]
fn LastLook(api: String, row: Row, is_editor: bool) -> impl IntoView {
    let now = OffsetDateTime::now_utc();
    let (condition, title) = match row.outcome() {
        None => (Condition::None, "Not looked at yet"),
        Some(LastOutcome::Unchanged) => (Condition::Ok, "Unchanged"),
        Some(LastOutcome::Imported) => (Condition::Ok, "A draft waits"),
        Some(LastOutcome::Published) => (Condition::Ok, "A new version is published"),
        Some(LastOutcome::Refused) => (Condition::Bad, "The document cannot be taken in"),
        Some(LastOutcome::Failed) => (Condition::Bad, "The document could not be fetched"),
    };
    let message = row.last_message.unwrap_or_else(|| "The result of the first look is shown here.".to_owned());
    let looked = row.last_checked_at.map(|at| view! { <Fact term="Last look"><Time at now/></Fact> });
    let next = match row.next_check_at {
        Some(at) => view! { <Time at=at.max(now) now clock=Clock::Rough/> }.into_any(),
        None => "when you ask for it".into_any(),
    };
    let failures =
        (row.failures > 1).then(|| view! { <Fact term="Failed in a row">{format!("{} times", row.failures)}</Fact> });
    let changed = row.last_version.map(|version| {
        let href = version_path(&api, &version);
        let at = row.last_changed_at.map(|at| view! { ", "<Time at now clock=Clock::Rough/> });
        view! { <Fact term="Last change"><a href=href>{version}</a>{at}</Fact> }
    });
    let look = is_editor.then(|| {
        view! {
            <form method="post" action=format!("{}/checks", source_path(&api))>
                <Button>"Look now"</Button>
            </form>
        }
    });
    view! {
        <Verdict is=condition title>{message}</Verdict>
        <Facts>
            <Fact term="Address"><span class="mono">{row.url}</span></Fact>
            {looked}
            <Fact term="Next look">{next}</Fact>
            {failures}
            {changed}
        </Facts>
        {look}
    }
}

#[component]
fn SetSource(action: String, form: SourceForm, errors: FieldErrors) -> impl IntoView {
    let intervals =
        [("", "Only when I ask"), ("hourly", "Every hour"), ("daily", "Every day"), ("weekly", "Every week")];
    let policies = vec![
        Choice::new("draft", "Keep it as a draft").hint("Partners see nothing until you publish it."),
        Choice::new("publish", "Publish it at once").hint(
            "Only a version that is new. What differs from a published version without a new number waits beside it, as a correction.",
        ),
    ];
    view! {
        <Panel title="Address and schedule">
            <form class="form" method="post" action=action>
                <TextField
                    name="url"
                    label="Address of the document"
                    kind=Input::Url
                    value=form.url
                    error=errors.get("url")
                    hint="An https address that needs no sign-in, such as the raw file of a repository."
                    autocomplete="off"
                />
                <SelectField
                    name="every"
                    label="Look there"
                    options=intervals.map(|(value, label)| Choice::new(value, label)).into()
                    selected=form.every
                    error=errors.get("every")
                />
                <Choices
                    name="policy"
                    label="When the document is another version"
                    options=policies
                    chosen=vec![form.policy]
                    pick=Pick::One
                    error=errors.get("policy")
                />
                <div class="actions">
                    <Button kind=ButtonKind::Primary>"Save the source"</Button>
                </div>
            </form>
        </Panel>
    }
}

#[component]
fn Remove(action: String) -> impl IntoView {
    view! {
        <Confirm
            id="remove-source"
            action=format!("{action}/deletion")
            opens_with="Remove the source…"
            title="Remove the source?"
            yes="Remove the source"
            no="Keep the source"
        >
            <p class="soft">"The portal no longer looks there. Versions that came from it stay as they are."</p>
        </Confirm>
    }
}
