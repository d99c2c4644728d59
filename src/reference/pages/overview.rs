//! A version as a whole: what it is, where it is served, how to authenticate, what can be called.

use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    super::{
        Version, Viewer,
        conventions::Conventions,
        model::{Api as Described, Operation, Server},
        navigation::TagEntry,
        reading::counted,
    },
    Place, address, article, authentication, conventions,
    menu::{Here, menu},
    webhooks, words,
};
use crate::{
    islands::CopyPage,
    markdown,
    portal::Portal,
    ui::{
        Badge, Cell, Column, Fact, Facts, Jump, Link, LinkButton, MethodBadge, PageTitle, Section, Size, Table, Tone,
    },
    web::{Error, Page, Path, Query, Result},
};

/// Which part of the overview is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// One tag, for a version with more operations than a page holds.
    tag: Option<String>,
}

pub(super) async fn newest(
    portal: Portal,
    viewer: Viewer,
    page: Page,
    Path(api): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    render(Place::newest(&portal, viewer, &api)?, page, asked).await
}

pub(super) async fn show(
    portal: Portal,
    viewer: Viewer,
    page: Page,
    Path((api, version)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    render(Place::find(&portal, viewer, &api, &version)?, page, asked).await
}

async fn render(place: Place, page: Page, asked: Asked) -> Result<Response> {
    let tag = match asked.tag {
        Some(name) => Some(place.version.navigation().tag(&name).ok_or_else(Error::not_found)?.name.clone()),
        None => None,
    };
    let title = tag.as_deref().and_then(|name| place.version.navigation().tag(name)).map(|tag| tag.title.clone());
    let side = (place.clone(), tag.clone());
    let described = place.document().api();
    let description = described.description.as_deref().or(described.summary.as_deref()).unwrap_or(&place.api.summary);
    let page = page.remembered(place.edition).description(markdown::plain(description, 160)).side(move || {
        let (place, tag) = side;
        let path = match tag.as_deref().and_then(|name| place.version.navigation().tag(name)) {
            Some(tag) => place.tag_path(tag),
            None => place.path(),
        };
        menu(&place, &Here { path, tag }, |other: &Version| place.overview_of(other))
    });
    let shown = match (tag, title) {
        (Some(tag), Some(title)) => page.render(place.title(&title), move || tag_view(&place, &tag)).await,
        _ => {
            page.in_markdown()
                .render(format!("{} {}", place.api.name, place.version.name), move || overview_view(&place))
                .await
        }
    };
    Ok(shown)
}

/// The page without its frame.
pub(super) fn overview_view(place: &Place) -> impl IntoView + use<> {
    let described = place.document().api();
    let lead = Some(place.api.summary.clone()).filter(|summary| !summary.is_empty());
    let webhooks = (!place.document().webhooks().is_empty()).then(|| {
        let table = webhooks::table(place);
        view! { <Section title="Webhooks" id="webhooks">{table}</Section> }
    });
    let found = Conventions::of(place.document());
    let sections = sections(place, &found);
    let has_calls = !place.document().operations().is_empty();
    view! {
        <PageTitle
            title=place.api.name.clone()
            trail=vec![Link::new("/docs", "Docs")]
            badges=place.version_badges().into_any()
            lead
        >
            <Jump sections/>
        </PageTitle>
        {place.banner(place.overview_of(place.api.newest_stable()))}
        {article(described.description.as_deref(), 2, "about-")}
        {has_calls.then(|| servers(place))}
        {authentication::of_document(place)}
        {conventions::sections(place, &found)}
        {has_calls.then(|| operations(place))}
        {webhooks}
        {downloads(place)}
        {about(described)}
    }
}

fn sections(place: &Place, found: &Conventions) -> Vec<Link> {
    let document = place.document();
    let calls = (!document.operations().is_empty()).then(|| Link::new("#operations", "Operations"));
    let servers = calls.is_some().then(|| Link::new("#servers", "Servers"));
    let webhooks = (!document.webhooks().is_empty()).then(|| Link::new("#webhooks", "Webhooks"));
    let (authentication, document) =
        (Link::new("#authentication", "Authentication"), Link::new("#document", "Document"));
    let mut sections: Vec<Link> = servers.into_iter().chain([authentication]).collect();
    sections.extend(conventions::links(found));
    sections.extend([calls, webhooks, Some(document)].into_iter().flatten());
    sections
}

fn servers(place: &Place) -> impl IntoView + use<> {
    let sandbox = (!place.is_own()).then(|| {
        let base = place.calls.clone();
        view! {
            <tr>
                <Cell label="Address"><code>{base}</code></Cell>
                <Cell label="For">
                    <Badge tone=Tone::Accent>"Sandbox"</Badge>
                    " Answers with examples, with a sandbox key. Nothing is sent for real."
                </Cell>
            </tr>
        }
    });
    let rows = place.document().api().servers.iter().filter(|server| server.url != "/").map(server_row).collect_view();
    let columns = ["Address", "For"].map(Column::text).into();
    view! {
        <Section title="Servers" id="servers">
            <Table label="Servers" columns>{sandbox}{rows}</Table>
        </Section>
    }
}

fn server_row(server: &Server) -> impl IntoView + use<> {
    let variables = server.variables.iter().map(|variable| {
        let name = format!("{{{}}}", variable.name);
        let others: Vec<&str> =
            variable.choices.iter().map(String::as_str).filter(|it| *it != variable.default).collect();
        let others = (!others.is_empty()).then(|| format!(", or {}", others.join(", ")));
        let described = variable.description.as_deref().map(|text| format!(": {}", markdown::plain(text, 160)));
        let default = variable.default.clone();
        view! { <small><code>{name}</code>" "<code>{default}</code>{others}{described}</small> }.into_any()
    });
    let variables: Vec<AnyView> = variables.collect();
    let (url, name, described) = (server.url.clone(), server.name.clone(), words(server.description.as_deref()));
    view! {
        <tr>
            <Cell label="Address"><code>{url}</code>{variables}</Cell>
            <Cell label="For">{name}{described}</Cell>
        </tr>
    }
}

fn operations(place: &Place) -> impl IntoView + use<> {
    let navigation = place.version.navigation();
    let count = counted(place.document().operations().len() as u64, "operation", "operations");
    let body = match navigation.is_short() {
        true => navigation.tags().map(|tag| tag_section(place, tag)).collect_view().into_any(),
        false => tag_table(place),
    };
    let aside = view! { <span class="note">{count}</span> }.into_any();
    view! { <Section title="Operations" id="operations" aside><div class="flow">{body}</div></Section> }
}

fn tag_section(place: &Place, tag: &TagEntry) -> impl IntoView + use<> {
    view! {
        <div class="flow tight" id=tag.anchor.clone()>
            <h3>{tag.title.clone()}</h3>
            {words(tag.description.as_deref())}
            {tag_docs(place, tag)}
            {operation_list(place, tag)}
        </div>
    }
}

fn tag_docs(place: &Place, tag: &TagEntry) -> Option<impl IntoView + use<>> {
    let docs =
        place.document().api().tags.iter().find(|described| described.name == tag.name)?.external_docs.as_ref()?;
    let label = docs.description.as_deref().map(|text| markdown::plain(text, 100)).filter(|text| !text.is_empty());
    let label = label.unwrap_or_else(|| "More about this".to_owned());
    Some(view! { <p class="note">"Read on: "{address(&docs.url, label)}</p> })
}

fn operation_list(place: &Place, tag: &TagEntry) -> impl IntoView + use<> {
    let operations = tag.operations.iter().filter_map(|at| place.document().operations().get(*at));
    let rows = operations.map(|operation| operation_row(place, operation));
    view! { <ul class="calls">{rows.collect_view()}</ul> }
}

fn operation_row(place: &Place, operation: &Operation) -> impl IntoView + use<> {
    let deprecated = operation.deprecated.then(|| view! { <Badge tone=Tone::Warn>"Deprecated"</Badge> });
    view! {
        <li>
            <MethodBadge method=operation.method.as_str().to_owned()/>
            <a href=place.operation_path(operation)>{operation.title()}</a>
            <code>{operation.path.clone()}</code>
            {deprecated}
        </li>
    }
}

/// The tags alone, where the operations would be more than a page holds.
fn tag_table(place: &Place) -> AnyView {
    let rows = place.version.navigation().tags().map(|tag| {
        let description = tag.description.as_deref().map(|text| markdown::plain(text, 140));
        let (href, title, count) = (place.tag_path(tag), tag.title.clone(), tag.operations.len());
        view! {
            <tr>
                <Cell label="Tag"><a href=href>{title}</a></Cell>
                <Cell label="Operations">{count}</Cell>
                <Cell label="What it is">{description}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let columns = ["Tag", "Operations", "What it is"].map(Column::text).into();
    view! { <Table label="Tags" columns>{rows}</Table> }.into_any()
}

/// The operations of one tag.
pub(super) fn tag_view(place: &Place, name: &str) -> impl IntoView + use<> {
    let tag = place.version.navigation().tag(name).cloned();
    let tag = tag.unwrap_or_else(|| TagEntry {
        name: String::new(),
        title: String::new(),
        description: None,
        anchor: String::new(),
        operations: Vec::new(),
    });
    let count = counted(tag.operations.len() as u64, "operation", "operations");
    view! {
        <PageTitle title=tag.title.clone() trail=place.trail() badges=view! { <span class="note">{count}</span> }.into_any()/>
        {place.banner(place.overview_of(place.api.newest_stable()))}
        {article(tag.description.as_deref(), 2, "about-")}
        {tag_docs(place, &tag)}
        {operation_list(place, &tag)}
    }
}

fn downloads(place: &Place) -> impl IntoView + use<> {
    let schemas = counted(place.document().schemas().len() as u64, "named schema", "named schemas");
    let openapi = place.document().api().openapi.clone();
    let [list, json, yaml, postman] =
        ["schemas", "openapi.json", "openapi.yaml", "postman.json"].map(|part| place.below(part));
    let text = format!("{}.md", place.path());
    view! {
        <Section title="Document" id="document">
            <p class="soft">
                "OpenAPI " {openapi}
                ", for generators and other tools, with "
                <a href=list>{schemas}</a>
                "; a Postman collection to import; and Markdown, for people and language models: any page has it at its address with "
                <code>".md"</code> ", and " <a href="/llms.txt">"llms.txt"</a> " lists them."
            </p>
            <div class="actions">
                <LinkButton href=json size=Size::Small>"Open openapi.json"</LinkButton>
                <LinkButton href=yaml size=Size::Small>"Open openapi.yaml"</LinkButton>
                <LinkButton href=postman size=Size::Small>"Open postman.json"</LinkButton>
                <LinkButton href=text.clone() size=Size::Small>"View as Markdown"</LinkButton>
                <CopyPage text/>
            </div>
        </Section>
    }
}

fn about(described: &Described) -> Option<impl IntoView + use<>> {
    let mut facts: Vec<AnyView> = Vec::new();
    if let Some(contact) = &described.contact {
        let label = contact.name.clone().or(contact.email.clone()).or(contact.url.clone());
        let target = contact.email.as_ref().map(|email| format!("mailto:{email}")).or(contact.url.clone());
        let shown = label.map(|label| match target {
            Some(target) => address(&target, label),
            None => label.into_any(),
        });
        facts.extend(shown.map(|shown| view! { <Fact term="Ask">{shown}</Fact> }.into_any()));
    }
    if let Some(license) = described.license.as_ref().filter(|license| !license.name.is_empty()) {
        let name = license.name.clone();
        let shown = license.url.as_deref().map_or_else(|| name.clone().into_any(), |url| address(url, name.clone()));
        facts.push(view! { <Fact term="Licence">{shown}</Fact> }.into_any());
    }
    if let Some(terms) = &described.terms_of_service {
        let shown = address(terms, "Terms of service".to_owned());
        facts.push(view! { <Fact term="Terms">{shown}</Fact> }.into_any());
    }
    if let Some(docs) = &described.external_docs {
        let label =
            docs.description.as_deref().map(|text| markdown::plain(text, 80)).unwrap_or_else(|| "More".to_owned());
        let shown = address(&docs.url, label);
        facts.push(view! { <Fact term="Read on">{shown}</Fact> }.into_any());
    }
    (!facts.is_empty()).then(|| view! { <Section title="About"><Facts>{facts}</Facts></Section> })
}
