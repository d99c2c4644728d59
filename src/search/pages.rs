//! The page of results: all that the palette does, and more of it, without a script.

use std::{
    net::IpAddr,
    sync::{Arc, LazyLock},
    time::Instant,
};

use axum::response::Response;
use leptos::prelude::*;

use super::{
    find::{self, Found},
    model::{Count, Filter, Kind, LONGEST_QUESTION, Slice, Within},
    results::{Asked, Origins, address, counted, result, understood},
    store,
};
use crate::{
    portal::Portal,
    reference::{Published, Viewer},
    ui::{Callout, Empty, Glyph, Link, LinkButton, PageTitle, Pager},
    web::{
        ClientRequest, Page, Query, Result,
        rate_limit::{LimitVerdict, Limits},
    },
};

const ON_A_PAGE: i64 = 20;
/// Nobody reads on; they ask otherwise.
const LAST_PAGE: i64 = 50;
/// Ten each second: many people behind one address may type at once.
const QUESTIONS_PER_MINUTE: u32 = 600;

static QUESTIONS: LazyLock<Limits<IpAddr>> = LazyLock::new(|| Limits::per_minute(QUESTIONS_PER_MINUTE));

/// The refusal, if somebody asks more than anybody types.
pub(super) fn refused(client: &ClientRequest) -> Option<Response> {
    let allowance = QUESTIONS.count(client.address, Instant::now());
    (allowance.verdict == LimitVerdict::Exceeded).then(|| allowance.refusal())
}

pub(super) async fn show(
    portal: Portal,
    viewer: Viewer,
    client: ClientRequest,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    if let Some(refusal) = refused(&client) {
        return Ok(refusal);
    }
    let published = portal.catalogue.visible_to(viewer);
    let typed = asked.typed();
    if typed.is_empty() {
        let shown = page.render("Search", move || view! { {head(&typed, &Filter::default())}{examples(&published)} });
        return Ok(shown.await);
    }
    let (within, filter) = (Within::of(&published), asked.filter(&published));
    let number = asked.page(LAST_PAGE);
    let slice = Slice { limit: ON_A_PAGE, offset: (number - 1) * ON_A_PAGE };
    let found = find::find(&portal.db, &within, &typed, &filter, slice).await?;
    let counts = match found.question.terms.is_empty() {
        true => Vec::new(),
        false => store::counts(&portal.db, &within, &found.question, found.demand()).await?,
    };
    let title = format!("{typed} · Search");
    let results = Results { typed, filter, number, found, counts, published };
    Ok(page.render(title, move || results.view()).await)
}

fn head(typed: &str, filter: &Filter) -> AnyView {
    let hidden = |name: &'static str, value: Option<String>| {
        value.map(|value| view! { <input type="hidden" name=name value=value/> })
    };
    let (typed, api, kind) = (typed.to_owned(), filter.api.clone(), filter.kind.map(|kind| kind.as_str().to_owned()));
    view! {
        <PageTitle title="Search"/>
        <form class="search-form" action="/search">
            <input
                class="control"
                type="search"
                name="q"
                value=typed
                maxlength=LONGEST_QUESTION.to_string()
                aria-label="What to search for"
                placeholder="A name, a path, a property, an error code"
                autocomplete="off"
                spellcheck="false"
            />
            {hidden("api", api)}
            {hidden("kind", kind)}
            <button class="button" data-kind="primary">"Search"</button>
        </form>
    }
    .into_any()
}

/// Before anything is asked: what can be, with names of what is here.
fn examples(published: &Published) -> AnyView {
    let api = published.imported().next().or(published.apis.first());
    let version = api.map(|api| api.newest_stable());
    let operation = version.and_then(|version| version.document.operations().first());
    let examples = [
        operation.map(|operation| operation.title()),
        operation.map(|operation| operation.path.clone()),
        version.and_then(|version| version.document.schemas().first()).map(|named| named.name.clone()),
        version.and_then(|version| version.errors().first()).map(|error| error.code.clone()),
    ];
    let links = examples.into_iter().flatten().map(|example| {
        let href = address(&example, &Filter::default(), 1);
        view! { <LinkButton href>{example}</LinkButton> }
    });
    let links = links.collect_view();
    view! {
        <Empty
            icon=Glyph::Search
            title="Find operations, schemas, guides and errors"
            text="By name, path, parameter, property, value or error code. The beginning of a word will do, and a typo is forgiven. For example:"
        >
            {links}
        </Empty>
    }
    .into_any()
}

struct Results {
    typed: String,
    filter: Filter,
    number: i64,
    found: Found,
    counts: Vec<Count>,
    published: Arc<Published>,
}

impl Results {
    fn view(self) -> AnyView {
        let head = head(&self.typed, &self.filter);
        let kinds = self.kinds();
        let apis = self.apis();
        let note =
            understood(&self.found).map(|how| view! { <Callout title="Not quite as typed"><p>{how}</p></Callout> });
        let body = if self.found.hits.is_empty() { self.nothing() } else { self.list() };
        view! { {head}{kinds}{apis}{note}{body} }.into_any()
    }

    fn list(self) -> AnyView {
        let origins = Origins::of(&self.published);
        let pager = self.pager();
        let count = counted(self.found.total);
        let question = self.found.question;
        let rows = self.found.hits.into_iter().map(|hit| result(hit, &question, &origins));
        let rows = rows.collect_view();
        view! {
            <p class="note" role="status">{count}</p>
            <ol class="hits">{rows}</ol>
            {pager}
        }
        .into_any()
    }

    fn pager(&self) -> Option<impl IntoView + use<>> {
        let last = ((self.found.total + ON_A_PAGE - 1) / ON_A_PAGE).min(LAST_PAGE);
        let link = |page: i64| {
            let to = (page * ON_A_PAGE).min(self.found.total);
            let label = format!("Results {} to {to}", (page - 1) * ON_A_PAGE + 1);
            Link::new(address(&self.typed, &self.filter, page), label)
        };
        let before = (self.number > 1).then(|| link(self.number - 1));
        let after = (self.number < last).then(|| link(self.number + 1));
        (last > 1).then(|| view! { <Pager label="Results" before after/> })
    }

    /// A choice of kinds, where there are several.
    fn kinds(&self) -> Option<impl IntoView + use<>> {
        let in_api = |count: &&Count| self.filter.api.as_ref().is_none_or(|api| *api == count.api);
        let count_of = |kind: Kind| -> i64 {
            self.counts.iter().filter(in_api).filter(|count| count.kind == kind).map(|count| count.count).sum()
        };
        let kinds = Kind::ALL.into_iter().map(|kind| (kind, count_of(kind)));
        let kinds: Vec<_> = kinds.filter(|(kind, count)| *count > 0 || self.filter.kind == Some(*kind)).collect();
        let all: i64 = kinds.iter().map(|(_, count)| count).sum();
        let choice = |label: &str, count: i64, kind: Option<Kind>| {
            let filter = Filter { kind, ..self.filter.clone() };
            self.chip(format!("{label} {count}"), &filter)
        };
        let choices = kinds.iter().map(|(kind, count)| choice(kind.plural(), *count, Some(*kind)));
        let choices: Vec<_> = std::iter::once(choice("All", all, None)).chain(choices).collect();
        (kinds.len() > 1 || self.filter.kind.is_some())
            .then(|| view! { <nav class="chips" aria-label="Kinds">{choices}</nav> })
    }

    /// A choice of APIs, where there are several.
    fn apis(&self) -> Option<impl IntoView + use<>> {
        let has_any = |slug: &str| self.counts.iter().any(|count| count.api == slug);
        let is_shown = |slug: &str| has_any(slug) || self.filter.api.as_deref() == Some(slug);
        let apis: Vec<_> = self.published.apis.iter().filter(|api| is_shown(&api.slug)).collect();
        let choice = |label: String, api: Option<String>| {
            let filter = Filter { api, ..self.filter.clone() };
            self.chip(label, &filter)
        };
        let choices = apis.iter().map(|api| choice(api.name.clone(), Some(api.slug.clone())));
        let choices: Vec<_> = std::iter::once(choice("All APIs".to_owned(), None)).chain(choices).collect();
        (apis.len() > 1 || self.filter.api.is_some())
            .then(|| view! { <nav class="chips" aria-label="APIs">{choices}</nav> })
    }

    fn chip(&self, label: String, filter: &Filter) -> AnyView {
        let here = (*filter == self.filter).then_some("true");
        view! { <a href=address(&self.typed, filter, 1) aria-current=here>{label}</a> }.into_any()
    }

    /// What was searched, and what may have been meant.
    fn nothing(self) -> AnyView {
        let near = self.found.near.iter().map(|word| {
            let (href, word) = (address(word, &self.filter, 1), word.clone());
            view! { <LinkButton href>{word}</LinkButton> }.into_any()
        });
        let wider = (self.filter != Filter::default()).then(|| {
            let href = address(&self.typed, &Filter::default(), 1);
            view! { <LinkButton href>"Search everything"</LinkButton> }.into_any()
        });
        let ways: Vec<AnyView> = near.chain(wider).collect();
        let title = format!("Nothing found for “{}”", self.typed);
        let mut text = format!("Searched: {}.", self.searched());
        if !self.found.near.is_empty() {
            text.push_str(" Words that are there and look alike:");
        } else if ways.is_empty() {
            text.push_str(" Try one word less, or a part of the path.");
        }
        view! { <Empty icon=Glyph::Search title text>{ways}</Empty> }.into_any()
    }

    fn searched(&self) -> String {
        let kinds = self.filter.kind.map_or("operations, schemas, webhooks, errors and guides", |kind| match kind {
            Kind::Operation => "operations",
            Kind::Schema => "schemas",
            Kind::Webhook => "webhooks",
            Kind::Error => "errors",
            Kind::Guide => "guides",
            Kind::Api => "APIs",
        });
        let api = self.filter.api.as_deref().and_then(|slug| self.published.find_api(slug));
        match api {
            Some(api) => format!("{kinds} of the {}", api.name),
            None => format!("{kinds} of everything that you can see"),
        }
    }
}
