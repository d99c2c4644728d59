//! An app's keys, and the form that issues another.

use std::collections::BTreeSet;

use leptos::prelude::*;
use time::OffsetDateTime;

use super::{KeyForm, path_of};
use crate::{
    credential,
    db::AppId,
    keys::{Key, KeyState},
    reference::Scope,
    ui::{
        Button, ButtonKind, Cell, Choice, Choices, Clock, Column, Condition, Empty, Fold, Glyph, Section, StateLabel,
        Table, TextField, Time,
    },
    web::FieldErrors,
};

#[component]
pub(super) fn NoKeysYet() -> impl IntoView {
    view! {
        <Empty
            icon=Glyph::Key
            title="No keys yet"
            text="A sandbox key lets this app call the API with made-up data. It has a name, scopes, and a secret that you can replace without a break."
        />
    }
}

/// The keys that work, and behind a line those that never will again.
#[component]
pub(super) fn KeyTable(keys: Vec<Key>, prefix: String) -> impl IntoView {
    let (revoked, kept): (Vec<Key>, Vec<Key>) = keys.into_iter().partition(|key| key.revoked_at.is_some());
    let summary = match revoked.len() {
        1 => "1 revoked key".to_owned(),
        count => format!("{count} revoked keys"),
    };
    let (has_kept, has_revoked) = (!kept.is_empty(), !revoked.is_empty());
    view! {
        <Section title="Keys">
            {match has_kept {
                true => view! { <Rows label="Keys" keys=kept prefix=prefix.clone()/> }.into_any(),
                false => view! { <p class="soft">"Every key of this app is revoked."</p> }.into_any(),
            }}
            {has_revoked.then(|| view! {
                <Fold summary><Rows label="Revoked keys" keys=revoked prefix/></Fold>
            })}
        </Section>
    }
}

#[component]
fn Rows(label: &'static str, keys: Vec<Key>, prefix: String) -> impl IntoView {
    let now = OffsetDateTime::now_utc();
    let columns = ["Key", "State", "Last call", "Issued"].map(Column::text).to_vec();
    let rows = keys.into_iter().map(move |key| {
        let state = key.state(now);
        let secret =
            key.current().map(|secret| credential::redacted(&prefix, key.environment.as_str(), &secret.last_four));
        let last_call = match key.last_used_at() {
            Some(at) => view! { <Time at now/> }.into_any(),
            None => "none yet".into_any(),
        };
        view! {
            <tr>
                <Cell label="Key">
                    <a href=path_of(key.id)>{key.name.clone()}</a>
                    <small class="mono">{secret}</small>
                </Cell>
                <Cell label="State"><StateLabel is=condition(state)>{state.title()}</StateLabel></Cell>
                <Cell label="Last call">{last_call}</Cell>
                <Cell label="Issued">
                    <Time at=key.created_at now clock=Clock::Exact/>
                    <small>{format!("by {}", key.created_by)}</small>
                </Cell>
            </tr>
        }
    });
    view! { <Table label columns>{rows.collect_view()}</Table> }
}

pub(super) fn condition(state: KeyState) -> Condition {
    match state {
        KeyState::Live => Condition::Ok,
        KeyState::Rotating | KeyState::NoSecret | KeyState::Disabled => Condition::Warn,
        KeyState::Expired => Condition::Bad,
        KeyState::Revoked => Condition::None,
    }
}

#[component]
pub(super) fn IssueForm(app: AppId, scopes: Vec<Scope>, form: KeyForm, errors: FieldErrors) -> impl IntoView {
    let apis = scopes.iter().map(|scope| &scope.api).collect::<BTreeSet<_>>().len();
    let options: Vec<Choice> = scopes.into_iter().map(|scope| choice(scope, apis)).collect();
    let has_scopes = !options.is_empty();
    view! {
        <Section title="Issue a sandbox key" id="issue">
            <form class="form" method="post" action=format!("/dashboard/apps/{app}/keys")>
                <TextField
                    name="name"
                    label="Name"
                    value=form.name
                    error=errors.get("name")
                    hint="Where the key is used: Staging, Till 3."
                    autocomplete="off"
                />
                {has_scopes.then(|| view! {
                    <Choices
                        name="scopes"
                        label="Scopes"
                        options
                        chosen=form.scopes
                        error=errors.get("scopes")
                        hint="What calls with this key may do."
                    />
                })}
                <div class="actions"><Button kind=ButtonKind::Primary icon=Glyph::Key>"Issue sandbox key"</Button></div>
            </form>
        </Section>
    }
}

/// A scope and what it allows; where several APIs are published, also whose it is.
pub(super) fn choice(scope: Scope, apis: usize) -> Choice {
    let description = scope.description.replace('`', "");
    let hint = match (apis, description.is_empty()) {
        (0 | 1, true) => None,
        (0 | 1, false) => Some(description),
        (_, true) => Some(scope.api),
        (_, false) => Some(format!("{}: {description}", scope.api)),
    };
    Choice::new(scope.name.clone(), scope.name).hint(hint)
}
