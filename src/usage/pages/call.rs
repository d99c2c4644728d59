//! One call: what was sent, what came back, and the same call for a shell.

use axum::response::Response;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    CALLS,
    calls::{condition, words},
    curl::curl,
    error_page, operation_page, published, took,
};
use crate::{
    islands::CopyButton,
    portal::Portal,
    reference::Published,
    ui::{
        self, Callout, Clock, Code, Fact, Facts, Language, Link, PageTitle, Section, Source, StateLabel, Time, Tone,
        Unit,
    },
    usage::model::{Call, CallLine, Side},
    web::{Member, Page, Result, Scoped},
};

/// The part of a long body that is kept.
const KEPT: i64 = 16 << 10;

pub(super) async fn show(portal: Portal, member: Member, Scoped(call): Scoped<Call>, page: Page) -> Result<Response> {
    let published = published(&portal, &member);
    let again = curl(&call, &portal.config.base_url);
    let link = format!("{}{CALLS}/{}", portal.config.base_url.as_str(), call.line.id);
    let title = format!("{} {}", call.line.method, call.line.path);
    let shown = title.clone();
    let now = OffsetDateTime::now_utc();
    let body = move || {
        let (is, said) = (condition(&call.line), words(&call.line));
        let badges = view! { <StateLabel is>{said}</StateLabel> }.into_any();
        let share = view! { <CopyButton text=link label="Copy link".to_owned()/> }.into_any();
        view! {
            <PageTitle
                title=shown
                trail=vec![Link::new("/dashboard", "Dashboard"), Link::new(CALLS, "Calls")]
                badges
                actions=share
                lead=format!("Everybody in {} can open this page by its address, and nobody else.", member.organization_name)
            />
            <Ending call=call.line.clone()/>
            {facts(&call.line, &published, now)}
            <Section title="Request"><Part side=call.request what="request"/></Section>
            <Section title="Response"><Part side=call.response what="response"/></Section>
            {again.map(|again| view! { <Again again/> })}
        }
        .into_any()
    };
    Ok(page.side(|| ui::partner_menu(CALLS)).render(title, body).await)
}

#[component]
fn Ending(call: CallLine) -> impl IntoView {
    let (title, text) = match call.ending.as_str() {
        "hung_up" => (
            "The caller hung up",
            "The connection was closed before all of the answer had gone out. A timeout of the caller may be too short.",
        ),
        "broken" => ("The answer broke off", "It could not be read to its end where it comes from."),
        _ => return ().into_any(),
    };
    view! { <Callout tone=Tone::Warn title><p>{text}</p></Callout> }.into_any()
}

fn facts(call: &CallLine, published: &Published, now: OffsetDateTime) -> AnyView {
    let operation = call.operation.clone().map(|name| {
        let content = match operation_page(published, &call.api, &call.version, &name) {
            Some(href) => view! { <a href=href>{name}</a> }.into_any(),
            None => name.into_any(),
        };
        view! { <Fact term="Operation">{content}</Fact> }
    });
    let code = call.code.clone().map(|code| {
        let content = match error_page(published, call) {
            Some(href) => view! { <a href=href><code>{code}</code></a> }.into_any(),
            None => view! { <code>{code}</code> }.into_any(),
        };
        view! { <Fact term="Error code">{content}</Fact> }
    });
    let app = match call.app_name.clone() {
        Some(name) => view! { <a href=format!("/dashboard/apps/{}", call.app)>{name}</a> }.into_any(),
        None => "a deleted app".into_any(),
    };
    let key = match (call.key, call.key_name.clone()) {
        (Some(id), Some(name)) => view! { <a href=format!("/dashboard/keys/{id}")>{name}</a> }.into_any(),
        (Some(id), None) => id.to_string().into_any(),
        (None, _) => "none: tried from a page".into_any(),
    };
    let (at, took, full) = (call.at, took(call), call.address());
    let (from, request_id) = (call.address.clone(), call.request_id.clone());
    view! {
        <Facts>
            <Fact term="When"><Time at now clock=Clock::Exact/></Fact>
            <Fact term="Took">{took}</Fact>
            {operation}
            {code}
            <Fact term="App">{app}</Fact>
            <Fact term="Key">{key}</Fact>
            <Fact term="From">{from}</Fact>
            <Fact term="Request id"><span class="mono">{request_id}</span></Fact>
            <Fact term="Address"><span class="mono">{full}</span></Fact>
        </Facts>
    }
    .into_any()
}

/// Headers and body of one side.
#[component]
fn Part(side: Side, what: &'static str) -> impl IntoView {
    let headers: Vec<String> = side.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let headers = (!headers.is_empty()).then(|| {
        view! { <Code title=format!("Headers of the {what}")>{headers.join("\n")}</Code> }
    });
    view! { <div class="flow tight">{headers}{body(&side, what)}</div> }.into_any()
}

fn body(side: &Side, what: &str) -> AnyView {
    let size = Unit::Count.written(side.size as f64);
    let Some(text) = side.body.clone() else {
        let kind = Some(side.content_type()).filter(|kind| !kind.is_empty()).unwrap_or("unknown type").to_owned();
        return match side.size {
            0 => view! { <p class="soft">{format!("The {what} has no body.")}</p> }.into_any(),
            _ => view! { <p class="soft">{format!("{size} bytes of {kind}, which are no text and not kept.")}</p> }
                .into_any(),
        };
    };
    let footer = (side.size > KEPT).then(|| format!("The beginning of {size} bytes; no more is kept."));
    let (text, language) = match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(value) if !text.contains('\n') => (serde_json::to_string_pretty(&value).unwrap_or(text), Language::Json),
        _ if side.content_type().contains("json") => (text, Language::Json),
        _ => (text, Language::Plain),
    };
    view! { <Code title=format!("Body of the {what}") footer><Source text language/></Code> }.into_any()
}

#[component]
fn Again(again: String) -> impl IntoView {
    let copy = view! { <CopyButton text=again.clone() label="Copy as curl".to_owned()/> }.into_any();
    view! {
        <Section title="Make the call again">
            <Code title="With your key in SANDBOX_KEY" copy footer="What was left out for safety is marked [redacted].">
                <Source text=again language=Language::Shell/>
            </Code>
        </Section>
    }
    .into_any()
}
