//! Calls that the API makes on its own because of an operation.

use leptos::prelude::*;

use super::{
    super::{
        example::Direction,
        model::{Callback, Operation},
    },
    Place,
    anchors::Anchors,
    content, parameters, words,
};
use crate::ui::{Badge, Fold, Glyph, MethodBadge, Opening, Section, Tone};

const ROOM: usize = 60;

/// The section of an operation's callbacks.
pub(super) fn section(place: &Place, operation: &Operation, anchors: &Anchors) -> Option<impl IntoView + use<>> {
    let shown = operation.callbacks.iter().map(|callback| callback_view(place, callback, anchors));
    let shown: Vec<AnyView> = shown.collect();
    (!shown.is_empty()).then(|| {
        view! {
            <Section title="Callbacks" id="callbacks">
                <p class="soft">"Requests that the API sends to an address of yours because of this call."</p>
                <div class="flow">{shown}</div>
            </Section>
        }
    })
}

fn callback_view(place: &Place, callback: &Callback, anchors: &Anchors) -> AnyView {
    let calls = callback.operations.iter();
    let calls: Vec<AnyView> = calls.map(|operation| call_view(place, callback, operation, anchors)).collect();
    view! { <div class="flow tight"><h3>{callback.name.clone()}</h3>{calls}</div> }.into_any()
}

fn call_view(place: &Place, callback: &Callback, operation: &Operation, anchors: &Anchors) -> AnyView {
    let path = anchors.claim("callback", &callback.name);
    let set = format!("{}-{}", path.replace('.', "-"), operation.method.as_str().to_ascii_lowercase());
    let summary = operation.summary.clone().map(|summary| view! { <p>{summary}</p> });
    let described = operation.description.as_deref().filter(|text| operation.summary.as_deref() != Some(text));
    let deprecated =
        operation.deprecated.then(|| view! { <Badge tone=Tone::Warn icon=Glyph::Warn>"Deprecated"</Badge> });
    let body = operation.body.as_ref().map(|body| {
        let at = content::Spot { anchors, path: format!("{path}.body"), set: format!("{set}-body") };
        let content = content::media_types(place, &body.content, Direction::Response, ROOM, &at);
        let described = words(body.description.as_deref());
        view! { <Fold summary="What it sends" starts=Opening::Open><div class="inset">{described}{content}</div></Fold> }
    });
    let answers = content::responses(place, operation, &set, anchors);
    view! {
        <div class="flow tight" id=path.clone()>
            <div class="endpoint">
                <MethodBadge method=operation.method.as_str().to_owned()/>
                <code>{callback.expression.clone()}</code>
                {deprecated}
            </div>
            {summary}
            {words(described)}
            {parameters::folds(place, operation, anchors, &path)}
            {body}
            <Fold summary="What to answer">{answers}</Fold>
        </div>
    }
    .into_any()
}
