//! The error catalogue: an anchor for each code, since problem documents link here.

use axum::response::Response;
use leptos::prelude::*;

use super::{
    super::{Viewer, errors::ErrorEntry, model::Status, reading::counted},
    Place,
    anchors::step,
    content, of_version,
};
use crate::{
    portal::Portal,
    ui::{Cell, Column, Empty, Fold, Glyph, LinkButton, PageTitle, Table},
    web::{Code, Page, Path, Result},
};

pub(super) async fn show(
    portal: Portal,
    viewer: Viewer,
    page: Page,
    Path((api, version)): Path<(String, String)>,
) -> Result<Response> {
    let place = Place::find(&portal, viewer, &api, &version)?;
    let page = page.description(format!("Every error of the {} with its meaning and what to do.", place.api.name));
    Ok(of_version(page, place, ("errors", "Errors"), catalogue).await)
}

fn catalogue(place: &Place) -> impl IntoView + use<> {
    let (lead, list) = match (place.is_own(), place.version.errors()) {
        (true, _) => {
            ("Branch on the code, never on the words. A code is never reworded and never changes its meaning.", own())
        }
        (false, []) => {
            ("The document names no error codes; these are its error responses by status.", by_status(place))
        }
        (false, entries) => {
            ("The codes that the document names. Branch on the code, never on the words.", listed(place, entries))
        }
    };
    view! {
        <PageTitle title="Errors" trail=place.trail() badges=place.version_badges().into_any() lead/>
        {place.banner(place.overview_of(place.api.newest_stable()))}
        {list}
    }
}

/// The codes of the portal itself.
fn own() -> AnyView {
    let rows = Code::ALL.iter().map(|code| {
        let repeat = repeat_words(Some(code.is_retryable()));
        let code = *code;
        view! {
            <tr id=code.as_str()>
                <Cell label="Code">
                    <code>{code.as_str()}</code>
                    <small>{code.status().as_u16()}{repeat}</small>
                </Cell>
                <Cell label="Meaning">{code.title()}</Cell>
                <Cell label="What to do">{code.advice()}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let columns = ["Code", "Meaning", "What to do"].map(Column::text).into();
    view! { <Table label="Error codes" columns>{rows}</Table> }.into_any()
}

fn listed(place: &Place, entries: &[ErrorEntry]) -> AnyView {
    let rows = entries.iter().map(|entry| {
        let operations = entry.operations.iter().filter_map(|id| place.document().operation(id));
        let links: Vec<AnyView> = operations
            .map(|operation| {
                view! { <li><a href=place.operation_path(operation)>{operation.title()}</a></li> }.into_any()
            })
            .collect();
        let summary = counted(links.len() as u64, "operation", "operations");
        view! {
            <tr id=anchor(&entry.code)>
                {code_cell(entry, None)}
                {when_cell(entry, entry.example.as_deref())}
                <Cell label="Answered by"><Fold summary><ul>{links}</ul></Fold></Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let columns = ["Code", "When", "Answered by"].map(Column::text).into();
    view! { <Table label="Error codes" columns>{rows}</Table> }.into_any()
}

/// The codes of one operation; `catalogue` is the page with all of them.
pub(super) fn table(entries: &[ErrorEntry], catalogue: Option<&str>) -> impl IntoView + use<> {
    let rows =
        entries.iter().map(|entry| view! { <tr>{code_cell(entry, catalogue)}{when_cell(entry, None)}</tr> }.into_any());
    let rows: Vec<AnyView> = rows.collect();
    let columns = ["Code", "When"].map(Column::text).into();
    view! { <Table label="Errors of this operation" columns>{rows}</Table> }
}

fn when_cell(entry: &ErrorEntry, example: Option<&str>) -> impl IntoView + use<> {
    let (title, meaning) = (entry.title.clone(), entry.meaning.clone());
    let example = example.map(|example| view! { <small>"For example: "{example.to_owned()}</small> });
    view! { <Cell label="When">{title}<div>{meaning}</div>{example}</Cell> }
}

fn code_cell(entry: &ErrorEntry, catalogue: Option<&str>) -> impl IntoView + use<> {
    let statuses: Vec<String> = entry.statuses.iter().map(Status::to_string).collect();
    let code = view! { <code>{entry.code.clone()}</code> };
    let code = match catalogue {
        Some(page) => view! { <a href=format!("{page}#{}", anchor(&entry.code))>{code}</a> }.into_any(),
        None => code.into_any(),
    };
    let repeat = repeat_words(entry.retryable);
    view! { <Cell label="Code">{code}<small>{statuses.join(", ")}{repeat}</small></Cell> }
}

/// The id of a code in the catalogue: itself where it can be one, and where the page has no other use for it.
fn anchor(code: &str) -> String {
    const TAKEN: [&str; 3] = ["main", "side", "account"];
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    match !code.is_empty() && code.len() <= 80 && code.chars().all(is_plain) && !TAKEN.contains(&code) {
        true => code.to_owned(),
        false => format!("code-{}-{:08x}", step(code), crc32fast::hash(code.as_bytes())),
    }
}

fn repeat_words(retryable: Option<bool>) -> &'static str {
    match retryable {
        Some(true) => " · repeat",
        Some(false) => " · do not repeat",
        None => "",
    }
}

fn by_status(place: &Place) -> AnyView {
    let mut statuses: Vec<(Status, String, u64)> = Vec::new();
    let operations = place.document().operations().iter();
    for response in operations.flat_map(|operation| &operation.responses).filter(|response| response.status.is_error())
    {
        match statuses.iter_mut().find(|(status, ..)| *status == response.status) {
            Some((_, _, count)) => *count += 1,
            None => statuses.push((response.status, response.description.clone(), 1)),
        }
    }
    if statuses.is_empty() {
        let href = place.path();
        return view! {
            <Empty icon=Glyph::Info title="No errors are documented" text="The document describes no error response.">
                <LinkButton href>"Go to the overview"</LinkButton>
            </Empty>
        }
        .into_any();
    }
    statuses.sort_by_key(|(status, ..)| *status);
    let rows = statuses.into_iter().map(|(status, description, count)| {
        view! {
            <tr id=format!("status-{status}")>
                <Cell label="Status"><code>{status.to_string()}</code></Cell>
                <Cell label="Meaning">
                    {content::reason(status)}
                    <small>{crate::markdown::plain(&description, 200)}</small>
                </Cell>
                <Cell label="Answered by">{counted(count, "operation", "operations")}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let columns = ["Status", "Meaning", "Answered by"].map(Column::text).into();
    view! { <Table label="Error responses" columns>{rows}</Table> }.into_any()
}
