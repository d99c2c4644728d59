//! What holds for the whole API, on its overview: errors, limits on calls, pages of results.

use leptos::prelude::*;

use super::{
    super::{
        conventions::{Common, Conventions},
        reading::counted,
    },
    Place,
};
use crate::ui::{Cell, Column, Link, Section, Table};

/// Content types that a sentence has room for.
const NAMED_TYPES: usize = 4;

/// Links to the sections that a document has something to say for.
pub(super) fn links(found: &Conventions) -> Vec<Link> {
    let links = [
        (!found.error_statuses.is_empty()).then(|| Link::new("#errors", "Errors")),
        has_limits(found).then(|| Link::new("#rate-limits", "Rate limits")),
        (found.paged > 0).then(|| Link::new("#pagination", "Pages of results")),
    ];
    links.into_iter().flatten().collect()
}

/// The sections.
pub(super) fn sections(place: &Place, found: &Conventions) -> impl IntoView + use<> {
    let errors = (!found.error_statuses.is_empty()).then(|| errors(place, found));
    let limits = has_limits(found).then(|| limits(found));
    let paging = (found.paged > 0).then(|| paging(found));
    view! { {errors}{limits}{paging} }
}

fn has_limits(found: &Conventions) -> bool {
    found.limited > 0 || !found.limits.is_empty()
}

fn errors(place: &Place, found: &Conventions) -> impl IntoView + use<> {
    let statuses: Vec<String> = found.error_statuses.iter().map(ToString::to_string).collect();
    let types: Vec<AnyView> = found
        .error_types
        .iter()
        .take(NAMED_TYPES)
        .enumerate()
        .map(|(index, name)| view! { {(index > 0).then_some(", ")}<code>{name.clone()}</code> }.into_any())
        .collect();
    let sent = (!types.is_empty()).then(|| view! { " They come as "{types}"." });
    let codes = place.version.errors().len();
    let codes = match codes {
        0 => "All error answers".to_owned(),
        count => format!("All {}, with their meaning", counted(count as u64, "error code", "error codes")),
    };
    let href = place.below("errors");
    view! {
        <Section title="Errors" id="errors">
            <p class="soft">"Operations answer errors with "{statuses.join(", ")}"."{sent}</p>
            <p><a href=href>{codes}</a></p>
        </Section>
    }
}

fn limits(found: &Conventions) -> impl IntoView + use<> {
    let refused = (found.limited > 0).then(|| {
        let count = counted(found.limited as u64, "operation answers", "operations answer");
        view! { <p class="soft">{count}" 429 to a caller who calls too often."</p> }
    });
    let headers = (!found.limits.is_empty()).then(|| table("Header", "Headers about limits", &found.limits));
    view! { <Section title="Rate limits" id="rate-limits">{refused}{headers}</Section> }
}

fn paging(found: &Conventions) -> impl IntoView + use<> {
    let count = counted(found.paged as u64, "operation answers", "operations answer");
    let asked = (!found.paging.is_empty()).then(|| table("Parameter", "Parameters for pages", &found.paging));
    let marks = (!found.marks.is_empty()).then(|| table("In the answer", "Where the next page is", &found.marks));
    view! {
        <Section title="Pages of results" id="pagination">
            <p class="soft">{count}" a part of a list at a time."</p>
            {asked}
            {marks}
        </Section>
    }
}

fn table(head: &'static str, label: &'static str, rows: &[Common]) -> impl IntoView + use<> {
    let rows = rows.iter().map(|common| {
        let (name, description) = (common.name.clone(), common.description.clone());
        let count = counted(common.operations as u64, "operation", "operations");
        view! {
            <tr>
                <Cell label=head><code>{name}</code></Cell>
                <Cell label="What it says">{description}</Cell>
                <Cell label="Used by">{count}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let columns = [head, "What it says", "Used by"].map(Column::text).into();
    view! { <Table label columns>{rows}</Table> }
}
