//! The column of samples: the request for a shell and in other languages, and what comes back.

use leptos::prelude::*;

use super::{
    super::{
        example,
        model::{Operation, Response, Webhook},
        sample::{self, Request},
    },
    Place,
    servers::{self, Asked, Target},
};
use crate::{
    islands::TabTool,
    ui::{Code, Language, Source, Tab, TabLayout, Tabs},
};

/// As many tabs as a row holds.
const MOST_ANSWERS: usize = 6;

/// A longer example is cut: nobody reads it to its end, and the whole one is in the document.
const LONGEST_EXAMPLE: usize = 12_000;

/// A longer request is shown for a shell only, and cut: in nine languages it would be most of the page.
const LONGEST_REQUEST: usize = 40_000;

/// The samples of an operation, for the server that was asked for.
pub(super) fn of_operation(place: &Place, operation: &Operation, asked: &Asked) -> impl IntoView + use<> {
    let target = Target::of(place, operation, asked);
    view! {
        <aside class="samples" id="samples" aria-label="Samples">
            <h2 class="visually-hidden">"Samples"</h2>
            {servers::form(place, operation, &target)}
            {request(place, operation, &target)}
            <p class="note">{hint(place, &target)}</p>
            {answers(operation)}
        </aside>
    }
}

/// The request in every language, one at a time.
fn request(place: &Place, operation: &Operation, target: &Target<'_>) -> impl IntoView + use<> {
    let mut request = Request::to(place.document(), operation, &target.base_url);
    if target.is_sandbox() && !place.is_own() {
        request = request.with_key();
    }
    let is_long = request.curl().len() > LONGEST_REQUEST;
    let languages = sample::Language::ALL.into_iter().take(if is_long { 1 } else { usize::MAX });
    let tabs = languages.map(|language| {
        let text = request.program(language, target.key);
        let text = if is_long { cut(text) } else { text };
        let colours = Language::named(language.slug());
        let body = view! { <pre tabindex="0"><code><Source text language=colours/></code></pre> };
        Tab::new(language.name(), body).choice(language.slug())
    });
    let (topic, label) = ("language".to_owned(), "Copy the request".to_owned());
    let tool = view! { <TabTool topic label/> }.into_any();
    view! {
        <div class="code"><Tabs name="request" label="Request" tabs=tabs.collect() layout=TabLayout::Rows tool/></div>
    }
}

/// What is still missing to run it.
fn hint(place: &Place, target: &Target<'_>) -> AnyView {
    if place.is_own() {
        return view! { <a href="/dashboard/tokens">"Make a management token"</a>" to run it." }.into_any();
    }
    if target.is_sandbox() {
        return view! {
            <a href="/dashboard">"Get a sandbox key"</a>" to run it: the sandbox sends nothing for real."
        }
        .into_any();
    }
    let base = target.base_url.clone();
    view! { "This is not the sandbox. It calls "<code>{base}</code>" with your key for it in "<code>{target.key}</code>"." }
        .into_any()
}

/// What the portal sends to a receiver.
pub(super) fn of_webhook(webhook: &Webhook) -> impl IntoView + use<> {
    let example = webhook.operation.body.as_ref().and_then(example::of_body).map(|(_, value)| pretty(&value));
    let code = example.map(|text| {
        let copy = super::copy(text.clone());
        view! { <Code title="Payload" copy><Source text language=Language::Json/></Code> }
    });
    view! {
        <aside class="samples" id="samples" aria-label="Samples">
            <h2 class="visually-hidden">"Samples"</h2>
            {code}
        </aside>
    }
}

fn answers(operation: &Operation) -> Option<impl IntoView + use<>> {
    let success = operation.success().map(|response| response.status);
    let mut ordered: Vec<&Response> = operation.responses.iter().collect();
    ordered.sort_by_key(|response| Some(response.status) != success);
    let shown = ordered.into_iter().filter_map(|response| Some((response.status, text_of(response)?)));
    let tabs = shown.take(MOST_ANSWERS).map(|(status, text)| {
        let body = view! { <pre tabindex="0"><code><Source text language=Language::Json/></code></pre> };
        Tab::new(status.to_string(), body)
    });
    let tabs: Vec<Tab> = tabs.collect();
    (!tabs.is_empty()).then(|| view! { <div class="code" data-tall><Tabs name="answers" label="Answer" tabs/></div> })
}

fn text_of(response: &Response) -> Option<String> {
    let (media_type, value) = example::of_response(response)?;
    match (media_type.is_json(), value) {
        (false, serde_json::Value::String(text)) => Some(cut(text)),
        (_, value) => Some(pretty(&value)),
    }
}

/// A value over several lines, as people read JSON.
pub(super) fn pretty(value: &serde_json::Value) -> String {
    cut(serde_json::to_string_pretty(value).unwrap_or_default())
}

fn cut(mut text: String) -> String {
    if text.len() > LONGEST_EXAMPLE {
        let end = text[..text.floor_char_boundary(LONGEST_EXAMPLE)].rfind('\n').unwrap_or(0);
        text.truncate(end);
        text.push_str("\n…");
    }
    text
}
