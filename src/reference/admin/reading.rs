//! What an import told: counts, doubts with their places, and what differs from what is published.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::super::{
    changes::{Changes, Group, Item},
    reading::{Reading, counted, grouped},
};
use crate::ui::{
    Callout, Clock, Condition, Delta, DeltaItem, DeltaKind, Fact, Facts, Finding, Findings, Fold, Opening, Section,
    Time, Verdict,
};

/// More of one kind are counted and not named.
const MOST_NAMED: usize = 200;
/// More details of one thing are counted and not said.
const MOST_DETAILS: usize = 12;

/// A file that was imported.
#[derive(Clone, Debug)]
pub(super) struct Imported {
    pub reading: Reading,
    pub file_name: String,
    pub at: OffsetDateTime,
    pub by: String,
}

/// How well the document was read, in a sentence.
pub(super) fn verdict(reading: &Reading) -> impl IntoView + use<> {
    let operations = match (reading.operations, reading.webhooks) {
        (0, 0) => "It has neither operations nor webhooks.".to_owned(),
        (0, webhooks) => format!("It has no operations and {}.", counted(webhooks, "webhook", "webhooks")),
        (1, _) => "Its one operation was read.".to_owned(),
        (count, _) => format!("All {} operations were read.", grouped(count)),
    };
    let (condition, title, more) = match (reading.operations + reading.webhooks, reading.doubt_count()) {
        (0, _) => (Condition::Warn, "The document was read, and there is nothing in it", String::new()),
        (_, 0) => (Condition::Ok, "The document was read without doubts", String::new()),
        (_, doubts) => {
            let more =
                format!(" {} below: the pages show those parts as they are.", counted(doubts, "warning", "warnings"));
            (Condition::Warn, "The document was read, with doubts", more)
        }
    };
    view! { <Verdict is=condition title>{operations}{more}</Verdict> }
}

/// Counts and origin of a document, and a way to its pages.
#[component]
pub(super) fn WasRead(
    imported: Imported,
    published_at: Option<OffsetDateTime>,
    now: OffsetDateTime,
    /// A link to the pages.
    pages: AnyView,
) -> impl IntoView {
    let Imported { reading, file_name, at, by } = imported;
    let [operations, schemas, webhooks] = [reading.operations, reading.schemas, reading.webhooks].map(grouped);
    let format = reading.format_in_words();
    let scopes = match reading.scopes.is_empty() {
        true => "none".into_any(),
        false => {
            let scopes = reading.scopes.iter().map(|scope| view! { <code>{scope.clone()}</code>" " });
            view! { {scopes.collect_view()} }.into_any()
        }
    };
    view! {
        <Section title="What was read" aside=pages>
            <Facts>
                <Fact term="Operations">{operations}</Fact>
                <Fact term="Schemas">{schemas}</Fact>
                <Fact term="Webhooks">{webhooks}</Fact>
                <Fact term="Format">{format}</Fact>
                <Fact term="File"><span class="mono">{file_name}</span></Fact>
                <Fact term="Imported"><Time at now clock=Clock::Rough/>" by "{by}</Fact>
                {published_at.map(|at| view! { <Fact term="Published"><Time at now clock=Clock::Rough/></Fact> })}
                <Fact term="Scopes">{scopes}</Fact>
            </Facts>
        </Section>
    }
}

/// What differs from what is published.
#[component]
pub(super) fn WhatChanges(
    /// What it is compared with, such as "version 2026-03".
    against: String,
    changes: Changes,
) -> impl IntoView {
    let note = format!("against {against}");
    let aside = view! { <span class="note">{note}</span> }.into_any();
    let about = (!changes.about.is_empty()).then(|| {
        let text = format!("About the API as a whole, its {} changed.", changes.about.join(", "));
        view! { <p class="soft">{text}</p> }
    });
    let nothing = changes.is_empty().then(|| {
        view! { <Callout title="Nothing that pages show"><p>"The bytes differ; what they say does not."</p></Callout> }
    });
    let groups = changes.groups.into_iter().map(|group| view! { <Differing group/> }).collect_view();
    view! {
        <Section title="What changes" id="changes" aside>
            <div class="flow tight">{nothing}{groups}{about}</div>
        </Section>
    }
}

#[component]
fn Differing(group: Group) -> impl IntoView {
    let summary = format!("{}: {}", capitalized(group.kind), group.in_words());
    // A long list is opened by whoever wants it; what is removed is never hidden.
    let starts = if group.len() <= 40 || !group.removed.is_empty() { Opening::Open } else { Opening::Closed };
    let left_out = group.len().saturating_sub(MOST_NAMED);
    let of = |kind: DeltaKind, items: Vec<Item>| items.into_iter().map(move |item| delta(kind, item));
    let items = of(DeltaKind::Removed, group.removed)
        .chain(of(DeltaKind::Changed, group.changed))
        .chain(of(DeltaKind::Added, group.added));
    let items: Vec<_> = items.take(MOST_NAMED).collect();
    let more = (left_out > 0).then(|| view! { <p class="note">"and "{grouped(left_out as u64)}" more"</p> });
    view! { <Fold summary starts><Delta items/>{more}</Fold> }
}

fn delta(kind: DeltaKind, item: Item) -> DeltaItem {
    let Item { method, name, mut details } = item;
    let left_out = details.len().saturating_sub(MOST_DETAILS);
    details.truncate(MOST_DETAILS);
    details.extend((left_out > 0).then(|| format!("and {left_out} more")));
    DeltaItem { kind, method, name, details }
}

/// The doubts by kind, each with its place in the file.
#[component]
pub(super) fn Doubts(reading: Reading) -> impl IntoView {
    if reading.doubts.is_empty() {
        return ().into_any();
    }
    let only = reading.counts.len() == 1;
    let groups = reading.doubts_by_code().into_iter().map(|(code, doubts)| {
        let count = reading.counts.get(code).copied().unwrap_or(doubts.len() as u64);
        let left_out = count.saturating_sub(doubts.len() as u64);
        let findings = doubts.into_iter().map(|doubt| Finding {
            gravity: Condition::Warn,
            message: doubt.message.clone(),
            pointer: Some(doubt.pointer.clone()).filter(|pointer| !pointer.is_empty()),
            place: Some((doubt.line as usize, doubt.column as usize)),
        });
        let findings: Vec<_> = findings.collect();
        let summary = format!("{}, {}", capitalized(&code.replace('_', " ")), counted(count, "place", "places"));
        let starts = if only { Opening::Open } else { Opening::Closed };
        let more = (left_out > 0).then(|| view! { <p class="note">"and "{grouped(left_out)}" more"</p> });
        view! { <Fold summary starts><Findings findings/>{more}</Fold> }
    });
    let groups = groups.collect_view();
    let count = counted(reading.doubt_count(), "warning", "warnings");
    view! {
        <Section title="What was doubtful" aside=view! { <span class="note">{count}</span> }.into_any()>
            <div class="flow tight">{groups}</div>
        </Section>
    }
    .into_any()
}

/// `unresolved reference` as `Unresolved reference`.
fn capitalized(words: &str) -> String {
    let first = words.chars().next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(words.chars().skip(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_said_in_words() {
        assert_eq!(capitalized(&"unresolved_reference".replace('_', " ")), "Unresolved reference");
    }

    #[test]
    fn many_details_of_one_thing_are_counted() {
        let details = (0..20).map(|n| format!("property p{n} added")).collect();
        let shown = delta(DeltaKind::Changed, Item { method: None, name: "Book".into(), details });
        assert_eq!(shown.details.len(), MOST_DETAILS + 1);
        assert_eq!(shown.details.last().unwrap(), "and 8 more");
    }
}
