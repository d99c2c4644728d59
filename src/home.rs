//! The front page: what this portal is, three steps to a first call, and where to read on. And the colours.

use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    keys,
    portal::Portal,
    reference::Viewer,
    settings::Values,
    ui::{ButtonKind, Code, Link, LinkButton, Section, Step, StepState, Steps, Theme},
    web::{Access, Form, Page, Routes, Visitor, clear_cookie, local_path, set_cookie},
};

/// How long a visitor's choice of colours is kept.
const THEME_AGE: time::Duration = time::Duration::days(365);

/// `/` and `/theme`.
pub fn routes() -> Routes {
    Routes::new().get("/", Access::Public, show).post("/theme", Access::Public, choose_theme)
}

async fn show(portal: Portal, visitor: Visitor, page: Page) -> Response {
    let settings = portal.settings.current();
    let published = portal.catalogue.visible_to(Viewer::from(&visitor));
    let scopes: Vec<String> = published.scopes().into_iter().map(|scope| scope.name).collect();
    let first_call = keys::FirstCall::choose(&published, &portal.config.base_url, &scopes).map(|call| call.curl());
    let apis = published.apis.iter().map(|api| Link::new(format!("/docs/{}", api.slug), api.name.clone())).collect();
    let guides = portal.guides.links();
    let signed_in = visitor.session.as_ref().map(|session| session.name.clone());
    let description = settings.introduction.clone();
    let title = if settings.headline.is_empty() { "Developers".to_owned() } else { settings.headline.clone() };
    page.description(description)
        .render(title, move || {
            view! {
                <Hero settings=(*settings).clone()/>
                <FirstCall signed_in first_call/>
                <WhereNext apis guides/>
            }
        })
        .await
}

#[component]
fn Hero(settings: Values) -> impl IntoView {
    let headline = match settings.headline.is_empty() {
        true => format!("Build with {}", settings.portal_name),
        false => settings.headline,
    };
    let introduction = match settings.introduction.is_empty() {
        true => "Read the API, get a sandbox key, and make a first call in a few minutes.".to_owned(),
        false => settings.introduction,
    };
    view! {
        <header class="hero">
            <h1>{headline}</h1>
            <p class="lead">{introduction}</p>
            <div class="actions">
                <LinkButton href="/signup" kind=ButtonKind::Primary>"Get a sandbox key"</LinkButton>
                <LinkButton href="/docs">"Read the reference"</LinkButton>
            </div>
        </header>
    }
}

#[component]
fn FirstCall(signed_in: Option<String>, first_call: Option<String>) -> impl IntoView {
    let account = match signed_in {
        Some(name) => view! {
            <Step title="Make an account" state=StepState::Done>
                <p>"You are signed in as " {name} ". " <a href="/dashboard">"Go to the dashboard"</a></p>
            </Step>
        }
        .into_any(),
        None => view! {
            <Step title="Make an account">
                <p>"With your work address. No contract and no card for the sandbox. " <a href="/signup">"Sign up"</a></p>
            </Step>
        }
        .into_any(),
    };
    let call = first_call.map(|curl| {
        view! {
            <Step title="Make a call">
                <p>"Run this as it is. The sandbox answers with examples and sends nothing."</p>
                <Code title="Request">{curl}</Code>
            </Step>
        }
    });
    view! {
        <Section title="Three steps to your first call">
            <Steps>
                {account}
                <Step title="Get a sandbox key">
                    <p>"It is shown once; put it into an environment variable."</p>
                    <Code>"export SANDBOX_KEY=\"vst_sandbox_…\""</Code>
                </Step>
                {call}
            </Steps>
        </Section>
    }
}

#[component]
fn WhereNext(apis: Vec<Link>, guides: Vec<Link>) -> impl IntoView {
    let list = |links: Vec<Link>| {
        let items = links.into_iter().map(|link| view! { <li><a href=link.href>{link.label}</a></li> });
        view! { <ul class="rows links">{items.collect_view()}</ul> }
    };
    let has_guides = !guides.is_empty();
    view! {
        <div class="split columns gap-above">
            <Section title="Reference">{list(apis)}</Section>
            {has_guides.then(|| view! { <Section title="Guides">{list(guides)}</Section> })}
        </div>
    }
}

#[derive(Deserialize)]
struct ThemeForm {
    theme: String,
    #[serde(default)]
    back: String,
}

async fn choose_theme(portal: Portal, Form(form): Form<ThemeForm>) -> Response {
    let mut response = Redirect::to(local_path(&form.back).unwrap_or("/")).into_response();
    match Theme::parse(&form.theme) {
        Some(theme) => set_cookie(&mut response, &portal.config.base_url, "theme", theme.name(), THEME_AGE),
        None => clear_cookie(&mut response, &portal.config.base_url, "theme"),
    }
    response
}
