//! The events that an API sends.

use axum::response::Response;
use leptos::prelude::*;

use super::{
    super::{Version, Viewer, example::Direction, model::Webhook},
    Place,
    anchors::Anchors,
    article, as_markdown,
    content::{self, Spot},
    menu::{Here, menu},
    of_version, parameters, samples, words,
};
use crate::{
    islands::Unfolding,
    markdown,
    portal::Portal,
    ui::{Badge, Cell, Column, Empty, Glyph, Link, LinkButton, PageTitle, Section, Table, Tone, Width},
    web::{Error, Page, Path, Result},
};

const ROOM: usize = 240;

pub(super) async fn index(
    portal: Portal,
    viewer: Viewer,
    page: Page,
    Path((api, version)): Path<(String, String)>,
) -> Result<Response> {
    let place = Place::find(&portal, viewer, &api, &version)?;
    Ok(of_version(page, place, ("webhooks", "Webhooks"), list).await)
}

fn list(place: &Place) -> impl IntoView + use<> {
    view! {
        <PageTitle
            title="Webhooks"
            trail=place.trail()
            badges=place.version_badges().into_any()
            lead="Requests that the API sends to an address of yours when something happens."
        />
        {place.banner(place.overview_of(place.api.newest_stable()))}
        {table(place)}
    }
}

/// The events with what they tell.
pub(super) fn table(place: &Place) -> AnyView {
    let webhooks = place.document().webhooks();
    if webhooks.is_empty() {
        let overview = place.path();
        return view! {
            <Empty icon=Glyph::Hook title="No webhooks" text="The document describes no events that the API sends.">
                <LinkButton href=overview>"Go to the overview"</LinkButton>
            </Empty>
        }
        .into_any();
    }
    let rows = webhooks.iter().map(|webhook| {
        let (href, name, summary) = (path_of(place, webhook), webhook.name.clone(), summary_of(webhook));
        view! {
            <tr>
                <Cell label="Event"><a href=href><code>{name}</code></a></Cell>
                <Cell label="Sent when">{summary}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let columns = ["Event", "Sent when"].map(Column::text).into();
    view! { <Table label="Webhooks" columns>{rows}</Table> }.into_any()
}

fn path_of(place: &Place, webhook: &Webhook) -> String {
    place.below(&format!("webhooks/{}", webhook.id))
}

fn summary_of(webhook: &Webhook) -> String {
    let operation = &webhook.operation;
    let text = operation.summary.as_deref().or(operation.description.as_deref()).unwrap_or_default();
    markdown::plain(text, 160)
}

pub(super) async fn show(
    portal: Portal,
    viewer: Viewer,
    page: Page,
    Path((api, version, id)): Path<(String, String, String)>,
) -> Result<Response> {
    let place = Place::find(&portal, viewer, &api, &version)?;
    let webhook = place.document().webhook(&id).ok_or_else(Error::not_found)?.clone();
    let title = place.title(&webhook.name);
    let side = (place.clone(), path_of(&place, &webhook), id);
    let shown = page
        .remembered(place.edition)
        .in_markdown()
        .description(summary_of(&webhook))
        .width(Width::Full)
        .side(move || {
            let (place, path, id) = &side;
            menu(place, &Here::at(path.clone()), |other: &Version| match other.document.webhook(id) {
                Some(_) => Link::new(format!("/docs/{}/{}/webhooks/{id}", place.api.slug, other.name), ""),
                None => place.overview_of(other),
            })
        })
        .render(title, move || webhook_view(&place, &webhook));
    Ok(shown.await)
}

/// The page without its frame.
pub(super) fn webhook_view(place: &Place, webhook: &Webhook) -> impl IntoView + use<> {
    let operation = &webhook.operation;
    let mut trail = place.trail();
    trail.push(Link::new(place.below("webhooks"), "Webhooks"));
    let summary = operation.summary.clone().filter(|summary| *summary != webhook.name);
    let anchors = Anchors::default();
    let parameters = parameters::sections(place, operation, &anchors);
    let body = operation.body.as_ref();
    let note = body.map(|body| &body.content).filter(|content| content.len() == 1);
    let note = note.and_then(|content| content.first()).map(|only| only.name.clone());
    let payload = match body {
        Some(body) => {
            let spot = Spot { anchors: &anchors, path: "payload".to_owned(), set: "payload-types".to_owned() };
            let content = content::media_types(place, &body.content, Direction::Response, ROOM, &spot);
            view! { {words(body.description.as_deref())}{content} }.into_any()
        }
        None => view! { <p class="soft">"The document describes no payload."</p> }.into_any(),
    };
    let deprecated =
        operation.deprecated.then(|| view! { <Badge tone=Tone::Warn icon=Glyph::Warn>"Deprecated"</Badge> });
    let badges = view! { {deprecated}{as_markdown(&path_of(place, webhook))} };
    let answers = content::responses(place, operation, "responses", &anchors);
    let aside = view! { <span class="note">{note}</span> }.into_any();
    view! {
        <div class="reference">
            <article class="flow">
                <PageTitle title=webhook.name.clone() trail badges=badges.into_any() lead=summary/>
                {place.banner(place.overview_of(place.api.newest_stable()))}
                {article(operation.description.as_deref(), 2, "about-")}
                {parameters}
                <Section title="Payload" id="payload" aside>{payload}</Section>
                <Section title="What to answer" id="responses">{answers}</Section>
            </article>
            {samples::of_webhook(webhook)}
        </div>
        <Unfolding/>
    }
}
