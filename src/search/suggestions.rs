//! What appears while somebody types: a piece of HTML for the palette, or for the menu of a version.

use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::*;

use super::{
    find::{self, Found},
    mark::marked,
    model::{Filter, Hit, Slice, Within},
    pages,
    query::Question,
    results::{Asked, Origins, address, badge, counted, names_in, understood},
};
use crate::{
    portal::Portal,
    reference::Viewer,
    ui::MethodBadge,
    web::{ClientRequest, Query, Result},
};

/// As many as fit into view.
const IN_PALETTE: i64 = 8;
/// In a menu one scrolls.
const IN_MENU: i64 = 30;

pub(super) async fn show(
    portal: Portal,
    viewer: Viewer,
    client: ClientRequest,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    if let Some(refusal) = pages::refused(&client) {
        return Ok(refusal);
    }
    let published = portal.catalogue.visible_to(viewer);
    let filter = asked.filter(&published);
    let version = asked.version().and_then(|version| published.find(filter.api.as_deref()?, version));
    let within = version.map_or_else(|| Within::of(&published), |(api, version)| Within::version(&api, &version));
    let limit = if asked.is_for_menu() { IN_MENU } else { IN_PALETTE };
    let typed = asked.typed();
    let found = find::find(&portal.db, &within, &typed, &filter, Slice { limit, offset: 0 }).await?;
    let html = Owner::new().with(|| match asked.is_for_menu() {
        true => in_menu(found).to_html(),
        false => in_palette(found, &typed, &filter, &Origins::of(&published)).to_html(),
    });
    let mut response = Html(html).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Options of a listbox, and in `data-said` what a screen reader says of them.
fn in_palette(found: Found, typed: &str, filter: &Filter, origins: &Origins) -> impl IntoView + use<> {
    let said = said(&found, typed);
    let shown = found.hits.len() as i64;
    let (total, question) = (found.total, found.question);
    let options = found.hits.into_iter().enumerate();
    let options: Vec<_> = options.map(|(at, hit)| option(at, hit, &question, origins)).collect();
    let all = (total > shown).then(|| {
        view! {
            <a role="option" tabindex="-1" aria-selected="false" id=option_id(shown as usize) href=address(typed, filter, 1)>
                <span class="name">{format!("See all {}", counted(total))}</span>
            </a>
        }
    });
    view! { {options}{all}<span hidden data-said=said></span> }
}

fn option(at: usize, hit: Hit, question: &Question, origins: &Origins) -> AnyView {
    let origin = origins.of_hit(&hit);
    let names = names_in(&hit, question);
    let detail = match (names.is_empty(), hit.path.is_empty()) {
        (false, _) => names.join(", "),
        (true, false) => hit.path.clone(),
        (true, true) => hit.summary.clone(),
    };
    let badge = badge(&hit);
    view! {
        <a role="option" tabindex="-1" aria-selected="false" id=option_id(at) href=hit.href>
            {badge}
            <span class="name">{marked(&hit.title, question)}</span>
            <small class="detail">{marked(&detail, question)}</small>
            <small class="origin">{origin}</small>
        </a>
    }
    .into_any()
}

fn option_id(at: usize) -> String {
    format!("suggestion-{at}")
}

/// Links as the menu has them.
fn in_menu(found: Found) -> impl IntoView {
    let said = said(&found, "");
    let items = found.hits.into_iter().map(|hit| {
        view! {
            <li>
                <a href=hit.href>
                    <span>{hit.title}</span>
                    {hit.method.map(|method| view! { <MethodBadge method/> })}
                </a>
            </li>
        }
    });
    let items = items.collect_view();
    view! { <ul class="list">{items}</ul><span hidden data-said=said></span> }
}

fn said(found: &Found, typed: &str) -> String {
    let shown = found.hits.len() as i64;
    match (found.question.terms.is_empty(), found.total) {
        (true, _) => String::new(),
        (false, 0) if typed.is_empty() => "Nothing found".to_owned(),
        (false, 0) => format!("Nothing found for “{typed}”"),
        (false, total) => {
            let counted = if total > shown { format!("{shown} of {}", counted(total)) } else { counted(total) };
            understood(found).map_or_else(|| counted.clone(), |how| format!("{counted}. {how}"))
        }
    }
}
