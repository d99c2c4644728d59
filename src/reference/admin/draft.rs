//! A draft before it is published: what is in it, what it changes, and the ways on.

use std::{str::FromStr, sync::Arc};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;
use time::OffsetDateTime;

use super::{
    super::{
        Version,
        changes::Changes,
        import::subject_of_version,
        publication::{self, Named, Note},
        store::{self, RevisionRow, VersionRow},
        version::{DRAFT, State, VersionName},
    },
    PATH, api_path,
    index::state_of,
    reading::{Doubts, Imported, WasRead, WhatChanges, verdict},
    version::find,
    version_path,
};
use crate::{
    audit::{self, Actor, Entry},
    db::VersionId,
    portal::Portal,
    ui::{
        self, Badge, Button, ButtonKind, Choice, Choices, Confirm, Input, Link, LinkButton, PageTitle, Panel, Pick,
        TextField, Tone,
    },
    web::{Code, Error, FieldErrors, Form, OnConstraint, Page, Path, Result, Staff, StaffRole, see_other},
};

type Names = Path<(String, String)>;

/// What was chosen for the publication, and which draft was in view.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PublicationForm {
    state: String,
    note: String,
    sha256: String,
    /// The name of the version that the draft is to become instead.
    version: String,
}

/// What was typed and refused.
#[derive(Default)]
pub(super) struct Refused {
    form: PublicationForm,
    errors: FieldErrors,
}

pub(super) async fn show(portal: Portal, staff: Staff, page: Page, Path((api, version)): Names) -> Result<Response> {
    let row = find(&portal, &api, &version).await?;
    if row.published_at.is_none() {
        return Ok(Redirect::to(&version_path(&api, &version)).into_response());
    }
    preview(&portal, page, &staff, row, Refused::default()).await
}

pub(super) async fn publish(
    portal: Portal,
    staff: Staff,
    actor: Actor,
    page: Page,
    Path((api, version)): Names,
    Form(form): Form<PublicationForm>,
) -> Result<Response> {
    let row = find(&portal, &api, &version).await?;
    let named = Named { id: row.id, api: &api, version: &version };
    let is_first = row.published_at.is_none();
    let changes = compared(&portal, &row).await?;
    let mut errors = FieldErrors::default();
    let state = errors.check("state", state_in(&form.state)).unwrap_or(State::Stable);
    let note = (!is_first).then(|| errors.check("note", Note::parse(&form.note))).flatten();
    if !errors.is_empty() {
        let page = page.status(StatusCode::UNPROCESSABLE_ENTITY);
        return preview(&portal, page, &staff, row, Refused { form, errors }).await;
    }
    let mut tx = portal.db.begin().await?;
    let draft = store::draft(&mut *tx, row.id).await?.ok_or_else(gone)?;
    if !form.sha256.is_empty() && form.sha256 != hex(&draft.sha256) {
        return Err(Error::new(
            Code::Conflict,
            "Somebody imported another file meanwhile. Go back and look at that one first.",
        ));
    }
    let sentence = match note {
        Some(note) => {
            let changes = changes.map(|(_, changes)| changes).unwrap_or_default();
            publication::publish_correction(&mut tx, &actor, named, &note, &changes).await?;
            format!("Revision {} of version {version} is published: partners read it from now on.", draft.number)
        }
        None => {
            publication::publish_version(&mut tx, &actor, named, (state, None)).await?;
            format!("Version {version} is published: partners can read it and call it in the sandbox.")
        }
    };
    tx.commit().await?;
    portal.catalogue.refresh(&portal.db).await?;
    Ok(see_other(&portal, &version_path(&api, &version), &sentence))
}

/// Makes a draft that would correct a version another version instead.
pub(super) async fn as_version(
    portal: Portal,
    staff: Staff,
    actor: Actor,
    page: Page,
    Path((api, version)): Names,
    Form(form): Form<PublicationForm>,
) -> Result<Response> {
    let row = find(&portal, &api, &version).await?;
    let refused = |message: String| FieldErrors::one("version", message);
    let name = match VersionName::parse(&form.version) {
        Ok(name) => name,
        Err(why) => {
            let (page, errors) = (page.status(StatusCode::UNPROCESSABLE_ENTITY), refused(format!("The name {why}.")));
            return preview(&portal, page, &staff, row, Refused { form, errors }).await;
        }
    };
    let mut tx = portal.db.begin().await?;
    let draft = store::draft(&mut *tx, row.id).await?.filter(|draft| draft.number > 1).ok_or_else(gone)?;
    if store::version(&mut *tx, &api, name.as_str()).await?.is_some() {
        tx.rollback().await?;
        let page = page.status(StatusCode::UNPROCESSABLE_ENTITY);
        let errors = refused(format!("There is a version {name} already."));
        return preview(&portal, page, &staff, row, Refused { form, errors }).await;
    }
    let known = store::api(&mut *tx, &api).await?.ok_or_else(Error::not_found)?;
    let id = VersionId::new();
    store::insert_version(&mut *tx, known.id, id, &name).await.on_constraint("api_version_name_unique", || {
        Error::new(Code::Conflict, "Somebody made a version of that name meanwhile.")
    })?;
    store::move_draft(&mut *tx, row.id, id).await?;
    let after = serde_json::json!({ "file": draft.file_name, "sha256": hex(&draft.sha256), "instead_of": version });
    let entry = Entry::new("api_version.imported", subject_of_version(id, &api, name.as_str())).after(after);
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    let sentence = format!("The document is a draft of version {name}. Version {version} stays as it is.");
    Ok(see_other(&portal, &version_path(&api, name.as_str()), &sentence))
}

/// Removes a draft that would correct a version.
pub(super) async fn discard(portal: Portal, actor: Actor, Path((api, version)): Names) -> Result<Response> {
    let row = find(&portal, &api, &version).await?;
    let mut tx = portal.db.begin().await?;
    let draft = store::draft(&mut *tx, row.id).await?.ok_or_else(gone)?;
    if !store::discard(&mut *tx, row.id).await? {
        let detail = "A version that was never published is deleted as a whole.";
        return Err(Error::new(Code::Conflict, detail));
    }
    let before = serde_json::json!({ "file": draft.file_name, "sha256": hex(&draft.sha256), "revision": draft.number });
    let entry = Entry::new("api_version.draft_discarded", subject_of_version(row.id, &api, &version)).before(before);
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    let sentence = format!("The document was discarded. Version {version} stays as it is.");
    Ok(see_other(&portal, &version_path(&api, &version), &sentence))
}

fn gone() -> Error {
    Error::new(Code::Conflict, "There is no draft any more: somebody published or discarded it.")
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// The state of a version that is published for the first time.
fn state_in(text: &str) -> Result<State, &'static str> {
    match State::from_str(text) {
        Ok(state @ (State::Beta | State::Stable)) => Ok(state),
        _ if text.is_empty() => Ok(State::Stable),
        _ => Err("A new version is beta or stable."),
    }
}

/// What the draft is compared with, in words, and what differs; nothing where nothing is published yet.
async fn compared(portal: &Portal, row: &VersionRow) -> Result<Option<(String, Changes)>> {
    let Some(draft) = portal.catalogue.draft(&portal.db, &row.slug, &row.name).await? else { return Ok(None) };
    let published = portal.catalogue.current();
    let own = published.find(&row.slug, &row.name).map(|(_, version)| version);
    let (against, old): (String, Arc<Version>) = match (own, published.find_api(&row.slug)) {
        (Some(own), _) => (format!("revision {} of {}", own.revision, own.name), own),
        (None, Some(api)) => (format!("version {}", api.newest_stable().name), Arc::clone(api.newest_stable())),
        (None, None) => return Ok(None),
    };
    let compared = tokio::task::spawn_blocking(move || Changes::between(&old.document, &draft.document));
    let changes = compared.await.map_err(|error| Error::broken(anyhow::Error::from(error)))?;
    Ok(Some((against, changes)))
}

/// The page of a draft.
pub(super) async fn preview(
    portal: &Portal,
    page: Page,
    staff: &Staff,
    row: VersionRow,
    refused: Refused,
) -> Result<Response> {
    let draft = store::draft(&portal.db, row.id).await?.ok_or_else(Error::not_found)?;
    let changes = compared(portal, &row).await?;
    let title = format!("{} {}", row.api_name, row.name);
    let heading = title.clone();
    let is_editor = staff.role >= StaffRole::Editor;
    let now = OffsetDateTime::now_utc();
    let body = move || {
        let imported = Imported {
            reading: draft.reading.0.clone(),
            file_name: draft.file_name.clone(),
            at: draft.imported_at,
            by: draft.imported_by.clone(),
        };
        let pages = format!("/docs/{}/{}{DRAFT}", row.slug, row.name);
        let pages = view! { <a class="note" href=pages>"See it as partners will"</a> }.into_any();
        let trail = vec![
            Link::new("/admin", "Administration"),
            Link::new(PATH, "APIs"),
            Link::new(api_path(&row.slug), row.api_name.clone()),
        ];
        let next = is_editor.then(|| match row.published_at {
            None => view! { <PublishVersion row=row.clone() draft=draft.clone() refused/> }.into_any(),
            Some(_) => view! { <PublishCorrection row=row.clone() draft=draft.clone() refused/> }.into_any(),
        });
        let badges = match row.published_at {
            None => state_of(&row).into_any(),
            Some(_) => {
                let words = format!("Draft of revision {}", draft.number);
                view! { <Badge tone=Tone::Plan>{words}</Badge> }.into_any()
            }
        };
        view! {
            <PageTitle title=heading trail badges/>
            {verdict(&draft.reading)}
            <WasRead imported published_at=None now pages/>
            {changes.map(|(against, changes)| view! { <WhatChanges against changes/> })}
            {next}
            <Doubts reading=draft.reading.0/>
        }
    };
    Ok(page.side(|| ui::staff_menu(PATH)).render(title, body).await)
}

#[component]
fn PublishVersion(row: VersionRow, draft: RevisionRow, refused: Refused) -> impl IntoView {
    let path = version_path(&row.slug, &row.name);
    let docs = format!("/docs/{}/{}", row.slug, row.name);
    let question = format!("Delete the draft {} of {}?", row.name, row.api_name);
    let again = format!("/admin/apis/new?api={}&version={}", row.slug, row.name);
    let Refused { form, errors } = refused;
    let chosen = if form.state.is_empty() { "stable".to_owned() } else { form.state };
    let options = vec![
        Choice::new("stable", "Stable").hint("To build on. It leads readers of older versions here."),
        Choice::new("beta", "Beta").hint("A preview that may still change; each change is a revision that says why."),
    ];
    view! {
        <Panel title="Publish this version">
            <p class="soft">
                "Whoever may see the API can then read it at " <code>{docs}</code>
                " and call it in the sandbox. It does not change afterwards but by a revision that says why. To replace
                this draft first, import the file again under the same names."
            </p>
            <form class="form" method="post" action=format!("{path}/publication")>
                <input type="hidden" name="sha256" value=hex(&draft.sha256)/>
                <Choices
                    name="state"
                    label="State"
                    options
                    chosen=vec![chosen]
                    pick=Pick::One
                    error=errors.get("state")
                />
                <div class="actions">
                    <Button kind=ButtonKind::Primary>"Publish version "{row.name}</Button>
                    <LinkButton href=again>"Import again"</LinkButton>
                </div>
            </form>
            <div class="actions">
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
fn PublishCorrection(row: VersionRow, draft: RevisionRow, refused: Refused) -> impl IntoView {
    let path = version_path(&row.slug, &row.name);
    let Refused { form, errors } = refused;
    let (name, number) = (row.name.clone(), draft.number);
    let question = format!("Discard this document for {} {name}?", row.api_name);
    let (publication, deletion) = (format!("{path}/publication"), format!("{path}/draft/deletion"));
    let error = errors.get("note");
    view! {
        <Panel title=format!("Publish it as revision {number} of {name}")>
            <p class="soft">
                "For what was wrong in the document: the version keeps its name, and the earlier revision stays for whoever
                asks for it."
            </p>
            <form class="form" method="post" action=publication>
                <input type="hidden" name="sha256" value=hex(&draft.sha256)/>
                <TextField
                    name="note"
                    label="Why it is corrected"
                    value=form.note
                    error
                    hint="One sentence. It stands in the history of the version and in the audit trail."
                    autocomplete="off"
                />
                <div class="actions"><Button kind=ButtonKind::Primary>"Publish revision "{number}</Button></div>
            </form>
        </Panel>
        <MakeVersion action=format!("{path}/draft/version") name typed=form.version error=errors.get("version")/>
        <div class="actions">
            <Confirm
                id="discard-draft"
                action=deletion
                opens_with="Discard document…"
                title=question
                yes="Discard document"
                no="Keep it"
            >
                <p class="soft">"It is removed from the portal. Partners never saw it, and what is published stays."</p>
            </Confirm>
        </div>
    }
}

#[component]
fn MakeVersion(
    action: String,
    /// The version that stays as it is.
    name: String,
    typed: String,
    #[prop(optional_no_strip)] error: Option<String>,
) -> impl IntoView {
    view! {
        <Panel title="Or make it a new version">
            <p class="soft">{format!("For what the API does differently from now on. Version {name} stays as it is.")}</p>
            <form class="form" data-layout="line" method="post" action=action>
                <TextField
                    name="version"
                    label="Name of the new version"
                    kind=Input::Code
                    value=typed
                    error
                    autocomplete="off"
                />
                <Button>"Make a new version"</Button>
            </form>
        </Panel>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_version_is_beta_or_stable() {
        assert_eq!(state_in(""), Ok(State::Stable));
        assert_eq!(state_in("beta"), Ok(State::Beta));
        assert!(state_in("retired").is_err());
        assert!(state_in("finished").is_err());
    }
}
