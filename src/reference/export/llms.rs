//! `/llms.txt` and `/llms-full.txt` (llmstxt.org): where a language model finds what, and all of it in one text.
//!
//! An API of more operations than a menu shows is told by its overview, which lists them all: its whole text would be
//! more than any model reads.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;

use super::{
    super::{Api, Published, Viewer, pages::Place},
    markdown::{Subject, index_entry},
};
use crate::{
    guides::Guide,
    markdown::text::{code, item, link, plain},
    portal::Portal,
    web::validated,
};

const CONTENT_TYPE: &str = "text/plain; charset=utf-8";

pub(super) async fn index(portal: Portal, viewer: Viewer, headers: HeaderMap) -> Response {
    validated(&headers, CONTENT_TYPE, index_text(&portal, viewer))
}

fn index_text(portal: &Portal, viewer: Viewer) -> String {
    let origin = portal.config.base_url.as_str().trim_end_matches('/');
    let published = portal.catalogue.visible_to(viewer);
    let mut blocks = vec![
        format!("# {} Developers", plain(&portal.settings.current().portal_name)),
        "> The developer portal: what each API does, call by call, with samples that run in the sandbox, and guides."
            .to_owned(),
        format!(
            "Every page of the documentation is Markdown too, at its address with `.md`. All of it in one text is \
             [llms-full.txt]({origin}/llms-full.txt). Calls are tried in the sandbox with a key from \
             [the dashboard]({origin}/dashboard)."
        ),
    ];
    let guides: Vec<String> = portal.guides.all().iter().map(|guide| guide_line(guide, origin)).collect();
    if !guides.is_empty() {
        blocks.push(format!("## Guides\n\n{}", guides.join("\n")));
    }
    for api in &published.apis {
        let lines = api_lines(&newest(portal, &published, api), origin);
        blocks.push(format!("## {}\n\n{}", plain(&api.name), lines.join("\n")));
    }
    let older: Vec<String> = published.apis.iter().flat_map(|api| older_lines(api, origin)).collect();
    if !older.is_empty() {
        blocks.push(format!("## Optional\n\n{}", older.join("\n")));
    }
    blocks.join("\n\n") + "\n"
}

fn guide_line(guide: &Guide, origin: &str) -> String {
    let address = format!("{origin}{}.md", guide.path());
    let colon = if guide.summary.is_empty() { "" } else { ": " };
    item(&format!("{}{colon}{}", link(&guide.title, &address), plain(&guide.summary)))
}

fn api_lines(place: &Place, origin: &str) -> Vec<String> {
    let mut lines = vec![index_entry(&place.api, origin)];
    if place.version.navigation().is_short() {
        let operations = place.version.navigation().tags().flat_map(|tag| &tag.operations);
        lines.extend(operations.filter_map(|at| place.document().operations().get(*at)).map(|operation| {
            let address = format!("{origin}{}.md", place.operation_path(operation));
            let call = code(&format!("{} {}", operation.method, operation.path));
            item(&format!("{}: {call}", link(&operation.title(), &address)))
        }));
    }
    let parts = [("Schemas", "schemas.md"), ("Errors", "errors.md"), ("OpenAPI document", "openapi.json")];
    lines.extend(parts.map(|(words, part)| item(&link(words, &format!("{origin}{}", place.below(part))))));
    lines
}

fn older_lines(api: &Api, origin: &str) -> Vec<String> {
    let newest = api.newest_stable();
    let others = api.versions.iter().filter(|version| version.name != newest.name);
    let line = |name: &str, state: &str| {
        let address = format!("{origin}/docs/{}/{name}.md", api.slug);
        item(&format!("{}: {state}", link(&format!("{} {name}", api.name), &address)))
    };
    others.map(|version| line(&version.name, version.state.as_str())).collect()
}

fn newest(portal: &Portal, published: &Published, api: &Arc<Api>) -> Place {
    Place::of(Arc::clone(api), Arc::clone(api.newest_stable()), &portal.config.base_url, published.edition)
}

/// One text of many: a page is written when the one before it was taken, so that the whole is never in memory.
pub(super) async fn full(portal: Portal, viewer: Viewer) -> Response {
    let mut parts = vec![Part::Index];
    parts.extend((0..portal.guides.all().len()).map(Part::Guide));
    let published = portal.catalogue.visible_to(viewer);
    for api in &published.apis {
        let place = newest(&portal, &published, api);
        match place.version.navigation().is_short() {
            true => parts.extend(Subject::of_version(&place).into_iter().map(Part::Page)),
            false => parts.extend([Part::Page(Subject::Overview(place.clone())), Part::Page(Subject::Errors(place))]),
        }
    }
    let texts = parts.into_iter().map(move |part| Ok::<_, std::convert::Infallible>(part.text(&portal, viewer)));
    let about = [(header::CONTENT_TYPE, CONTENT_TYPE), (header::CACHE_CONTROL, "private, no-cache")];
    (about, Body::from_stream(stream::iter(texts))).into_response()
}

enum Part {
    Index,
    Guide(usize),
    Page(Subject),
}

impl Part {
    fn text(&self, portal: &Portal, viewer: Viewer) -> String {
        match self {
            Self::Index => index_text(portal, viewer),
            Self::Guide(at) => format!("\n---\n\n{}", portal.guides.all()[*at].markdown()),
            Self::Page(subject) => format!("\n---\n\n{}", subject.text(portal, viewer)),
        }
    }
}
