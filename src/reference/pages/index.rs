//! `/docs`: the published APIs and the guides.

use axum::response::Response;
use leptos::prelude::*;

use super::super::{Api, Viewer, reading::counted};
use crate::{
    guides::Guides,
    portal::Portal,
    ui::{Empty, Glyph, LinkButton, Menu, MenuGroup, MenuItem, Opening, PageTitle, Section},
    web::{Page, Visitor},
};

pub(super) async fn index(portal: Portal, visitor: Visitor, page: Page) -> Response {
    let published = portal.catalogue.visible_to(Viewer::from(&visitor));
    let guides = portal.guides.clone();
    let is_staff = visitor.session.as_ref().is_some_and(|session| session.staff.is_some());
    let side = (published.clone(), portal.guides.clone());
    page.in_markdown()
        .description("Reference and guides for every published API.")
        .side(move || menu(&side.0.apis, &side.1))
        .render("Docs", move || {
            let apis = published.apis.iter().map(|api| api_row(api)).collect_view();
            let has_imported = published.imported().next().is_some();
            view! {
                <PageTitle title="Documentation" lead="What each API does, call by call, with samples that run in the sandbox."/>
                {match has_imported {
                    true => ().into_any(),
                    false => no_api_yet(is_staff),
                }}
                <Section title="Reference"><ul class="cards">{apis}</ul></Section>
                {guide_section(&guides)}
            }
        })
        .await
}

fn no_api_yet(is_staff: bool) -> AnyView {
    let text = match is_staff {
        true => "Import an OpenAPI document and publish it; its reference appears here.",
        false => "The company has not published its API here yet. What the portal itself offers is below.",
    };
    let first_step = is_staff.then(|| view! { <LinkButton href="/admin/apis/new">"Import a document"</LinkButton> });
    view! { <Empty icon=Glyph::Book title="No API is published yet" text>{first_step}</Empty> }.into_any()
}

fn api_row(api: &Api) -> impl IntoView + use<> {
    let newest = api.newest_stable();
    let operations = counted(newest.document.operations().len() as u64, "operation", "operations");
    let webhooks = newest.document.webhooks().len() as u64;
    let webhooks = (webhooks > 0).then(|| format!(", {}", counted(webhooks, "webhook", "webhooks")));
    view! {
        <li>
            <h3><a href=format!("/docs/{}", api.slug)>{api.name.clone()}</a></h3>
            <p>{api.summary.clone()}</p>
            <p class="note">{format!("Version {}", newest.name)}" · "{operations}{webhooks}</p>
        </li>
    }
}

fn guide_section(guides: &Guides) -> Option<impl IntoView + use<>> {
    let cards = guides.all().iter().map(|guide| {
        view! {
            <li>
                <h3><a href=guide.path()>{guide.title.clone()}</a></h3>
                <p>{guide.summary.clone()}</p>
            </li>
        }
    });
    let cards = cards.collect_view();
    (!guides.all().is_empty()).then(|| view! { <Section title="Guides"><ul class="cards">{cards}</ul></Section> })
}

fn menu(apis: &[std::sync::Arc<Api>], guides: &Guides) -> impl IntoView + use<> {
    let apis = apis.iter().map(|api| MenuItem::new(format!("/docs/{}", api.slug), &api.name)).collect();
    let guides = guides.links().into_iter().map(|link| MenuItem::new(link.href, link.label)).collect();
    let groups = vec![
        MenuGroup { heading: "Reference".into(), items: apis, opening: Opening::Open },
        MenuGroup { heading: "Guides".into(), items: guides, opening: Opening::Open },
    ];
    view! { <Menu label="Documentation" groups/> }
}
