//! The newest calls of an organization, searched and narrowed by what the address says.

use std::sync::Arc;

use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;
use time::OffsetDateTime;

use super::{CALLS, address, callers, error_page, operation_page, published, took};
use crate::{
    db::CallId,
    islands::CopyButton,
    keys::FirstCall,
    portal::Portal,
    reference::Published,
    ui::{
        self, Button, ButtonKind, Cell, Choice, Code, Column, Condition, Empty, Glyph, Input, Language, Link,
        LinkButton, MethodBadge, Need, PageTitle, Pager, SelectField, Source, StateLabel, Table, TextField, Time,
    },
    usage::{
        model::CallLine,
        store::{self, Filter, Known},
    },
    web::{Member, Page, Query, Result},
};

const A_PAGE: usize = 50;

/// Statuses to choose from, with the first and the one after the last.
const STATUSES: [(&str, &str, (i16, i16)); 6] = [
    ("2xx", "2xx answered", (0, 300)),
    ("3xx", "3xx elsewhere", (300, 400)),
    ("4xx", "4xx refused", (400, 500)),
    ("429", "429 too many", (429, 430)),
    ("5xx", "5xx failed", (500, 600)),
    ("error", "All errors", (400, 600)),
];

/// What the address asks for; a field that is left empty does not narrow anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    status: String,
    operation: String,
    app: String,
    key: String,
    before: String,
}

pub(super) async fn index(portal: Portal, member: Member, page: Page, Query(asked): Query<Asked>) -> Result<Response> {
    let limit = i64::try_from(A_PAGE + 1).expect("a page is a small number");
    let mut calls = store::calls(&portal.db, member.organization, &asked.filter(), limit).await?;
    let has_more = calls.len() > A_PAGE;
    calls.truncate(A_PAGE);
    let known = store::known(&portal.db, member.organization).await?;
    let published = published(&portal, &member);
    let first_call = calls.is_empty().then(|| first_call(&portal, &published)).flatten();
    let last = calls.last().filter(|_| has_more).map(|call| call.id);
    let newest = (!asked.before.is_empty()).then(|| Link::new(asked.address(None), "Newest calls"));
    let older = last.map(|id| Link::new(asked.address(Some(id)), "Older calls"));
    let now = OffsetDateTime::now_utc();
    let body = move || {
        let list = match calls.is_empty() {
            true => view! { <Nothing is_narrowed=asked.is_narrowed() first_call/> }.into_any(),
            false => view! { <CallTable calls published now/> }.into_any(),
        };
        view! {
            <PageTitle
                title="Calls"
                trail=vec![Link::new("/dashboard", "Dashboard")]
                lead="The last 1,000 calls of your apps with request and response, about a second behind. Keys and other secrets are not kept."
            />
            <Filters asked known/>
            {list}
            <Pager before=newest after=older label="Pages of calls"/>
        }
    };
    Ok(page.side(|| ui::partner_menu(CALLS)).render("Calls", body).await)
}

/// A call to make first, with the key in a variable.
pub(super) fn first_call(portal: &Portal, published: &Published) -> Option<String> {
    let scopes: Vec<String> = published.scopes().into_iter().map(|scope| scope.name).collect();
    FirstCall::choose(published, &portal.config.base_url, &scopes).map(|call| call.curl())
}

impl Asked {
    fn filter(&self) -> Filter {
        let given = |text: &str| Some(text.trim().replace('\0', "")).filter(|text| !text.is_empty());
        let statuses = STATUSES.iter().find(|(name, ..)| *name == self.status);
        Filter {
            app: self.app.parse().ok(),
            key: self.key.parse().ok(),
            api: None,
            operation: given(&self.operation),
            statuses: statuses.map(|(_, _, bounds)| *bounds),
            text: given(&self.q),
            before: self.before.parse().ok(),
        }
    }

    fn is_narrowed(&self) -> bool {
        self.address(None) != CALLS || !self.before.is_empty()
    }

    /// The same question from another call on.
    fn address(&self, before: Option<CallId>) -> String {
        let before = before.map(|id| id.to_string()).unwrap_or_default();
        let Self { q, status, operation, app, key, .. } = self;
        address(
            CALLS,
            &[("q", q), ("status", status), ("operation", operation), ("app", app), ("key", key), ("before", &before)],
        )
    }
}

#[component]
fn Filters(asked: Asked, known: Known) -> impl IntoView {
    let clear = asked
        .is_narrowed()
        .then(|| view! { <LinkButton href=CALLS kind=ButtonKind::Quiet>"Show all calls"</LinkButton> });
    let [apps, keys] = callers(&known);
    let all = |words| std::iter::once(Choice::new("", words));
    let statuses =
        all("Any status").chain(STATUSES.iter().map(|(name, words, _)| Choice::new(*name, *words))).collect();
    let operations =
        all("All operations").chain(known.operations.into_iter().map(|name| Choice::new(name.clone(), name))).collect();
    view! {
        <form class="form" data-layout="line" method="get" action=CALLS>
            <TextField
                name="q"
                label="Search"
                kind=Input::Text
                value=asked.q
                need=Need::Optional
                placeholder="Path, request id, text"
                autocomplete="off"
            />
            <SelectField name="status" label="Status" options=statuses selected=asked.status/>
            <SelectField name="operation" label="Operation" options=operations selected=asked.operation/>
            <SelectField name="app" label="App" options=apps selected=asked.app/>
            <SelectField name="key" label="Key" options=keys selected=asked.key/>
            <div class="actions"><Button>"Filter calls"</Button>{clear}</div>
        </form>
    }
    .into_any()
}

/// Calls, each with a link to all of it.
#[component]
pub(super) fn CallTable(calls: Vec<CallLine>, published: Arc<Published>, now: OffsetDateTime) -> impl IntoView {
    let columns = ["When (UTC)", "Call", "Answer", "Took", "By"];
    let columns = columns.map(|name| if name == "Took" { Column::number(name) } else { Column::text(name) }).into();
    let rows = calls.into_iter().map(|call| row(call, &published, now)).collect_view();
    view! { <Table label="Calls" columns>{rows}</Table> }.into_any()
}

fn row(call: CallLine, published: &Published, now: OffsetDateTime) -> AnyView {
    let operation =
        call.operation.clone().map(|name| match operation_page(published, &call.api, &call.version, &name) {
            Some(href) => view! { <small><a href=href>{name}</a></small> }.into_any(),
            None => view! { <small>{name}</small> }.into_any(),
        });
    let code = call.code.clone().map(|code| match error_page(published, &call) {
        Some(href) => view! { <small><a href=href>{code}</a></small> }.into_any(),
        None => view! { <small>{code}</small> }.into_any(),
    });
    let app = call.app_name.clone().unwrap_or_else(|| "a deleted app".to_owned());
    let (is, said, took) = (condition(&call), words(&call), took(&call));
    let (href, method, address) = (format!("{CALLS}/{}", call.id), call.method.clone(), call.address());
    let key = if call.key.is_none() { Some("from a page".to_owned()) } else { call.key_name.clone() };
    let at = call.at;
    view! {
        <tr>
            <Cell label="When (UTC)"><Time at now/></Cell>
            <Cell label="Call">
                <span class="call-line">
                    <MethodBadge method/>
                    <a class="mono" href=href>{address}</a>
                </span>
                {operation}
            </Cell>
            <Cell label="Answer"><StateLabel is>{said}</StateLabel>{code}</Cell>
            <Cell label="Took" align=ui::Align::Number>{took}</Cell>
            <Cell label="By">{app}{key.map(|key| view! { <small>{key}</small> })}</Cell>
        </tr>
    }
    .into_any()
}

/// How a call went.
pub(super) fn condition(call: &CallLine) -> Condition {
    match call.status {
        _ if call.ending != "complete" => Condition::Warn,
        ..400 => Condition::Ok,
        400..500 => Condition::Warn,
        500.. => Condition::Bad,
    }
}

/// The status, and whether the answer ended too early.
pub(super) fn words(call: &CallLine) -> String {
    match call.ending.as_str() {
        "hung_up" => format!("{}, hung up", call.status),
        "broken" => format!("{}, broken off", call.status),
        _ => call.status.to_string(),
    }
}

#[component]
fn Nothing(is_narrowed: bool, first_call: Option<String>) -> impl IntoView {
    if is_narrowed {
        return view! {
            <Empty icon=Glyph::Search title="No call fits" text="None of the last 1,000 calls is what you asked for."/>
        }
        .into_any();
    }
    let call = first_call.map(|call| view! { <FirstCallCode call/> });
    view! {
        <Empty
            icon=Glyph::Send
            title="No calls yet"
            text="Each call of the sandbox is listed here a second later, with what was sent and what came back. Issue a key and make one."
        >
            <LinkButton href="/dashboard/apps" kind=ButtonKind::Primary>"Issue a sandbox key"</LinkButton>
        </Empty>
        {call}
    }
    .into_any()
}

/// A call for a shell, to start with.
#[component]
pub(super) fn FirstCallCode(call: String) -> impl IntoView {
    let copy = view! { <CopyButton text=call.clone() label="Copy call".to_owned()/> }.into_any();
    view! {
        <Code title="A first call, with your key in SANDBOX_KEY" copy>
            <Source text=call language=Language::Shell/>
        </Code>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_empty_or_cannot_be_read_does_not_narrow() {
        let asked =
            Asked { q: " ".into(), app: "x".into(), status: "7xx".into(), before: "x".into(), ..Asked::default() };
        let filter = asked.filter();
        assert!(filter.app.is_none() && filter.text.is_none() && filter.statuses.is_none() && filter.before.is_none());
        assert!(!Asked::default().is_narrowed());
    }

    #[test]
    fn the_next_page_keeps_the_question() {
        let asked = Asked { q: "a&b".into(), status: "4xx".into(), before: "old".into(), ..Asked::default() };
        let id = CallId::new();
        let escaped = id.to_string().replace('_', "%5F");
        assert_eq!(asked.address(Some(id)), format!("/dashboard/calls?q=a%26b&status=4xx&before={escaped}"));
        assert!(asked.is_narrowed());
    }
}
