//! The form that takes in a document.

use axum::{
    extract::{Multipart, multipart::MultipartError},
    http::StatusCode,
    response::Response,
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    super::{
        document::MAX_BYTES,
        document::Unreadable,
        import::{Correction, ImportError, ImportRequest, import},
        reading::Outcome,
    },
    PATH, draft_path, version_path,
};
use crate::{
    audit::Actor,
    portal::Portal,
    ui::{
        self, Button, ButtonKind, Callout, FileField, Input, Link, LinkButton, Need, PageTitle, TextField, Tone, Width,
    },
    web::{FieldErrors, Page, Query, Result, see_other},
};

/// What was typed, and why it was refused.
#[derive(Clone, Default)]
struct Draft {
    slug: String,
    version: String,
    errors: FieldErrors,
    unreadable: Option<String>,
}

/// Where the file is to go, as a link says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    api: String,
    version: String,
}

pub(super) async fn new(page: Page, Query(asked): Query<Asked>) -> Response {
    show(page, Draft { slug: asked.api, version: asked.version, ..Draft::default() }).await
}

pub(super) async fn create(portal: Portal, actor: Actor, page: Page, form: Multipart) -> Result<Response> {
    let request = match read(form).await {
        Ok(request) => request,
        Err(refused) => return Ok(refuse(page, refused).await),
    };
    let draft =
        Draft { slug: request.slug.clone(), version: request.version.clone().unwrap_or_default(), ..Draft::default() };
    if request.file_name.is_empty() && request.bytes.is_empty() {
        let errors = FieldErrors::one("file", "Choose a file.");
        return Ok(refuse(page, Draft { errors, ..draft }).await);
    }
    let request = ImportRequest { correction: Correction::Keep, ..request };
    let report = match import(&portal.db, &actor, request).await {
        Ok(report) => report,
        Err(ImportError::Fault(error)) => return Err(error.into()),
        Err(error) => return Ok(refuse(page, draft.refused(&error)).await),
    };
    portal.catalogue.refresh(&portal.db).await?;
    let (api, version) = (report.api.as_str(), report.version.as_str());
    if report.outcome == Outcome::Kept {
        let sentence = "The document was read. Partners see it when you publish it.";
        return Ok(see_other(&portal, &draft_path(api, version), sentence));
    }
    let sentence = match report.outcome {
        Outcome::Unchanged => "This file is published already; nothing was done.",
        Outcome::Replaced => "The document was read. It took the place of the earlier draft.",
        _ => "The document was read and is a draft.",
    };
    Ok(see_other(&portal, &version_path(api, version), sentence))
}

impl Draft {
    fn refused(mut self, error: &ImportError) -> Self {
        match error {
            ImportError::Unreadable(error) => self.unreadable = Some(error.to_string()),
            ImportError::Slug(error) => self.errors.add("slug", sentence(&error.to_string())),
            ImportError::Version(error) => self.errors.add("version", sentence(&error.to_string())),
            error => self.errors.add("version", error.to_string()),
        }
        self
    }
}

fn sentence(predicate: &str) -> String {
    format!("The name {predicate}.")
}

/// Reads the fields; a file that is too large is not read to its end.
async fn read(mut form: Multipart) -> Result<ImportRequest, Draft> {
    let mut request = ImportRequest::default();
    let refused = |request: &ImportRequest, error: &MultipartError| {
        let version = request.version.clone().unwrap_or_default();
        let draft = Draft { slug: request.slug.clone(), version, ..Draft::default() };
        match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => draft.refused(&Unreadable::TooLarge { bytes: MAX_BYTES + 1 }.into()),
            _ => Draft { errors: FieldErrors::one("file", "The file did not arrive whole. Send it again."), ..draft },
        }
    };
    loop {
        let field = form.next_field().await.map_err(|error| refused(&request, &error))?;
        let Some(field) = field else { return Ok(request) };
        match field.name() {
            Some("slug") => request.slug = field.text().await.map_err(|error| refused(&request, &error))?,
            Some("version") => {
                let version = field.text().await.map_err(|error| refused(&request, &error))?;
                request.version = Some(version).filter(|version| !version.trim().is_empty());
            }
            Some("file") => {
                request.file_name = field.file_name().unwrap_or_default().chars().take(200).collect();
                request.bytes = field.bytes().await.map_err(|error| refused(&request, &error))?.into();
            }
            _ => {}
        }
    }
}

async fn refuse(page: Page, draft: Draft) -> Response {
    show(page.status(StatusCode::UNPROCESSABLE_ENTITY), draft).await
}

async fn show(page: Page, draft: Draft) -> Response {
    page.width(Width::Narrow)
        .side(|| ui::staff_menu(PATH))
        .render("Import a document", move || {
            let Draft { slug, version, errors, unreadable } = draft;
            view! {
                <PageTitle
                    title="Import a document"
                    trail=vec![Link::new("/admin", "Administration"), Link::new(PATH, "APIs")]
                    lead="The portal reads the file and shows you what is in it. Partners see nothing until you publish."
                />
                {unreadable.map(|reason| view! { <CannotBeRead reason/> })}
                <form class="form" method="post" action=PATH enctype="multipart/form-data">
                    <TextField
                        name="slug"
                        label="Name in addresses"
                        kind=Input::Code
                        value=slug
                        error=errors.get("slug")
                        hint="Lowercase letters, digits and hyphens, such as parcels. The same name adds a version to an API that is there, or corrects one."
                        autocomplete="off"
                    />
                    <TextField
                        name="version"
                        label="Version"
                        kind=Input::Code
                        value=version
                        error=errors.get("version")
                        need=Need::Optional
                        hint="Such as 2026-09. Left out: the version that the document states."
                        autocomplete="off"
                    />
                    <FileField
                        name="file"
                        label="OpenAPI document"
                        accept=".json,.yaml,.yml,application/json,application/yaml"
                        error=errors.get("file")
                        hint="OpenAPI 3.0, 3.1 or 3.2, as JSON or YAML, up to 64 MiB. It is kept byte for byte."
                    />
                    <div class="actions">
                        <Button kind=ButtonKind::Primary>"Read the document"</Button>
                        <LinkButton href=PATH kind=ButtonKind::Quiet>"Cancel"</LinkButton>
                    </div>
                </form>
            }
        })
        .await
}

#[component]
fn CannotBeRead(reason: String) -> impl IntoView {
    view! {
        <Callout tone=Tone::Bad title="The document cannot be read" role="alert">
            <p>{reason}</p>
            <p>"Nothing was stored. Correct the file and choose it again."</p>
        </Callout>
    }
}
