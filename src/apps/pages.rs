//! The pages on which apps are made, named and deleted. An app's own page shows its keys and is theirs.

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;
use serde::Deserialize;
use time::OffsetDateTime;

use super::{App, Summary, made, renamed, store};
use crate::{
    audit::Actor,
    portal::Portal,
    ui::{
        self, Align, Button, ButtonKind, Cell, Clock, Column, Confirm, Empty, Glyph, Link, LinkButton, PageTitle,
        Section, Table, TextField, Time,
    },
    web::{Access, Error, FieldErrors, Form, Member, Page, Result, Role, Routes, Scoped, see_other},
};

const PATH: &str = "/dashboard/apps";

/// The pages of apps.
pub fn routes() -> Routes {
    let (viewer, developer) = (Access::Member(Role::Viewer), Access::Member(Role::Developer));
    Routes::new()
        .get(PATH, viewer, index)
        .get("/dashboard/apps/new", developer, new)
        .post(PATH, developer, create)
        .get("/dashboard/apps/{app}/settings", developer, edit)
        .post("/dashboard/apps/{app}/name", developer, rename)
        .post("/dashboard/apps/{app}/deletion", developer, delete)
}

#[derive(Clone, Debug, Default, Deserialize)]
struct NameForm {
    #[serde(default)]
    name: String,
}

#[derive(Debug, Deserialize)]
struct Confirmation {
    #[serde(default)]
    confirm: String,
}

async fn index(portal: Portal, member: Member, page: Page) -> Result<Response> {
    let apps = store::summaries(&portal.db, member.organization).await?;
    let may_create = member.role >= Role::Developer;
    let create = move || {
        may_create.then(|| {
            view! {
                <LinkButton href="/dashboard/apps/new" kind=ButtonKind::Primary icon=Glyph::Plus>"Create an app"</LinkButton>
            }
            .into_any()
        })
    };
    let body = move || {
        match apps.is_empty() {
        true => view! {
            <PageTitle title="Apps and keys"/>
            <Empty
                icon=Glyph::Key
                title="No apps yet"
                text="An app is one of your systems that calls the API. It has keys of its own, so that you can cut off one system without the others."
            >
                {create()}
            </Empty>
        }
        .into_any(),
        false => view! {
            <PageTitle title="Apps and keys" actions=view! { {create()} }.into_any()/>
            <AppTable apps/>
        }
        .into_any(),
    }
    };
    Ok(page.side(|| ui::partner_menu(PATH)).render("Apps and keys", body).await)
}

async fn new(page: Page) -> Response {
    new_page(page, NameForm::default(), FieldErrors::default()).await
}

async fn create(
    portal: Portal,
    member: Member,
    actor: Actor,
    page: Page,
    Form(form): Form<NameForm>,
) -> Result<Response> {
    match made(&portal, &actor, member.organization, &form.name).await {
        Ok(app) => {
            let sentence = format!("The app {} was created. Issue its first key.", app.name);
            Ok(see_other(&portal, &format!("{PATH}/{}", app.id), &sentence))
        }
        Err(error) => {
            let errors = errors_of(error)?;
            Ok(new_page(page.status(StatusCode::UNPROCESSABLE_ENTITY), form, errors).await)
        }
    }
}

async fn edit(Scoped(app): Scoped<App>, page: Page) -> Response {
    let form = NameForm { name: app.name.clone() };
    edit_page(page, app, form, FieldErrors::default()).await
}

async fn rename(
    portal: Portal,
    actor: Actor,
    Scoped(app): Scoped<App>,
    page: Page,
    Form(form): Form<NameForm>,
) -> Result<Response> {
    match renamed(&portal, &actor, &app, &form.name).await {
        Ok(name) => {
            Ok(see_other(&portal, &format!("{PATH}/{}", app.id), &format!("The app is called {} now.", name.as_str())))
        }
        Err(error) => {
            let errors = errors_of(error)?;
            Ok(edit_page(page.status(StatusCode::UNPROCESSABLE_ENTITY), app, form, errors).await)
        }
    }
}

async fn delete(
    portal: Portal,
    actor: Actor,
    Scoped(app): Scoped<App>,
    page: Page,
    Form(form): Form<Confirmation>,
) -> Result<Response> {
    if form.confirm.trim() != app.name {
        let errors = FieldErrors::one("confirm", "This is not the app's name. Nothing was deleted.");
        let form = NameForm { name: app.name.clone() };
        return Ok(edit_page(page.status(StatusCode::UNPROCESSABLE_ENTITY), app, form, errors).await);
    }
    store::delete(&portal.db, &actor, &app).await?;
    Ok(see_other(&portal, PATH, &format!("The app {} was deleted. Its keys have stopped working.", app.name)))
}

/// What is wrong with the name, where that is why nothing was done.
fn errors_of(error: Error) -> Result<FieldErrors> {
    match error.fields().first() {
        Some(field) => Ok(FieldErrors::one("name", field.message.clone())),
        None => Err(error),
    }
}

async fn new_page(page: Page, form: NameForm, errors: FieldErrors) -> Response {
    let body = move || {
        view! {
            <PageTitle
                title="Create an app"
                trail=vec![Link::new(PATH, "Apps and keys")]
                lead="One for each of your systems that calls the API: a shop, a warehouse, a nightly run."
            />
            <form class="form" method="post" action=PATH>
                <TextField
                    name="name"
                    label="Name"
                    value=form.name
                    error=errors.get("name")
                    hint="Your organization and the company behind this API see it."
                    autocomplete="off"
                />
                <div class="actions">
                    <Button kind=ButtonKind::Primary>"Create app"</Button>
                    <LinkButton href=PATH kind=ButtonKind::Quiet>"Back to the apps"</LinkButton>
                </div>
            </form>
        }
    };
    page.side(|| ui::partner_menu(PATH)).render("Create an app", body).await
}

async fn edit_page(page: Page, app: App, form: NameForm, errors: FieldErrors) -> Response {
    let body = move || {
        let path = format!("{PATH}/{}", app.id);
        let trail = vec![Link::new(PATH, "Apps and keys"), Link::new(path.clone(), app.name.clone())];
        view! {
            <PageTitle title="App settings" trail/>
            <Rename action=format!("{path}/name") name=form.name error=errors.get("name")/>
            <Delete action=format!("{path}/deletion") name=app.name error=errors.get("confirm")/>
        }
    };
    page.side(|| ui::partner_menu(PATH)).render("App settings", body).await
}

#[component]
fn Rename(action: String, name: String, error: Option<String>) -> impl IntoView {
    view! {
        <Section title="Name">
            <form class="form" method="post" action=action>
                <TextField name="name" label="Name" value=name error autocomplete="off"/>
                <div class="actions"><Button>"Rename app"</Button></div>
            </form>
        </Section>
    }
}

#[component]
fn Delete(action: String, name: String, error: Option<String>) -> impl IntoView {
    view! {
        <Section title="Deletion">
            <p class="soft">"A deleted app cannot be brought back. Calls with its keys are refused within a second."</p>
            <Confirm
                id="delete-app"
                action
                opens_with="Delete app…"
                title=format!("Delete the app {name}?")
                name
                error
                yes="Delete app"
                no="Keep the app"
            >
                <p class="soft">"All its keys stop working within a second. This cannot be undone."</p>
            </Confirm>
        </Section>
    }
}

/// Apps and their keys in numbers.
#[component]
pub fn AppTable(
    /// The apps, in their order.
    apps: Vec<Summary>,
) -> impl IntoView {
    let now = OffsetDateTime::now_utc();
    let columns = vec![Column::text("App"), Column::number("Keys"), Column::text("Last call"), Column::text("Created")];
    let rows = apps.into_iter().map(move |app| {
        let last_call = match app.last_used_at {
            Some(at) => view! { <Time at now/> }.into_any(),
            None => "none yet".into_any(),
        };
        view! {
            <tr>
                <Cell label="App"><a href=format!("{PATH}/{}", app.id)>{app.name}</a></Cell>
                <Cell label="Keys" align=Align::Number>{app.keys}</Cell>
                <Cell label="Last call">{last_call}</Cell>
                <Cell label="Created"><Time at=app.created_at now clock=Clock::Exact/></Cell>
            </tr>
        }
    });
    view! { <Table label="Apps" columns>{rows.collect_view()}</Table> }
}
