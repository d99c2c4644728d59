//! How an entry that was found is shown: what it is, where it is from, and which of its words answer the question.

use std::collections::HashMap;

use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    find::{Found, How},
    mark::{has, marked},
    model::{Filter, Hit, Kind, source_of},
    query::Question,
};
use crate::{
    reference::Published,
    ui::{Badge, MethodBadge},
};

/// Names inside of an entry that are shown because they answer the question.
const MOST_NAMES: usize = 4;

/// Which API and version each source is.
pub(super) struct Origins(HashMap<String, (String, String)>);

impl Origins {
    /// Of what somebody may see.
    pub fn of(published: &Published) -> Self {
        let versions = published.apis.iter().flat_map(|api| api.versions.iter().map(move |version| (api, version)));
        Self(versions.map(|(api, version)| (source_of(version), (api.name.clone(), version.name.clone()))).collect())
    }

    /// In words; empty for a guide.
    pub fn of_hit(&self, hit: &Hit) -> String {
        self.0.get(&hit.source).map_or_else(String::new, |(api, version)| format!("{api} {version}"))
    }
}

/// What kind of thing it is; of an operation, its method.
pub(super) fn badge(hit: &Hit) -> AnyView {
    let kind = hit.kind.label();
    match hit.method.clone() {
        Some(method) => view! { <MethodBadge method/> }.into_any(),
        None => view! { <Badge>{kind}</Badge> }.into_any(),
    }
}

/// The names inside of an entry by which it was found, where what is in view does not say.
pub(super) fn names_in(hit: &Hit, question: &Question) -> Vec<String> {
    let seen = [&hit.title, &hit.path, &hit.summary];
    let unseen = question.about(|term| {
        let stems: Vec<&str> = term.stems().collect();
        !seen.iter().any(|text| has(text, &stems))
    });
    let stems = unseen.stems();
    if stems.is_empty() {
        return Vec::new();
    }
    hit.names.iter().filter(|name| has(name, &stems)).take(MOST_NAMES).cloned().collect()
}

/// One result on the page.
pub(super) fn result(hit: Hit, question: &Question, origins: &Origins) -> AnyView {
    let names = names_in(&hit, question).into_iter().map(|name| view! { " "<code>{marked(&name, question)}</code> });
    let names: Vec<_> = names.collect();
    let has_names = (!names.is_empty()).then(|| view! { <p class="note">"Has"{names}</p> });
    let path = (!hit.path.is_empty()).then(|| view! { <code>{marked(&hit.path, question)}</code> });
    let summary = (!hit.summary.is_empty()).then(|| view! { <p>{marked(&hit.summary, question)}</p> });
    let origin = origins.of_hit(&hit);
    let badge = badge(&hit);
    let title = marked(&hit.title, question);
    view! {
        <li>
            {badge}
            <div>
                <h2><a href=hit.href>{title}</a></h2>
                {path}
                {summary}
                {has_names}
            </div>
            <small class="faint">{origin}</small>
        </li>
    }
    .into_any()
}

/// How what was typed was understood, where that is not plain.
pub(super) fn understood(found: &Found) -> Option<String> {
    match &found.how {
        How::AsTyped => None,
        How::AnyWord => Some("Nothing has all of these words. This has some of them.".to_owned()),
        How::Corrected(corrections) => {
            let pair = |typed: &str, meant: &[String]| format!("{} instead of {typed}", meant.join(" or "));
            let pairs = corrections.iter().map(|correction| pair(&correction.typed, &correction.meant));
            Some(format!("Found with {}.", pairs.collect::<Vec<_>>().join(", ")))
        }
    }
}

/// How many there are, in words.
pub(super) fn counted(total: i64) -> String {
    match total {
        0 => "No results".to_owned(),
        1 => "1 result".to_owned(),
        total => format!("{total} results"),
    }
}

/// The address of a question's results.
pub(super) fn address(typed: &str, filter: &Filter, page: i64) -> String {
    let mut address = format!("/search?q={}", encoded(typed));
    if let Some(api) = &filter.api {
        address.push_str(&format!("&api={}", encoded(api)));
    }
    if let Some(kind) = filter.kind {
        address.push_str(&format!("&kind={}", kind.as_str()));
    }
    if page > 1 {
        address.push_str(&format!("&page={page}"));
    }
    address
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// What was asked, as the address has it.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    api: String,
    kind: String,
    page: String,
    version: String,
    r#in: String,
}

impl Asked {
    /// What was typed, as long as anybody types.
    pub fn typed(&self) -> String {
        self.q.trim().chars().filter(|c| *c != '\0').take(super::model::LONGEST_QUESTION).collect()
    }

    /// What it is limited to; an API that somebody may not see limits nothing.
    pub fn filter(&self, published: &Published) -> Filter {
        let api = published.find_api(&self.api).map(|api| api.slug.clone());
        Filter { api, kind: Kind::parse(&self.kind) }
    }

    /// The page, from 1.
    pub fn page(&self, last: i64) -> i64 {
        self.page.parse().unwrap_or(1).clamp(1, last)
    }

    /// The one version that is searched, where that is asked.
    pub fn version(&self) -> Option<&str> {
        Some(self.version.as_str()).filter(|version| !version.is_empty())
    }

    /// Whether the answer is for the menu of a version.
    pub fn is_for_menu(&self) -> bool {
        self.r#in == "menu"
    }
}
