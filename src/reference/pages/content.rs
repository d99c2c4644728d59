//! What is sent and what comes back.

use axum::http::StatusCode;
use leptos::prelude::*;

use super::{
    super::{
        example::Direction,
        model::{Body, Header, MediaType, Operation, Response, Status},
        reading::counted,
        shape,
    },
    Place,
    anchors::{Anchors, step},
    examples,
    headers::header_rows,
    next_calls,
    properties::Lens,
    words,
};
use crate::ui::{Fold, Props, Section, Tab, TabLayout, Tabs};

/// Room for what is below the first list: generous where readers look first.
const ROOM: usize = 240;
const ROOM_OF_ERRORS: usize = 60;

/// Characters that a row of tabs has room for, and tabs: more of them are one below the other.
const LONGEST_ROW: usize = 62;
const MOST_IN_ROW: usize = 6;

/// Names of headers that a line has room for.
const NAMED_HEADERS: usize = 3;

/// Where on a page content stands.
pub(super) struct Spot<'a> {
    pub anchors: &'a Anchors,
    /// With which the ids of its properties start.
    pub path: String,
    /// With which the names of its tabs start.
    pub set: String,
}

/// The request body.
pub(super) fn body(place: &Place, body: &Body, anchors: &Anchors) -> impl IntoView + use<> {
    let described = words(body.description.as_deref());
    let aside = body_note(place, body);
    let required = (!body.required).then(|| view! { <p class="note">"The body may be left out."</p> });
    let spot = Spot { anchors, path: "body".to_owned(), set: "body-types".to_owned() };
    let content = media_types(place, &body.content, Direction::Request, ROOM, &spot);
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
pub(super) fn responses(place: &Place, operation: &Operation, name: &str, anchors: &Anchors) -> AnyView {
    if operation.responses.is_empty() {
        return view! { <p class="soft">"The document describes no response."</p> }.into_any();
    }
    let reasons: usize = operation.responses.iter().map(|response| reason(response.status).len() + 6).sum();
    let count = operation.responses.len();
    let naming = if reasons <= LONGEST_ROW || count > MOST_IN_ROW { Naming::OnTab } else { Naming::Inside };
    let tabs = operation.responses.iter().map(|response| {
        let why = (naming == Naming::OnTab).then(|| reason(response.status));
        let label = view! { <b>{response.status.to_string()}</b>" "{why} };
        let path = match name {
            "responses" => response.status.to_string(),
            name => format!("{name}.{}", response.status),
        };
        let spot = Spot { anchors, path, set: format!("{name}-{}", response.status) };
        Tab::new(label, response_view(place, response, &spot, naming))
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

fn response_view(place: &Place, response: &Response, spot: &Spot<'_>, naming: Naming) -> impl IntoView + use<> {
    let room = if response.status.is_error() { ROOM_OF_ERRORS } else { ROOM };
    let described = words(
        Some(&response.description).filter(|text| !text.is_empty()).or(response.summary.as_ref()).map(String::as_str),
    );
    let headers = headers(place, &response.headers, spot);
    let content = match response.content.is_empty() {
        true => view! { <p class="note">"No body."</p> }.into_any(),
        false => media_types(place, &response.content, Direction::Response, room, spot),
    };
    let links = next_calls::of_response(place, &response.links);
    let is_said = response.description.trim_end_matches('.').eq_ignore_ascii_case(reason(response.status));
    let why = (naming == Naming::Inside && !is_said).then(|| view! { <p class="note">{reason(response.status)}</p> });
    let is_error = response.status.is_error();
    view! { <div class="resp" data-error=is_error>{why}{described}{headers}{content}{links}</div> }
}

fn headers(place: &Place, headers: &[Header], spot: &Spot<'_>) -> Option<impl IntoView + use<>> {
    let path = format!("{}.header", spot.path);
    let mut lens = Lens::new(place, Some(Direction::Response), 0).at(spot.anchors, path);
    let rows = header_rows(&mut lens, headers);
    let names: Vec<&str> = headers.iter().map(|header| header.name.as_str()).collect();
    let summary = match names.len() {
        1..=NAMED_HEADERS => format!("{}: {}", if names.len() == 1 { "Header" } else { "Headers" }, names.join(", ")),
        count => counted(count as u64, "header", "headers"),
    };
    (!rows.is_empty()).then(|| view! { <Fold summary><Props>{rows}</Props></Fold> })
}

/// The content types: one in place, several as tabs.
pub(super) fn media_types(
    place: &Place,
    content: &[MediaType],
    direction: Direction,
    room: usize,
    spot: &Spot<'_>,
) -> AnyView {
    let shown = |(index, media_type): (usize, &MediaType)| {
        let own = if index == 0 { spot.path.clone() } else { format!("{}-{}", spot.path, step(&media_type.name)) };
        media_type_view(
            place,
            media_type,
            direction,
            room,
            &Spot { anchors: spot.anchors, path: own, set: format!("{}-{index}", spot.set) },
        )
    };
    match content {
        [] => view! { <p class="note">"The document names no content type."</p> }.into_any(),
        [only] => {
            let name = (direction == Direction::Response).then(|| view! { <p class="note">{only.name.clone()}</p> });
            view! { {name}{shown((0, only))} }.into_any()
        }
        several => {
            let names: usize = several.iter().map(|media_type| media_type.name.chars().count() + 4).sum();
            let layout = if names <= LONGEST_ROW { TabLayout::Row } else { TabLayout::List };
            let tabs = several.iter().enumerate().map(|(index, media_type)| {
                Tab::new(media_type.name.clone(), view! { <div class="resp">{shown((index, media_type))}</div> })
            });
            let tabs = tabs.collect();
            let set = spot.set.clone();
            view! { <div class="panel"><Tabs name=set label="Content types" tabs layout/></div> }.into_any()
        }
    }
}

fn media_type_view(
    place: &Place,
    media_type: &MediaType,
    direction: Direction,
    room: usize,
    spot: &Spot<'_>,
) -> AnyView {
    let lens = || {
        let lens = Lens::new(place, Some(direction), room).at(spot.anchors, spot.path.clone()).form(media_type);
        if room > ROOM_OF_ERRORS { lens.opened() } else { lens }
    };
    let list = match (&media_type.schema, &media_type.item_schema) {
        (Some(schema), _) => lens().whole(schema),
        (None, Some(item)) => {
            let list = lens().whole(item);
            view! { <p class="note">"A stream; each item:"</p>{list} }.into_any()
        }
        (None, None) => view! { <p class="note">{undescribed(media_type)}</p> }.into_any(),
    };
    let examples = examples::of_content(media_type, &spot.set);
    view! { {list}{examples} }.into_any()
}

fn undescribed(media_type: &MediaType) -> &'static str {
    let essence = media_type.essence();
    let is_text = media_type.is_json() || essence.starts_with("text/") || essence.ends_with("xml");
    match is_text || essence.starts_with("multipart/") || essence.contains("x-www-form") {
        true => "The document does not describe the content.",
        false => "A file: its bytes as they are.",
    }
}
