//! Usage over a time: how often, how fast, what, and what went wrong.

use std::sync::Arc;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use super::{
    USAGE, USAGE_CSV, address, callers,
    calls::{CallTable, FirstCallCode, first_call},
    moment, operation_page, published,
};
use crate::{
    portal::Portal,
    reference::Published,
    ui::{
        self, Align, BarChart, Button, ButtonKind, Cell, ChartData, Choice, Column, Empty, Fact, Facts, Glyph,
        LineChart, Link, LinkButton, Look, PageTitle, Section, SelectField, Series, Table, Unit,
    },
    usage::{
        Class, Percentiles, csv,
        model::{CallLine, OperationUse, Period, Range, Report},
        store::{self, By, Filter, Known},
    },
    web::{Member, Page, Query, Result},
};

const MOST_OPERATIONS: usize = 10;
const MOST_ERRORS: i64 = 10;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    range: String,
    app: String,
    key: String,
    api: String,
}

pub(super) async fn show(portal: Portal, member: Member, page: Page, Query(asked): Query<Asked>) -> Result<Response> {
    let now = OffsetDateTime::now_utc();
    let question = asked.question();
    let starts = question.range.periods(now);
    let cells = store::cells(&portal.db, member.organization, &question, starts[0], By::Operation).await?;
    let report = Report::of(starts, &cells);
    let errors = store::calls(&portal.db, member.organization, &asked.errors(), MOST_ERRORS).await?;
    let known = store::known(&portal.db, member.organization).await?;
    let published = published(&portal, &member);
    let first_call = (report.calls == 0).then(|| first_call(&portal, &published)).flatten();
    let body = move || {
        let download = address(USAGE_CSV, &asked.fields());
        let content = match report.calls {
            0 => view! { <Nothing first_call/> }.into_any(),
            _ => view! { <Shown report range=question.range errors published=published.clone() now/> }.into_any(),
        };
        let actions = view! { <LinkButton href=download>"Download CSV"</LinkButton> }.into_any();
        view! {
            <PageTitle
                title="Usage"
                trail=vec![Link::new("/dashboard", "Dashboard")]
                lead="What your apps call, about a second behind. All times are UTC."
                actions
            />
            <Choose asked known published/>
            {content}
        }
        .into_any()
    };
    Ok(page.side(|| ui::partner_menu(USAGE)).render("Usage", body).await)
}

pub(super) async fn download(portal: Portal, member: Member, Query(asked): Query<Asked>) -> Result<Response> {
    let question = asked.question();
    let starts = question.range.periods(OffsetDateTime::now_utc());
    let cells = store::cells(&portal.db, member.organization, &question, starts[0], By::Caller).await?;
    let known = store::known(&portal.db, member.organization).await?;
    let heads = ["start_utc", "app", "app_name", "key", "key_name", "api", "version", "operation", "status_class"];
    let numbers = ["calls", "p50_ms", "p95_ms", "p99_ms"];
    let mut text = csv::row(&[heads.as_slice(), &numbers].concat());
    for cell in cells {
        let start = cell.period.to_offset(UtcOffset::UTC).format(&Rfc3339).unwrap_or_default();
        let (app, key) = cell.caller.map_or((None, None), |(app, key)| (Some(app), key));
        let app_name = known.apps.iter().find(|(id, _)| Some(*id) == app).map_or("", |(_, name)| name.as_str());
        let key_name = known.keys.iter().find(|(id, ..)| Some(*id) == key).map_or("", |(.., name)| name.as_str());
        let (app, key) = (app.map(|app| app.to_string()), key.map(|key| key.to_string()));
        let times = cell.latency.percentiles().map_or([0.0; 3], |of| [of.p50, of.p95, of.p99]);
        let times = times.map(|time| format!("{time:.2}"));
        text.push_str(&csv::row(&[
            &start,
            app.as_deref().unwrap_or_default(),
            app_name,
            key.as_deref().unwrap_or_default(),
            key_name,
            &cell.api,
            &cell.version,
            &cell.operation,
            cell.class.as_str(),
            &cell.calls.to_string(),
            &times[0],
            &times[1],
            &times[2],
        ]));
    }
    let name = format!("attachment; filename=\"usage-{}.csv\"", question.range.as_str());
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

impl Asked {
    fn question(&self) -> store::Asked {
        store::Asked {
            range: self.range.parse().unwrap_or_default(),
            app: self.app.parse().ok(),
            key: self.key.parse().ok(),
            api: self.api(),
        }
    }

    fn errors(&self) -> Filter {
        let store::Asked { app, key, api, .. } = self.question();
        Filter { app, key, api, statuses: Some((400, 600)), ..Filter::default() }
    }

    fn api(&self) -> Option<String> {
        Some(self.api.trim().replace('\0', "")).filter(|api| !api.is_empty())
    }

    fn fields(&self) -> [(&str, &str); 4] {
        [("range", &self.range), ("app", &self.app), ("key", &self.key), ("api", &self.api)]
    }
}

#[component]
fn Choose(asked: Asked, known: Known, published: Arc<Published>) -> impl IntoView {
    let ranges = Range::ALL.map(|range| Choice::new(range.as_str(), format!("The last {}", range.title()))).into();
    let [apps, keys] = callers(&known);
    let apis = published.imported().map(|api| Choice::new(api.slug.to_string(), api.name.clone()));
    let apis = std::iter::once(Choice::new("", "All APIs")).chain(apis).collect();
    let range = asked.question().range.as_str();
    view! {
        <form class="form" data-layout="line" method="get" action=USAGE>
            <SelectField name="range" label="Time" options=ranges selected=range/>
            <SelectField name="app" label="App" options=apps selected=asked.app/>
            <SelectField name="key" label="Key" options=keys selected=asked.key/>
            <SelectField name="api" label="API" options=apis selected=asked.api/>
            <div class="actions"><Button>"Show usage"</Button></div>
        </form>
    }
    .into_any()
}

#[component]
fn Shown(
    report: Report,
    range: Range,
    errors: Vec<CallLine>,
    published: Arc<Published>,
    now: OffsetDateTime,
) -> impl IntoView {
    let all = view! { <a href=address(super::CALLS, &[("status", "error")])>"All errors in the log"</a> }.into_any();
    let last = match errors.is_empty() {
        true => view! { <p class="soft">"None of the calls in the log was refused or failed."</p> }.into_any(),
        false => view! { <CallTable calls=errors published=published.clone() now/> }.into_any(),
    };
    let (calls, latency) = (calls_chart(&report, range), latency_chart(&report, range));
    let operations = report.operations.clone();
    view! {
        <Sums report/>
        <Section title="Calls"><BarChart data=calls/></Section>
        <Section title="Time taken"><LineChart data=latency/></Section>
        <Section title="Operations"><Operations operations published/></Section>
        <Section title="Last errors" aside=all>{last}</Section>
    }
    .into_any()
}

#[component]
fn Sums(report: Report) -> impl IntoView {
    let times = report.latency.percentiles();
    let [p50, p95, p99] =
        times.map_or([0.0; 3], |of| [of.p50, of.p95, of.p99]).map(|time| Unit::Milliseconds.written(time));
    let (calls, errors) = (Unit::Count.written(report.calls as f64), share(report.errors, report.calls));
    view! {
        <Facts>
            <Fact term="Calls">{calls}</Fact>
            <Fact term="Errors">{errors}</Fact>
            <Fact term="Half took less than">{p50}</Fact>
            <Fact term="95 % took less than">{p95}</Fact>
            <Fact term="99 % took less than">{p99}</Fact>
        </Facts>
    }
    .into_any()
}

/// `12 (0.5 %)`.
fn share(part: u64, all: u64) -> String {
    let percent = part as f64 * 100.0 / all.max(1) as f64;
    format!("{} ({percent:.1} %)", Unit::Count.written(part as f64))
}

fn calls_chart(report: &Report, range: Range) -> ChartData {
    const LOOKS: [Look; Class::ALL.len()] = [Look::Ok, Look::Plan, Look::Warn, Look::None, Look::Bad];
    let is_there = |at: &usize| report.periods.iter().any(|period| period.calls[*at] > 0);
    let series = (0..LOOKS.len()).filter(is_there).map(|at| Series {
        label: Class::ALL[at].as_str().to_owned(),
        look: LOOKS[at],
        values: report.periods.iter().map(|period| Some(period.calls[at] as f64)).collect(),
    });
    ChartData {
        id: "calls".into(),
        title: format!("Calls by status, per {} (UTC)", range.step().title()),
        description: format!(
            "{} calls in the last {}, of which {} were refused or failed.",
            Unit::Count.written(report.calls as f64),
            range.title(),
            share(report.errors, report.calls),
        ),
        head: "Start (UTC)".into(),
        labels: labels(report, range),
        series: series.collect(),
        unit: Unit::Count,
    }
}

fn latency_chart(report: &Report, range: Range) -> ChartData {
    let times: Vec<_> = report.periods.iter().map(|period: &Period| period.latency.percentiles()).collect();
    let line = |label: &str, look, of: fn(&Percentiles) -> f64| Series {
        label: label.to_owned(),
        look,
        values: times.iter().map(|times| times.as_ref().map(of)).collect(),
    };
    let series = [line("p50", Look::Accent, |of| of.p50), line("p95", Look::Warn, |of| of.p95)];
    let all = report.latency.percentiles().map_or([0.0; 2], |all| [all.p50, all.p95]);
    let [p50, p95] = all.map(|time| Unit::Milliseconds.written(time));
    ChartData {
        id: "latency".into(),
        title: format!("Time taken, per {} (UTC)", range.step().title()),
        description: format!(
            "Over the last {}, half of the calls took less than {p50}, and 95 % less than {p95}.",
            range.title()
        ),
        head: "Start (UTC)".into(),
        labels: labels(report, range),
        series: series.into(),
        unit: Unit::Milliseconds,
    }
}

fn labels(report: &Report, range: Range) -> Vec<String> {
    report.periods.iter().map(|period| moment(range, period.start)).collect()
}

#[component]
fn Operations(operations: Vec<OperationUse>, published: Arc<Published>) -> impl IntoView {
    let more = operations.len().saturating_sub(MOST_OPERATIONS);
    let columns = vec![
        Column::text("Operation"),
        Column::text("API"),
        Column::number("Calls"),
        Column::number("Errors"),
        Column::number("p95"),
    ];
    let rows = operations.into_iter().take(MOST_OPERATIONS).map(|of| {
        let page = operation_page(&published, &of.api, &of.version, &of.operation);
        let name = match (page, of.operation.is_empty()) {
            (Some(href), _) => view! { <a href=href>{of.operation}</a> }.into_any(),
            (None, true) => "no operation".into_any(),
            (None, false) => of.operation.into_any(),
        };
        let api = if of.api.is_empty() { "no API".to_owned() } else { format!("{} {}", of.api, of.version) };
        let p95 = of.latency.percentiles().map(|times| Unit::Milliseconds.written(times.p95));
        view! {
            <tr>
                <Cell label="Operation">{name}</Cell>
                <Cell label="API">{api}</Cell>
                <Cell label="Calls" align=Align::Number>{Unit::Count.written(of.calls as f64)}</Cell>
                <Cell label="Errors" align=Align::Number>{share(of.errors, of.calls)}</Cell>
                <Cell label="p95" align=Align::Number>{p95}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let more = (more > 0).then(|| view! { <p class="soft">{format!("{more} more are in the CSV file.")}</p> });
    view! { <Table label="Operations by calls" columns>{rows}</Table>{more} }.into_any()
}

#[component]
fn Nothing(first_call: Option<String>) -> impl IntoView {
    let call = first_call.map(|call| view! { <FirstCallCode call/> });
    view! {
        <Empty
            icon=Glyph::Gauge
            title="No calls in this time"
            text="Calls are counted by key, operation and hour as soon as there are any. Issue a key and make one, or look at a longer time."
        >
            <LinkButton href="/dashboard/apps" kind=ButtonKind::Primary>"Issue a sandbox key"</LinkButton>
        </Empty>
        {call}
    }
    .into_any()
}
