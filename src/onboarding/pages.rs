//! The dashboard's first page: what comes next, the apps, and where to read on.

use axum::response::Response;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::model::Next;
use crate::{
    apps::{self, AppTable, Summary},
    db::AppId,
    islands::CopyButton,
    keys::{self, FirstCall},
    portal::Portal,
    reference::Viewer,
    ui::{self, ButtonKind, Code, Glyph, Link, LinkButton, PageTitle, Progress, Section, Step, StepState, Steps},
    web::{Access, Member, Page, Result, Role, Routes},
};

const PATH: &str = "/dashboard";
/// Looking for a key to call with goes through this many of an app's keys.
const KEYS_LOOKED_AT: i64 = 100;

/// `/dashboard`.
pub fn routes() -> Routes {
    Routes::new().get(PATH, Access::Member(Role::Viewer), index)
}

async fn index(portal: Portal, member: Member, page: Page) -> Result<Response> {
    let apps = apps::summaries(&portal.db, member.organization).await?;
    let next = Next::of(&apps);
    let curl = match next {
        Next::Call(app) => first_call(&portal, Viewer::of(member.organization), app).await?,
        _ => None,
    };
    let published = portal.catalogue.visible_to(Viewer::of(member.organization));
    let apis: Vec<Link> =
        published.apis.iter().map(|api| Link::new(format!("/docs/{}", api.slug), api.name.clone())).collect();
    let guides = portal.guides.links();
    let body = move || {
        let role = member.role;
        view! {
            <PageTitle
                title=member.organization_name
                lead="Your apps, their keys, and what to do next."
            />
            <Road next role curl/>
            <Apps apps role/>
            <ReadOn next apis guides/>
        }
    };
    Ok(page.side(|| ui::partner_menu(PATH)).render("Dashboard", body).await)
}

/// The call that a key of the app can make.
async fn first_call(portal: &Portal, viewer: Viewer, app: AppId) -> Result<Option<String>> {
    let keys = keys::of_app(&portal.db, app, None, KEYS_LOOKED_AT).await?;
    let now = OffsetDateTime::now_utc();
    let key = keys.into_iter().find(|key| key.state(now).works());
    let published = portal.catalogue.visible_to(viewer);
    let call = key.and_then(|key| FirstCall::choose(&published, &portal.config.base_url, &key.scopes));
    Ok(call.map(|call| call.curl()))
}

#[component]
fn Road(next: Next, role: Role, curl: Option<String>) -> impl IntoView {
    if next == Next::Nothing {
        return ().into_any();
    }
    let done = next.done();
    let state = move |step: u32| if step < done { StepState::Done } else { StepState::Open };
    let left = match Next::STEPS - done {
        1 => "1 left".to_owned(),
        left => format!("{left} left"),
    };
    view! {
        <Section title="To your first call">
            <Progress label=format!("{done} of {} steps done", Next::STEPS) done of=Next::STEPS rest=left/>
            <div class="gap-above">
            <Steps>
                <Step title="Create an app" state=state(0)>
                    <p>"One for each system that calls the API, so that you can cut one off without the others."</p>
                    {(next == Next::App).then(|| step_button(role, "/dashboard/apps/new".to_owned(), "Create an app"))}
                </Step>
                <Step title="Issue a sandbox key" state=state(1)>
                    <p>"The app calls with it. It is shown once; keep it in your secret store."</p>
                    {match next {
                        Next::Key(app) => Some(step_button(role, format!("/dashboard/apps/{app}#issue"), "Issue a sandbox key")),
                        _ => None,
                    }}
                </Step>
                <Step title="Make the first call" state=state(2)>
                    <p>"The sandbox answers with examples; nothing is sent and nothing is stored."</p>
                    {match next {
                        Next::Call(app) => Some(view! { <CallNow app curl/> }),
                        _ => None,
                    }}
                </Step>
            </Steps>
            </div>
        </Section>
    }
    .into_any()
}

fn step_button(role: Role, href: String, words: &'static str) -> AnyView {
    match role >= Role::Developer {
        true => view! { <p><LinkButton href kind=ButtonKind::Primary>{words}</LinkButton></p> }.into_any(),
        false => view! { <p class="soft">"A developer or owner of your organization does this."</p> }.into_any(),
    }
}

#[component]
fn CallNow(app: AppId, curl: Option<String>) -> impl IntoView {
    let keys = format!("/dashboard/apps/{app}");
    match curl {
        Some(curl) => {
            let copy = view! { <CopyButton text=curl.clone() label="Copy call".to_owned()/> }.into_any();
            view! {
                <Code title="With your key in SANDBOX_KEY" copy>{curl}</Code>
                <p class="soft">"Reload this page afterwards. "<a href=keys>"See your keys"</a></p>
            }
            .into_any()
        }
        None => view! {
            <p>"Choose an operation and copy its example. "<a href="/docs">"Open the reference"</a></p>
        }
        .into_any(),
    }
}

#[component]
fn Apps(apps: Vec<Summary>, role: Role) -> impl IntoView {
    // Without an app, the first step says what an app is.
    if apps.is_empty() {
        return ().into_any();
    }
    let create = (role >= Role::Developer).then(|| {
        view! { <LinkButton href="/dashboard/apps/new" icon=Glyph::Plus>"Create an app"</LinkButton> }
    });
    view! {
        <Section title="Apps" aside=view! { {create} }.into_any()>
            <AppTable apps/>
        </Section>
    }
    .into_any()
}

#[component]
fn ReadOn(next: Next, apis: Vec<Link>, guides: Vec<Link>) -> impl IntoView {
    let webhooks = guides.iter().find(|link| next == Next::Nothing && link.href.ends_with("/webhooks")).cloned();
    let hint = webhooks.map(|link| {
        view! {
            <p class="soft">"Next, be told of events instead of asking for them: "<a href=link.href>{link.label}</a></p>
        }
    });
    let list = |links: Vec<Link>| {
        let items = links.into_iter().map(|link| view! { <li><a href=link.href>{link.label}</a></li> });
        view! { <ul class="rows links">{items.collect_view()}</ul> }
    };
    let (has_apis, has_guides) = (!apis.is_empty(), !guides.is_empty());
    view! {
        {hint}
        <div class="split columns">
            {has_apis.then(|| view! { <Section title="Reference">{list(apis)}</Section> })}
            {has_guides.then(|| view! { <Section title="Guides">{list(guides)}</Section> })}
        </div>
    }
}
