//! What needs attention, the portal in numbers, and what was done last.

use axum::response::Response;
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    admin::{
        model::{Delivery, Matter, Numbers, matters},
        store,
    },
    audit::{self, EntryTable, Filter, Reader, Recorded},
    portal::Portal,
    ui::{
        self, Align, Callout, Cell, Column, Condition, Empty, Fact, Facts, Glyph, LinkButton, PageTitle, Section, Size,
        Table, Unit, Verdict,
    },
    usage::{self, Partner},
    web::{Page, Result},
};

const NEWEST: i64 = 8;

pub(super) async fn show(portal: Portal, page: Page) -> Result<Response> {
    let numbers = store::numbers(&portal.db).await?;
    let entries = audit::list(&portal.db, Filter::default(), NEWEST).await?;
    let busiest = usage::partners(&portal.db, OffsetDateTime::now_utc(), NEWEST).await?;
    let delivery = portal.config.smtp_url.as_ref().map_or(Delivery::Outbox, |_| Delivery::Smtp);
    let matters = matters(&numbers, delivery, &portal.settings.current().support_email);
    let now = OffsetDateTime::now_utc();
    let body = move || {
        view! {
            <PageTitle title="Administration" lead="What needs somebody, and what happened last."/>
            <Attention matters/>
            <InNumbers numbers/>
            <Busiest partners=busiest/>
            <Newest entries now/>
        }
    };
    Ok(page.side(|| ui::staff_menu("/admin")).render("Administration", body).await)
}

#[component]
fn Attention(matters: Vec<Matter>) -> impl IntoView {
    if matters.is_empty() {
        return view! {
            <Verdict is=Condition::Ok title="Nothing needs your attention">
                "Every imported version is published, mail leaves the portal, and no job was given up."
            </Verdict>
        }
        .into_any();
    }
    let notes = matters.into_iter().map(|matter| {
        let action =
            matter.action.map(|(href, words)| view! { <LinkButton href size=Size::Small>{words}</LinkButton> });
        view! {
            <Callout tone=matter.tone title=matter.title>
                <p>{matter.text}</p>
                {action.map(|action| view! { <div class="actions">{action}</div> })}
            </Callout>
        }
    });
    view! { <Section title="Needs attention"><div class="flow tight">{notes.collect_view()}</div></Section> }.into_any()
}

#[component]
fn InNumbers(numbers: Numbers) -> impl IntoView {
    let suspended = (numbers.suspended > 0).then(|| format!(" ({} suspended)", numbers.suspended));
    let given_up = (numbers.abandoned_jobs > 0).then(|| format!(" ({} given up)", numbers.abandoned_jobs));
    view! {
        <Section title="In numbers">
            <Facts>
                <Fact term="Partners"><a href="/admin/partners">{numbers.partners}</a>{suspended}</Fact>
                <Fact term="Keys that work">{numbers.keys}</Fact>
                <Fact term="Published versions"><a href="/admin/apis">{numbers.published}</a></Fact>
                <Fact term="Jobs waiting">{numbers.waiting_jobs}{given_up}</Fact>
            </Facts>
        </Section>
    }
}

/// Whose systems call most, and how often in vain.
#[component]
fn Busiest(partners: Vec<Partner>) -> impl IntoView {
    if partners.is_empty() {
        return ().into_any();
    }
    let columns = vec![Column::text("Partner"), Column::number("Calls"), Column::number("Errors")];
    let rows = partners.into_iter().map(|of| {
        let (calls, errors) = (Unit::Count.written(of.calls as f64), Unit::Count.written(of.errors as f64));
        view! {
            <tr>
                <Cell label="Partner"><a href=format!("/admin/partners/{}", of.organization)>{of.name}</a></Cell>
                <Cell label="Calls" align=Align::Number>{calls}</Cell>
                <Cell label="Errors" align=Align::Number>{errors}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <Section title="Calls of the last 7 days">
            <Table label="Partners by calls of the last 7 days" columns>{rows}</Table>
        </Section>
    }
    .into_any()
}

#[component]
fn Newest(entries: Vec<Recorded>, now: OffsetDateTime) -> impl IntoView {
    if entries.is_empty() {
        return view! {
            <Section title="What happened last">
                <Empty
                    icon=Glyph::Eye
                    title="Nothing was recorded yet"
                    text="Whatever staff and partners change is recorded here with its time, its author and what it was before."
                />
            </Section>
        }
        .into_any();
    }
    let all = view! { <a href="/admin/audit">"Open the audit trail"</a> }.into_any();
    view! {
        <Section title="What happened last" aside=all>
            <EntryTable entries now reader=Reader::Staff/>
        </Section>
    }
    .into_any()
}
