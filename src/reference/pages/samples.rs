//! The column of samples: the request for a shell, and what comes back.

use leptos::prelude::*;

use super::{
    super::{
        example,
        model::{Operation, Response, Webhook},
        sample::Request,
    },
    Place,
};
use crate::ui::{Code, Language, Source, Tab, Tabs};

/// As many tabs as a row holds.
const MOST_ANSWERS: usize = 6;

/// A longer example is cut: nobody reads it to its end, and the whole one is in the document.
const LONGEST_EXAMPLE: usize = 12_000;

/// The samples of an operation.
pub(super) fn of_operation(place: &Place, operation: &Operation) -> impl IntoView + use<> {
    let request = Request::to(place.document(), operation, &place.calls);
    let curl = match place.is_own() {
        // The portal's own API takes management tokens and is not played in the sandbox.
        true => request.curl().replace("SANDBOX_KEY", "VESTIBULE_TOKEN"),
        false => request.with_key().curl(),
    };
    let hint = match place.is_own() {
        true => view! { <a href="/dashboard/tokens">"Make a management token"</a>" to run it." }.into_any(),
        false => {
            view! { <a href="/dashboard">"Get a sandbox key"</a>" to run it: the sandbox sends nothing for real." }
                .into_any()
        }
    };
    let copy = super::copy(curl.clone());
    view! {
        <aside class="samples" id="samples" aria-label="Samples">
            <h2 class="visually-hidden">"Samples"</h2>
            <Code title="curl" copy><Source text=curl language=Language::Shell/></Code>
            <p class="note">{hint}</p>
            {answers(operation)}
        </aside>
    }
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
