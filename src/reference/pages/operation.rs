//! One operation.

use std::sync::Arc;

use axum::response::Response;
use leptos::prelude::*;

use super::{
    super::{Version, Viewer, errors::ErrorEntry, model::Operation, sample::is_idempotency_key},
    Place,
    anchors::Anchors,
    article, as_markdown, authentication, callable, callbacks, content, errors,
    menu::{Here, menu},
    parameters, samples,
    servers::Asked,
    sunset,
};
use crate::{
    islands::Unfolding,
    markdown,
    portal::Portal,
    ui::{Badge, Callout, Glyph, Jump, Link, MethodBadge, PageTitle, Pager, Section, Tone, Width},
    web::{Error, Page, Path, Query, Result},
};

pub(super) async fn show(
    portal: Portal,
    viewer: Viewer,
    page: Page,
    Path((api, version, id)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let place = Place::find(&portal, viewer, &api, &version)?;
    let at =
        place.document().operations().iter().position(|operation| operation.id == id).ok_or_else(Error::not_found)?;
    let operation = &place.document().operations()[at];
    let title = place.title(&operation.title());
    let summary = operation.description.as_deref().or(operation.summary.as_deref()).unwrap_or_default();
    let page = page.in_markdown().remembered(place.edition);
    let page = page.description(markdown::plain(summary, 160)).width(Width::Full);
    let side = (place.clone(), Arc::clone(&place.version));
    let shown = page
        .side(move || side_menu(&side.0, &side.1.document.operations()[at]))
        .render(title, move || operation_view(&place, &place.document().operations()[at], &asked));
    Ok(shown.await)
}

pub(super) fn side_menu(place: &Place, operation: &Operation) -> impl IntoView + use<> {
    let tag = place.version.navigation().tag_of(place.document(), operation).map(|tag| tag.name.clone());
    let here = Here { path: place.operation_path(operation), tag };
    menu(place, &here, |other: &Version| place.operation_in(other, operation))
}

/// The page without its frame.
pub(super) fn operation_view(place: &Place, operation: &Operation, asked: &Asked) -> impl IntoView + use<> {
    let document = place.document();
    let (before, after) = place.version.navigation().neighbours(document, operation);
    let link = |operation: &Operation| Link::new(place.operation_path(operation), operation.title());
    let (before, after) = (before.map(link), after.map(link));
    let own_errors = errors_of(place, operation);
    let anchors = Anchors::default();
    let parameters = parameters::sections(place, operation, &anchors);
    let body = operation.body.as_ref().map(|body| content::body(place, body, &anchors));
    let errors = (!own_errors.is_empty()).then(|| errors_section(place, &own_errors));
    let responses = content::responses(place, operation, "responses", &anchors);
    let callbacks = callbacks::section(place, operation, &anchors);
    // Erased one by one: as one type, the page would be deeper than the compiler follows.
    let about = [
        head(place, operation, &own_errors).into_any(),
        place.banner(place.operation_in(place.api.newest_stable(), operation)).into_any(),
        banners(operation).into_any(),
        article(operation.description.as_deref(), 2, "about-").into_any(),
        more_to_read(operation).into_any(),
        authentication::of_operation(place, operation).into_any(),
    ];
    let exchange = [
        parameters.into_any(),
        body.into_any(),
        callable::section(place, operation).into_any(),
        view! { <Section title="Responses" id="responses">{responses}</Section> }.into_any(),
        errors.into_any(),
        callbacks.into_any(),
    ];
    let samples = samples::of_operation(place, operation, asked).into_any();
    view! {
        <div class="reference">
            <article class="flow">
                {about.into_iter().collect_view()}
                {exchange.into_iter().collect_view()}
                <Pager before after label="Operations before and after"/>
            </article>
            {samples}
        </div>
        <Unfolding/>
    }
}

fn head(place: &Place, operation: &Operation, errors: &[ErrorEntry]) -> impl IntoView + use<> {
    let mut trail = place.trail();
    if let Some(tag) = place.version.navigation().tag_of(place.document(), operation) {
        trail.push(Link::new(place.tag_path(tag), &tag.title));
    }
    let is_idempotent = operation.parameters.iter().any(is_idempotency_key);
    let (method, path) = (operation.method.as_str().to_owned(), operation.path.clone());
    let mut sections = sections(operation, errors);
    sections.extend((!place.is_own()).then(|| Link::new("#try", "Try it")));
    let badges = view! {
        {operation.deprecated.then(|| view! { <Badge tone=Tone::Warn icon=Glyph::Warn>"Deprecated"</Badge> })}
        {is_idempotent.then(|| view! { <Badge tone=Tone::Ok icon=Glyph::Turn>"Idempotent"</Badge> })}
        {scopes(operation)}
        <span class="note">{operation.operation_id.clone()}</span>
        {as_markdown(&place.operation_path(operation))}
    };
    view! {
        <PageTitle title=operation.title() trail>
            <div class="endpoint">
                <MethodBadge method/>
                <code>{path}</code>
            </div>
            <div class="line">{badges}</div>
            <Jump sections/>
        </PageTitle>
    }
}

fn scopes(operation: &Operation) -> Vec<AnyView> {
    let first = operation.security.iter().find(|requirement| !requirement.is_anonymous());
    let scopes = first.into_iter().flat_map(|requirement| &requirement.schemes).flat_map(|scheme| &scheme.scopes);
    let badge = |scope: String| view! { <Badge icon=Glyph::Lock>{scope}</Badge> }.into_any();
    scopes.cloned().map(badge).collect()
}

fn sections(operation: &Operation, errors: &[ErrorEntry]) -> Vec<Link> {
    let mut sections = vec![Link::new("#auth", "Authentication")];
    sections.extend(parameters::links(operation));
    sections.extend(operation.body.as_ref().map(|_| Link::new("#body", "Body")));
    sections.push(Link::new("#responses", "Responses"));
    sections.extend((!errors.is_empty()).then(|| Link::new("#errors", "Errors")));
    sections.extend((!operation.callbacks.is_empty()).then(|| Link::new("#callbacks", "Callbacks")));
    sections.push(Link::new("#samples", "Samples"));
    sections
}

fn banners(operation: &Operation) -> impl IntoView + use<> {
    let lost: Vec<AnyView> = operation
        .unresolved
        .iter()
        .map(|lost| {
            view! { <li><code>{lost.reference.clone()}</code>" at "<code>{lost.pointer.clone()}</code></li> }.into_any()
        })
        .collect();
    let lost = (!lost.is_empty()).then(|| {
        view! {
            <Callout tone=Tone::Warn title="Part of this operation is missing from the document">
                <p>"These references lead nowhere, so what they stand for is not shown:"</p>
                <ul>{lost}</ul>
            </Callout>
        }
    });
    view! { {sunset::banner(operation)}{lost} }
}

fn more_to_read(operation: &Operation) -> Option<impl IntoView + use<>> {
    let docs = operation.external_docs.as_ref()?;
    let label = docs.description.as_deref().map(|text| markdown::plain(text, 100)).filter(|text| !text.is_empty());
    let label = label.unwrap_or_else(|| "More about this".to_owned());
    Some(view! { <p class="note">"Read on: "{super::address(&docs.url, label)}</p> })
}

fn errors_of(place: &Place, operation: &Operation) -> Vec<ErrorEntry> {
    let own = place.version.errors().iter().filter(|entry| entry.operations.contains(&operation.id));
    own.cloned().collect()
}

fn errors_section(place: &Place, own: &[ErrorEntry]) -> impl IntoView + use<> {
    let all = view! { <a class="note" href=place.below("errors")>"All errors of this API"</a> }.into_any();
    let table = errors::table(own, Some(&place.below("errors")));
    view! { <Section title="Errors" id="errors" aside=all>{table}</Section> }
}
