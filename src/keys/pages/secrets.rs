//! A key's secrets: who uses which, and how one takes over from another.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::{form::condition, path_of, show::Shown};
use crate::{
    credential,
    keys::{
        Advice, Key, Overlap, Retirement, Secret,
        evidence::{Evidence, Usage},
    },
    ui::{
        Align, Badge, Button, ButtonKind, Cell, Choice, Clock, Code, Column, Condition, Confirm, Fold, Glyph, Panel,
        Progress, Section, SelectField, StateLabel, Table, Time, Tone, Verdict, relative,
    },
    web::Role,
};

/// Whether the older of two secrets can go, and what can be done about it.
#[component]
pub(super) fn Retiring(key: Key, shown: Shown, error: Option<String>) -> impl IntoView {
    let now = shown.now;
    let (Some(advice), Some(old), Some(new)) =
        (Advice::on(&key, now), key.retiring(now).cloned(), key.current().cloned())
    else {
        return ().into_any();
    };
    let is = match advice {
        Advice::StillUsed | Advice::NewUnused => Condition::Warn,
        Advice::Silent | Advice::Unused => Condition::Ok,
    };
    let reason = advice.reason(&old, &new, now);
    let headers = old.ends_at.map(|ends_at| {
        let headers = Retirement { since: new.created_at, ends_at }.ending().headers();
        let line = |(name, value): (&str, String)| format!("{}{}: {value}", name[..1].to_uppercase(), &name[1..]);
        headers.map(line).collect::<Vec<_>>().join("\n")
    });
    let act = (shown.role >= Role::Developer).then(|| {
        view! { <Acts key=key.clone() old=old.clone() new=new.clone() evidence=shown.evidence.clone() now error/> }
    });
    view! {
        <Panel title="Rotation" class="rotation">
            <Verdict is title=advice.title()>{reason}</Verdict>
            <Left old=old.clone() since=new.created_at now/>
            {act}
            {headers.map(|headers| view! {
                <Fold summary="What callers are told">
                    <div class="flow tight">
                        <p class="soft">"Every answer to a call with the old secret carries two headers. Log them, and you find the last caller."</p>
                        <Code>{headers}</Code>
                    </div>
                </Fold>
            })}
        </Panel>
    }
    .into_any()
}

/// How much of the overlap is left.
#[component]
fn Left(old: Secret, since: OffsetDateTime, now: OffsetDateTime) -> impl IntoView {
    let end = old.ends_at?;
    let minutes = |from: OffsetDateTime, to: OffsetDateTime| u32::try_from((to - from).whole_minutes()).unwrap_or(0);
    let rest = format!("…{} ends {}", old.last_four, relative(end, now));
    Some(view! {
        <Progress label="Overlap that has passed" done=minutes(since, now) of=minutes(since, end).max(1) rest/>
        <p class="soft">"Rotated "<Time at=since now clock=Clock::Exact/>". After "<Time at=end now clock=Clock::Exact/>" calls with …"{old.last_four}" are refused."</p>
    })
}

#[component]
fn Acts(
    key: Key,
    old: Secret,
    new: Secret,
    evidence: Evidence,
    now: OffsetDateTime,
    error: Option<String>,
) -> impl IntoView {
    let page = path_of(key.id);
    let (old_name, new_name) = (format!("…{}", old.last_four), format!("…{}", new.last_four));
    let (old_usage, new_usage) = (evidence.usage(old.id), evidence.usage(new.id));
    let changes = old.leaked_at.is_none().then(|| {
        let consequence =
            format!("The new secret {new_name} stops working within a second, and {old_name} works on without an end.");
        let cancel = view! {
            <Confirm
                id="cancel"
                action=format!("{page}/cancellation")
                opens_with="Cancel rotation…"
                title="Cancel the rotation?"
                yes=format!("End {new_name}")
                no="Keep both"
            >
                <p class="soft">{consequence}</p>
                <Callers usage=new_usage name=new_name.clone() now/>
            </Confirm>
        };
        (view! { <Extension page=page.clone() error/> }, cancel)
    });
    let (extend, cancel) = changes.unzip();
    let callers = view! { <Callers usage=old_usage name=old_name.clone() now/> }.into_any();
    view! {
        {extend}
        <div class="actions">
            <Confirm
                id="retire"
                action=format!("{page}/retirement")
                opens_with=format!("Retire {old_name} now…")
                title=format!("Retire the secret {old_name} now?")
                yes=format!("Retire {old_name}")
                no="Keep both"
            >
                <p class="soft">"Calls with it stop working within a second. The new secret goes on working."</p>
                {callers}
            </Confirm>
            {cancel}
        </div>
    }
}

/// Who is hit when a secret ends.
#[component]
fn Callers(usage: Usage, name: String, now: OffsetDateTime) -> impl IntoView {
    let recent: Vec<_> =
        usage.origins.into_iter().filter(|origin| origin.last_at > now - time::Duration::days(1)).collect();
    if recent.is_empty() {
        return view! { <p>{format!("Nobody has used {name} in the last day.")}</p> }.into_any();
    }
    let rows = recent.into_iter().map(|origin| {
        let address = origin.address.unwrap_or_else(|| "other addresses".to_owned());
        view! { <li>{format!("{address}, last {}", relative(origin.last_at, now))}</li> }
    });
    view! {
        <p>{format!("These use {name}:")}</p>
        <ul>{rows.collect_view()}</ul>
    }
    .into_any()
}

#[component]
fn Extension(page: String, error: Option<String>) -> impl IntoView {
    let options = Overlap::OFFERED.iter().filter(|(overlap, _)| overlap.seconds() > 0);
    let options: Vec<Choice> =
        options.map(|(overlap, words)| Choice::new(overlap.seconds().to_string(), *words)).collect();
    view! {
        <form class="form" data-layout="line" method="post" action=format!("{page}/extension")>
            <SelectField
                name="overlap"
                id="extension"
                label="From now on, the old secret works for"
                options
                selected=Overlap::OFFERED[3].0.seconds().to_string()
                error
            />
            <div class="actions"><Button icon=Glyph::Clock>"Extend overlap"</Button></div>
        </form>
    }
}

/// Every secret, with the calls that it brought.
#[component]
pub(super) fn Secrets(key: Key, shown: Shown) -> impl IntoView {
    let (environment, of_key, now) = (key.environment.as_str(), key.state(shown.now), shown.now);
    let columns = ["Secret", "State", "First call", "Last call", "Calls", "Ends"].map(Column::text).to_vec();
    let rows = key.secrets.into_iter().map(move |secret| {
        let (is, state) = match secret.ends_at {
            Some(end) if end <= now => (Condition::None, "Ended"),
            _ if !of_key.works() => (condition(of_key), of_key.title()),
            None => (Condition::Ok, "Live"),
            Some(_) => (Condition::Warn, "Retiring"),
        };
        let text = credential::redacted(&shown.prefix, environment, &secret.last_four);
        let leaked = secret.leaked_at.map(|_| view! { " " <Badge tone=Tone::Bad>"Reported as leaked"</Badge> });
        let first = match secret.first_used_at {
            Some(at) => view! { <Time at now clock=Clock::Rough/> }.into_any(),
            None => "none yet".into_any(),
        };
        let ends = match secret.ends_at {
            Some(at) => view! { <Time at now/> }.into_any(),
            None => "no end".into_any(),
        };
        let calls = secret.is_live(now).then(|| {
            let usage = shown.evidence.usage(secret.id);
            view! { {usage.last_hour}" in the last hour"<small>{usage.last_day}" in the last day"</small> }
        });
        view! {
            <tr>
                <Cell label="Secret"><code>{text}</code>{leaked}</Cell>
                <Cell label="State"><StateLabel is>{state}</StateLabel></Cell>
                <Cell label="First call">{first}</Cell>
                <Cell label="Last call"><LastUse secret now/></Cell>
                <Cell label="Calls">{calls}</Cell>
                <Cell label="Ends">{ends}</Cell>
            </tr>
        }
    });
    view! { <Section title="Secrets"><Table label="Secrets" columns>{rows.collect_view()}</Table></Section> }
}

/// The addresses that call with the secrets that work.
#[component]
pub(super) fn Origins(key: Key, evidence: Evidence, now: OffsetDateTime) -> impl IntoView {
    let retiring = key.retiring(now).map(|secret| secret.id);
    let mut rows: Vec<_> = key
        .secrets
        .iter()
        .filter(|secret| secret.is_live(now))
        .flat_map(|secret| evidence.usage(secret.id).origins.into_iter().map(move |origin| (secret.clone(), origin)))
        .collect();
    rows.sort_by_key(|(_, origin)| std::cmp::Reverse(origin.last_at));
    if rows.is_empty() {
        return ().into_any();
    }
    let mut columns = ["Address", "Secret", "Last call"].map(Column::text).to_vec();
    columns.push(Column::number("Calls"));
    let note = view! { <span class="note">"the latest of the last 30 days, about a second behind"</span> }.into_any();
    let rows = rows.into_iter().map(move |(secret, origin)| {
        let (is, age) = match (retiring, Some(secret.id) == retiring) {
            (None, _) => (Condition::Ok, ""),
            (Some(_), true) => (Condition::Warn, "Old "),
            (Some(_), false) => (Condition::Ok, "New "),
        };
        let address = match origin.address {
            Some(address) => view! { <code>{address}</code> }.into_any(),
            None => "other addresses".into_any(),
        };
        view! {
            <tr>
                <Cell label="Address">{address}</Cell>
                <Cell label="Secret"><StateLabel is>{format!("{age}…{}", secret.last_four)}</StateLabel></Cell>
                <Cell label="Last call"><Time at=origin.last_at now clock=Clock::Rough/></Cell>
                <Cell label="Calls" align=Align::Number>{origin.calls}</Cell>
            </tr>
        }
    });
    view! {
        <Section title="Who uses which secret" aside=note>
            <Table label="Who uses which secret" columns>{rows.collect_view()}</Table>
        </Section>
    }
    .into_any()
}

#[component]
fn LastUse(secret: Secret, now: OffsetDateTime) -> impl IntoView {
    match (secret.last_used_at, secret.last_used_from) {
        (Some(at), Some(from)) => view! { <Time at now clock=Clock::Rough/>{format!(" from {from}")} }.into_any(),
        (Some(at), None) => view! { <Time at now clock=Clock::Rough/> }.into_any(),
        (None, _) => "none yet".into_any(),
    }
}

/// The form that gives the key a new secret.
#[component]
pub(super) fn Rotation(key: Key, now: OffsetDateTime, error: Option<String>) -> impl IntoView {
    let options = Overlap::OFFERED.map(|(overlap, words)| Choice::new(overlap.seconds().to_string(), words)).to_vec();
    let consequence = match key.retiring(now) {
        Some(old) => format!("A key has at most two secrets: …{} ends at once.", old.last_four),
        None => "The present secret works on for the overlap, so that you can replace it without a break.".to_owned(),
    };
    view! {
        <Section title="Rotate the secret" id="rotate">
            <form class="form" method="post" action=format!("{}/rotation", path_of(key.id))>
                <p class="soft">"You get a new secret for the same key. "{consequence}</p>
                <SelectField
                    name="overlap"
                    label="Overlap"
                    options
                    selected=Overlap::default().seconds().to_string()
                    error
                />
                <div class="actions"><Button kind=ButtonKind::Primary icon=Glyph::Turn>"Rotate secret"</Button></div>
            </form>
        </Section>
    }
}
