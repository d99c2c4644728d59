//! What is sent and what comes back.

use axum::http::StatusCode;
use leptos::prelude::*;

use super::{
    super::{
        example::Direction,
        model::{Body, Header, Link as NextCall, MediaType, Operation, Response, Status},
        reading::counted,
        shape,
    },
    Place,
    properties::{Lens, Named},
    words,
};
use crate::ui::{Fold, Need, PropLife, Props, Section, Tab, Tabs};

/// Room for what is below the first list: generous where readers look first.
const ROOM: usize = 240;
const ROOM_OF_ERRORS: usize = 60;

/// Characters that a row of tabs has room for, and tabs: more of them are one below the other.
const LONGEST_ROW: usize = 62;
const MOST_IN_ROW: usize = 6;

/// The request body.
pub(super) fn body(place: &Place, body: &Body) -> impl IntoView + use<> {
    let described = words(body.description.as_deref());
    let aside = body_note(place, body);
    let required = (!body.required).then(|| view! { <p class="note">"The body may be left out."</p> });
    let content = media_types(place, &body.content, Direction::Request, ROOM, "body-types");
    view! { <Section title="Body" id="body" aside><div class="flow tight">{described}{required}{content}</div></Section> }
}

fn body_note(place: &Place, body: &Body) -> AnyView {
    let [only] = body.content.as_slice() else { return ().into_any() };
    let name = only.name.clone();
    let schema = only.schema.as_ref().and_then(shape::core);
    let link = schema.and_then(|schema| Some((place.schema_path(&schema)?, schema.name()?.to_owned())));
    let schema = link.map(|(href, name)| view! { " · schema "<a href=href>{name}</a> });
    view! { <span class="note">{name}{schema}</span> }.into_any()
}

/// The responses, a tab for each status.
pub(super) fn responses(place: &Place, operation: &Operation, name: &str) -> AnyView {
    if operation.responses.is_empty() {
        return view! { <p class="soft">"The document describes no response."</p> }.into_any();
    }
    let reasons: usize = operation.responses.iter().map(|response| reason(response.status).len() + 6).sum();
    let count = operation.responses.len();
    let naming = if reasons <= LONGEST_ROW || count > MOST_IN_ROW { Naming::OnTab } else { Naming::Inside };
    let tabs = operation.responses.iter().map(|response| {
        let why = (naming == Naming::OnTab).then(|| reason(response.status));
        let label = view! { <b>{response.status.to_string()}</b>" "{why} };
        Tab::new(label, response_view(place, response, name, naming))
    });
    let tabs: Vec<Tab> = tabs.collect();
    view! { <div class="panel"><Tabs name=name.to_owned() label="Responses" tabs/></div> }.into_any()
}

/// Where the name of a status stands: a row of tabs has room for the names of a few.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Naming {
    OnTab,
    Inside,
}

/// What a status is called.
pub(in super::super) fn reason(status: Status) -> &'static str {
    match status {
        Status::Code(code) => StatusCode::from_u16(code).ok().and_then(|code| code.canonical_reason()).unwrap_or(""),
        Status::Range(1) => "Informational",
        Status::Range(2) => "Success",
        Status::Range(3) => "Redirection",
        Status::Range(4) => "Client error",
        Status::Range(_) => "Server error",
        Status::Default => "Any other",
    }
}

fn response_view(place: &Place, response: &Response, name: &str, naming: Naming) -> impl IntoView + use<> {
    let room = if response.status.is_error() { ROOM_OF_ERRORS } else { ROOM };
    let described = words(
        Some(&response.description).filter(|text| !text.is_empty()).or(response.summary.as_ref()).map(String::as_str),
    );
    let headers = headers(place, &response.headers);
    let set = format!("{name}-{}", response.status);
    let content = match response.content.is_empty() {
        true => view! { <p class="note">"No body."</p> }.into_any(),
        false => media_types(place, &response.content, Direction::Response, room, &set),
    };
    let links = next_calls(place, &response.links);
    let is_said = response.description.trim_end_matches('.').eq_ignore_ascii_case(reason(response.status));
    let why = (naming == Naming::Inside && !is_said).then(|| view! { <p class="note">{reason(response.status)}</p> });
    view! { <div class="resp">{why}{described}{headers}{content}{links}</div> }
}

fn headers(place: &Place, headers: &[Header]) -> Option<impl IntoView + use<>> {
    let mut lens = Lens::new(place, Some(Direction::Response), 0);
    let rows: Vec<AnyView> = headers
        .iter()
        .map(|header| {
            let schema = header.schema.as_ref().or_else(|| header.content.as_ref()?.schema.as_ref());
            let need = if header.required { Need::Required } else { Need::Optional };
            let life = if header.deprecated { PropLife::Deprecated } else { PropLife::Live };
            let named = Named::new(&header.name, schema, need);
            lens.named(Named { description: header.description.as_deref(), life, ..named }, 0)
        })
        .collect();
    let summary = counted(rows.len() as u64, "header", "headers");
    (!rows.is_empty()).then(|| view! { <Fold summary><Props>{rows}</Props></Fold> })
}

/// The operations that an answer leads to.
fn next_calls(place: &Place, links: &[NextCall]) -> Option<impl IntoView + use<>> {
    let rows: Vec<AnyView> = links
        .iter()
        .map(|link| {
            let id = link.operation_id.as_deref();
            let target =
                place.document().operations().iter().find(|other| id.is_some() && other.operation_id.as_deref() == id);
            let name = match target {
                Some(operation) => view! { <a href=place.operation_path(operation)>{operation.title()}</a> }.into_any(),
                None => link.name.clone().into_any(),
            };
            view! { <li>{name}{words(link.description.as_deref())}</li> }.into_any()
        })
        .collect();
    let summary = counted(rows.len() as u64, "next call", "next calls");
    (!rows.is_empty()).then(|| view! { <Fold summary><ul>{rows}</ul></Fold> })
}

/// The content types: one in place, several as tabs.
fn media_types(place: &Place, content: &[MediaType], direction: Direction, room: usize, set: &str) -> AnyView {
    let shown = |media_type: &MediaType| {
        let schema = media_type.schema.as_ref().or(media_type.item_schema.as_ref());
        match schema {
            Some(schema) => Lens::new(place, Some(direction), room).whole(schema),
            None => view! { <p class="note">"The document does not describe the content."</p> }.into_any(),
        }
    };
    match content {
        [] => view! { <p class="note">"The document names no content type."</p> }.into_any(),
        [only] => {
            let name = (direction == Direction::Response).then(|| view! { <p class="note">{only.name.clone()}</p> });
            view! { {name}{shown(only)} }.into_any()
        }
        several => {
            let tabs = several.iter().map(|media_type| {
                Tab::new(media_type.name.clone(), view! { <div class="resp">{shown(media_type)}</div> })
            });
            view! { <Tabs name=set.to_owned() label="Content types" tabs=tabs.collect()/> }.into_any()
        }
    }
}
