//! The schemas of a version: their list, and each with its properties and an example.

use axum::response::Response;
use leptos::prelude::*;

use super::{
    super::{
        Version, Viewer,
        example::{self, Direction},
        model::NamedSchema,
        reading::counted,
        shape,
    },
    Place,
    anchors::Anchors,
    article, as_markdown,
    menu::{Here, menu},
    of_version,
    properties::Lens,
    samples::pretty,
};
use crate::{
    islands::Unfolding,
    markdown,
    portal::Portal,
    ui::{
        Badge, Cell, Code, Column, Empty, Glyph, Language, Link, LinkButton, PageTitle, Section, Source, Table, Tone,
        Width,
    },
    web::{Error, Page, Path, Result},
};

const ROOM: usize = 300;

pub(super) async fn index(
    portal: Portal,
    viewer: Viewer,
    page: Page,
    Path((api, version)): Path<(String, String)>,
) -> Result<Response> {
    let place = Place::find(&portal, viewer, &api, &version)?;
    Ok(of_version(page, place, ("schemas", "Schemas"), list).await)
}

fn list(place: &Place) -> impl IntoView + use<> {
    let schemas = place.document().schemas();
    let lead = format!(
        "{} that requests, answers and events are made of.",
        counted(schemas.len() as u64, "schema", "schemas")
    );
    let rows = schemas.iter().map(|named| {
        let description = named.schema.description().map(|text| markdown::plain(text, 140)).unwrap_or_default();
        let (href, name, kind) = (place.below(&format!("schemas/{}", named.id)), named.name.clone(), kind_of(named));
        view! {
            <tr>
                <Cell label="Schema"><a href=href>{name}</a></Cell>
                <Cell label="Kind"><span class="soft">{kind}</span></Cell>
                <Cell label="What it is">{description}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let overview = place.path();
    let columns = ["Schema", "Kind", "What it is"].map(Column::text).into();
    let table = match schemas.is_empty() {
        true => view! {
            <Empty icon=Glyph::Info title="No named schemas" text="Each operation shows the shape of what it takes and answers in place.">
                <LinkButton href=overview>"Go to the overview"</LinkButton>
            </Empty>
        }
        .into_any(),
        false => view! { <Table label="Schemas" columns>{rows}</Table> }.into_any(),
    };
    view! {
        <PageTitle title="Schemas" trail=place.trail() badges=place.version_badges().into_any() lead/>
        {place.banner(place.overview_of(place.api.newest_stable()))}
        {table}
    }
}

/// The kind without the name, which stands beside it.
fn kind_of(named: &NamedSchema) -> String {
    shape::kind(&named.schema).replace(&format!(" · {}", named.name), "")
}

pub(super) async fn show(
    portal: Portal,
    viewer: Viewer,
    page: Page,
    Path((api, version, id)): Path<(String, String, String)>,
) -> Result<Response> {
    let place = Place::find(&portal, viewer, &api, &version)?;
    let named = place.document().schema(&id).ok_or_else(Error::not_found)?.clone();
    let title = place.title(&named.name);
    let side = (place.clone(), place.below("schemas"), id);
    let description = markdown::plain(named.schema.description().unwrap_or_default(), 160);
    let shown = page
        .remembered(place.edition)
        .in_markdown()
        .description(description)
        .width(Width::Full)
        .side(move || {
            let (place, list, id) = &side;
            menu(place, &Here::at(list.clone()), |other: &Version| match other.document.schema(id) {
                Some(_) => Link::new(format!("/docs/{}/{}/schemas/{id}", place.api.slug, other.name), ""),
                None => place.overview_of(other),
            })
        })
        .render(title, move || schema_view(&place, &named));
    Ok(shown.await)
}

/// The page without its frame.
pub(super) fn schema_view(place: &Place, named: &NamedSchema) -> impl IntoView + use<> {
    let NamedSchema { name, schema, .. } = named;
    let mut trail = place.trail();
    trail.push(Link::new(place.below("schemas"), "Schemas"));
    let deprecated = schema.is_deprecated();
    let badges = view! {
        <span class="note">{kind_of(named)}</span>
        {deprecated.then(|| view! { <Badge tone=Tone::Warn icon=Glyph::Warn>"Deprecated"</Badge> })}
        {as_markdown(&place.below(&format!("schemas/{}", named.id)))}
    };
    let text = pretty(&example::of_schema(schema, Direction::Response));
    let copy = super::copy(text.clone());
    let anchors = Anchors::default();
    let properties = Lens::new(place, None, ROOM).at(&anchors, "properties").opened().whole(schema);
    let docs = schema.external_docs().map(|docs| {
        let label = docs.description.as_deref().map(|text| markdown::plain(text, 100));
        let label = label.filter(|text| !text.is_empty()).unwrap_or_else(|| "More about this".to_owned());
        view! { <p class="note">"Read on: "{super::address(&docs.url, label)}</p> }
    });
    view! {
        <div class="reference">
            <article class="flow">
                <PageTitle title=name.clone() trail badges=badges.into_any()/>
                {place.banner(place.overview_of(place.api.newest_stable()))}
                {article(schema.description(), 2, "about-")}
                {docs}
                <Section title="Properties" id="properties">{properties}</Section>
            </article>
            <aside class="samples" id="samples" aria-label="Samples">
                <h2 class="visually-hidden">"Samples"</h2>
                <Code title="Example" copy><Source text language=Language::Json/></Code>
            </aside>
        </div>
        <Unfolding/>
    }
}
