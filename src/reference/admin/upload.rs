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
        source,
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
    url: String,
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
    let (mut request, url) = match read(form).await {
        Ok(read) => read,
        Err(refused) => return Ok(refuse(page, refused).await),
    };
    let draft = Draft {
        slug: request.slug.clone(),
        version: request.version.clone().unwrap_or_default(),
        url: url.clone(),
        ..Draft::default()
    };
    let refusing = |field, message: String| Draft { errors: FieldErrors::one(field, message), ..draft.clone() };
    let has_file = !(request.file_name.is_empty() && request.bytes.is_empty());
    let origin = match (has_file, url.is_empty()) {
        (true, true) => None,
        (false, false) => match source::fetch(&portal.outbound, &url).await {
            Ok(fetched) => {
                let origin = fetched.origin(&url);
                (request.file_name, request.bytes) = (fetched.file_name, fetched.bytes);
                Some(origin)
            }
            Err(error) => return Ok(refuse(page, refusing("url", error.to_string())).await),
        },
        (true, false) => {
            return Ok(refuse(page, refusing("url", "Choose a file or write an address, not both.".into())).await);
        }
        (false, true) => return Ok(refuse(page, refusing("file", "Choose a file or write an address.".into())).await),
    };
    let request = ImportRequest { correction: Correction::Keep, ..request };
    let report = match import(&portal.db, &actor, request).await {
        Ok(report) => report,
        Err(ImportError::Fault(error)) => return Err(error.into()),
        Err(error) => return Ok(refuse(page, draft.refused(&error)).await),
    };
    if let Some(origin) = origin {
        source::remember(&portal.db, &actor, &report, &origin).await?;
    }
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

/// Reads the fields, and the address to fetch from; a file that is too large is not read to its end.
async fn read(mut form: Multipart) -> Result<(ImportRequest, String), Draft> {
    let mut request = ImportRequest::default();
    let mut url = String::new();
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
        let Some(field) = field else { return Ok((request, url)) };
        match field.name() {
            Some("slug") => request.slug = field.text().await.map_err(|error| refused(&request, &error))?,
            Some("url") => {
                url = field.text().await.map_err(|error| refused(&request, &error))?.trim().to_owned();
            }
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
            let Draft { slug, version, url, errors, unreadable } = draft;
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
                        need=Need::Optional
                        error=errors.get("file")
                        hint="OpenAPI 3.0, 3.1 or 3.2, as JSON or YAML, up to 64 MiB. It is kept byte for byte."
                    />
                    <TextField
                        name="url"
                        label="Or its address"
                        kind=Input::Url
                        value=url
                        need=Need::Optional
                        error=errors.get("url")
                        hint="An https address that needs no sign-in. The portal remembers it, and can look there for changes."
                        autocomplete="off"
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
