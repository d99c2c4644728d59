//! What a page has no room for: folded with a link, fetched when it is opened, and a plain page of its own.

use axum::{
    http::header,
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::*;
use percent_encoding::utf8_percent_encode;
use serde::Deserialize;

use super::{
    super::{Version, Viewer, example::Direction, model::Schema, shape},
    Place,
    anchors::Anchors,
    article,
    menu::{Here, menu},
    place::ESCAPED,
    properties::{Lens, summary},
};
use crate::{
    islands::Unfolding,
    portal::Portal,
    ui::{Link, PageTitle, Section, Width},
    web::{Error, Page, Path, Query, Result, rendered},
};

const ROOM: usize = 120;

/// No document has room for more; whoever asks for more asks for nothing.
const LAST: usize = 100_000_000;

/// Where a list that is longer than a page goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Start {
    pub properties: usize,
    pub choices: usize,
}

/// Which schema is asked for, and in which form.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// Its JSON pointer.
    at: String,
    /// Which way its values travel.
    #[serde(default)]
    travels: Travels,
    /// The first property to show.
    #[serde(default)]
    from: usize,
    /// The first choice to show.
    #[serde(default)]
    choice: usize,
    #[serde(default)]
    form: Form,
}

/// Which way values travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Travels {
    #[default]
    Either,
    Request,
    Response,
}

/// A whole page, or the list alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    #[default]
    Page,
    List,
}

/// A schema that is fetched when it is opened; without the script a link to where it is shown.
pub(super) fn fold(place: &Place, schema: &Schema, direction: Option<Direction>, summary: String) -> AnyView {
    let own = address_of(place, schema, direction, Start::default());
    let source = format!("{own}&form=list");
    let page = place.schema_path(schema).unwrap_or(own);
    view! {
        <details class="fold" data-source=source>
            <summary>{summary}</summary>
            <p><a href=page>"Show it on its own page"</a></p>
        </details>
    }
    .into_any()
}

/// The row that leads on where a list is longer than a page.
pub(super) fn further(
    place: &Place,
    schema: &Schema,
    direction: Option<Direction>,
    next: Start,
    left_out: usize,
) -> AnyView {
    let href = address_of(place, schema, direction, next);
    let words = format!("and {} more", super::super::reading::grouped(left_out as u64));
    view! { <li class="further"><a href=href>{words}</a></li> }.into_any()
}

fn address_of(place: &Place, schema: &Schema, direction: Option<Direction>, start: Start) -> String {
    let pointer = schema.pointer();
    let mut address = place.below(&format!("properties?at={}", utf8_percent_encode(&pointer, ESCAPED)));
    address.push_str(match direction {
        Some(Direction::Request) => "&travels=request",
        Some(Direction::Response) => "&travels=response",
        None => "",
    });
    for (name, value) in [("from", start.properties), ("choice", start.choices)] {
        if value > 0 {
            address.push_str(&format!("&{name}={value}"));
        }
    }
    address
}

pub(super) async fn show(
    portal: Portal,
    viewer: Viewer,
    page: Page,
    Path((api, version)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let place = Place::find(&portal, viewer, &api, &version)?;
    let schema = place.document().schema_at(&asked.at).filter(Schema::is_one).ok_or_else(Error::not_found)?;
    let core = shape::core(&schema).ok_or_else(Error::not_found)?;
    let direction = match asked.travels {
        Travels::Either => None,
        Travels::Request => Some(Direction::Request),
        Travels::Response => Some(Direction::Response),
    };
    let start = Start { properties: asked.from.min(LAST), choices: asked.choice.min(LAST) };
    if asked.form == Form::List {
        let html = rendered(|| Lens::new(&place, direction, ROOM).starting(start).whole(&core));
        return Ok(([(header::CACHE_CONTROL, "private, no-cache")], Html(html)).into_response());
    }
    let name = name_of(&core);
    let title = place.title(&name);
    let side = place.clone();
    let shown = page
        .width(Width::Full)
        .side(move || {
            let here = Here::at(side.below("schemas"));
            menu(&side, &here, |other: &Version| side.overview_of(other))
        })
        .render(title, move || part_view(&place, &core, direction, start, name));
    Ok(shown.await)
}

fn name_of(core: &Schema) -> String {
    let stated = core.title().or(core.name()).map(str::to_owned);
    stated.unwrap_or_else(|| super::super::document::pointer::last(&core.pointer()).into_owned())
}

fn part_view(
    place: &Place,
    core: &Schema,
    direction: Option<Direction>,
    start: Start,
    name: String,
) -> impl IntoView + use<> {
    let mut trail = place.trail();
    trail.push(Link::new(place.below("schemas"), "Schemas"));
    if let (Some(page), Some(name)) = (place.schema_path(core), core.name()) {
        trail.push(Link::new(page, name));
    }
    let anchors = Anchors::default();
    let shape = shape::of(core);
    let first = 1 + start.properties.max(start.choices) as u64;
    let from = (first > 1).then(|| format!(", from number {}", super::super::reading::grouped(first)));
    let lead = format!("{}{}", summary(core, &shape), from.unwrap_or_default());
    let properties = Lens::new(place, direction, ROOM).at(&anchors, "properties").starting(start).whole(core);
    view! {
        <div class="reference">
            <article class="flow">
                <PageTitle title=name trail lead/>
                {place.banner(place.overview_of(place.api.newest_stable()))}
                {article(core.description(), 2, "about-")}
                <Section title="Properties" id="properties">{properties}</Section>
                <p class="note">"In the document at "<code>{core.pointer()}</code></p>
            </article>
        </div>
        <Unfolding/>
    }
}
