//! One key: its secrets, and the moment in which a new one is shown.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::{APPS, form::condition, path_of};
use crate::{
    credential,
    db::KeyId,
    islands::CopyButton,
    keys::{Advice, Key, KeyState, Overlap, Retirement, Secret},
    ui::{
        Badge, Button, ButtonKind, Callout, Cell, Choice, Clock, Code, Column, Condition, Confirm, Fact, Facts, Glyph,
        Link, LinkButton, PageTitle, Panel, Section, SelectField, StateLabel, Table, Time, Tone, Verdict,
    },
    web::{FieldErrors, Role},
};

/// A new secret, this once.
#[component]
pub(super) fn NewSecret(key: Key, secret: String, call: Option<String>) -> impl IntoView {
    let now = OffsetDateTime::now_utc();
    let aside = view! { <Badge tone=Tone::Warn icon=Glyph::Eye>"Shown once"</Badge> }.into_any();
    let copy = view! { <CopyButton text=secret.clone() label="Copy secret".to_owned()/> }.into_any();
    let old = key.retiring(now).map(|old| {
        view! { <p class="soft">"The old secret …"{old.last_four.clone()}" works until "<Ending secret=old.clone() now/>"."</p> }
    });
    let footer = view! {
        <span></span>
        <LinkButton href=path_of(key.id)>"I have stored it"</LinkButton>
    };
    let call = call.map(|call| {
        let copy = view! { <CopyButton text=call.clone() label="Copy call".to_owned()/> }.into_any();
        view! { <Code title="A first call, with the secret in it" copy>{call}</Code> }
    });
    view! {
        <Title key=key.clone() now/>
        <Panel title="Your new secret" aside footer=footer.into_any()>
            <p class="soft">
                "Copy it into your secret store now. Only a fingerprint of it is kept here, so nobody can show it to you again."
            </p>
            <crate::ui::Secret value=secret copy/>
            {old}
            {call}
        </Panel>
    }
}

/// Everything about a key, and what can be done with it.
#[component]
pub(super) fn KeyPage(
    key: Key,
    prefix: String,
    call: Option<String>,
    role: Role,
    errors: FieldErrors,
) -> impl IntoView {
    let now = OffsetDateTime::now_utc();
    let state = key.state(now);
    let may_change = role >= Role::Developer && state != KeyState::Revoked;
    let rotation = match (state, may_change) {
        (KeyState::Live | KeyState::Rotating | KeyState::Disabled, true) => {
            Some(view! { <Rotation key=key.clone() now error=errors.get("overlap")/> })
        }
        _ => None,
    };
    let try_it = call.filter(|_| state.works()).map(|call| {
        let copy = view! { <CopyButton text=call.clone() label="Copy call".to_owned()/> }.into_any();
        view! {
            <Section title="Try it">
                <Code title="With the secret in SANDBOX_KEY" copy>{call}</Code>
            </Section>
        }
    });
    view! {
        <Title key=key.clone() now/>
        <Ended state/>
        <KeyFacts key=key.clone() now/>
        {key.retiring(now).filter(|_| state.works()).map(|old| view! { <Retiring key=key.clone() old=old.clone() role now/> })}
        <Secrets key=key.clone() prefix now/>
        {rotation}
        {try_it}
        {may_change.then(|| view! { <Revocation id=key.id name=key.name error=errors.get("confirm")/> })}
    }
}

#[component]
fn Title(key: Key, now: OffsetDateTime) -> impl IntoView {
    let state = key.state(now);
    let badges = view! {
        <Badge>{key.environment.title()}</Badge>
        <StateLabel is=condition(state)>{state.title()}</StateLabel>
    };
    let trail = vec![Link::new(APPS, "Apps and keys"), Link::new(format!("{APPS}/{}", key.app), key.app_name)];
    view! { <PageTitle title=key.name trail badges=badges.into_any()/> }
}

/// Why calls with the key are refused.
#[component]
fn Ended(state: KeyState) -> impl IntoView {
    let (title, text) = match state {
        KeyState::Live | KeyState::Rotating => return ().into_any(),
        KeyState::Expired => ("This key has expired", "Calls with it are refused. Issue a new one for its app."),
        KeyState::Disabled => ("This key is switched off", "Calls with it are refused until it is switched on again."),
        KeyState::Revoked => ("This key is revoked", "Calls with it are refused. This cannot be undone."),
    };
    view! { <Callout tone=Tone::Warn title><p>{text}</p></Callout> }.into_any()
}

#[component]
fn KeyFacts(key: Key, now: OffsetDateTime) -> impl IntoView {
    let scopes = match key.scopes.is_empty() {
        true => "none".to_owned(),
        false => key.scopes.join(", "),
    };
    let expires = key.expires_at.map(|at| view! { <Fact term="Expires"><Time at now/></Fact> });
    view! {
        <Facts>
            <Fact term="Key"><span class="mono">{key.id.to_string()}</span></Fact>
            <Fact term="Scopes">{scopes}</Fact>
            <Fact term="Issued"><Time at=key.created_at now clock=Clock::Exact/>" by "{key.created_by}</Fact>
            {expires}
        </Facts>
    }
}

/// What is known of the older secret's callers, and the button that ends it.
#[component]
fn Retiring(key: Key, old: Secret, role: Role, now: OffsetDateTime) -> impl IntoView {
    let (is, title) = match key.advice(now) {
        Some(Advice::StillUsed) => (Condition::Warn, "Not yet safe to retire the old secret"),
        Some(Advice::NewUnused) => (Condition::Warn, "Nobody uses the new secret yet"),
        _ => (Condition::Ok, "Nobody has used the old secret since the rotation"),
    };
    let words = format!("…{}", old.last_four);
    let headers = key.current().zip(old.ends_at).map(|(current, ends_at)| {
        let headers = Retirement { since: current.created_at, ends_at }.ending().headers();
        let line = |(name, value): (&str, String)| format!("{}{}: {value}", name[..1].to_uppercase(), &name[1..]);
        headers.map(line).collect::<Vec<_>>().join("\n")
    });
    let retire = (role >= Role::Developer).then(|| {
        let action = format!("{}/retirement", path_of(key.id));
        view! {
            <div class="actions">
                <Confirm
                    id="retire"
                    action
                    opens_with=format!("Retire {words} now…")
                    title=format!("Retire the secret {words} now?")
                    yes=format!("Retire {words}")
                    no="Keep both"
                >
                    <p class="soft">"Calls with it stop working within a second. The new secret goes on working."</p>
                </Confirm>
            </div>
        }
    });
    view! {
        <Panel title="Rotation" class="rotation">
            <Verdict is title>
                {words}
                {match old.last_used_at {
                    Some(_) => view! { " was last used "<LastUse secret=old.clone() now/> }.into_any(),
                    None => " was never used".into_any(),
                }}
                ". It ends "<Ending secret=old now/>"."
            </Verdict>
            {headers.map(|headers| view! {
                <p class="soft">"Every answer to a call with the old secret says so:"</p>
                <Code>{headers}</Code>
            })}
            {retire}
        </Panel>
    }
}

#[component]
fn Secrets(key: Key, prefix: String, now: OffsetDateTime) -> impl IntoView {
    let (environment, of_key) = (key.environment.as_str(), key.state(now));
    let columns = ["Secret", "State", "First call", "Last call", "Ends"].map(Column::text).to_vec();
    let rows = key.secrets.into_iter().map(move |secret| {
        let (is, state) = match secret.ends_at {
            _ if !of_key.works() => (condition(of_key), of_key.title()),
            None => (Condition::Ok, "Live"),
            Some(end) if end > now => (Condition::Warn, "Retiring"),
            Some(_) => (Condition::None, "Ended"),
        };
        let text = credential::redacted(&prefix, environment, &secret.last_four);
        let first = match secret.first_used_at {
            Some(at) => view! { <Time at now/> }.into_any(),
            None => "none yet".into_any(),
        };
        let ends = match secret.ends_at {
            Some(at) => view! { <Time at now/> }.into_any(),
            None => "no end".into_any(),
        };
        view! {
            <tr>
                <Cell label="Secret"><code>{text}</code></Cell>
                <Cell label="State"><StateLabel is>{state}</StateLabel></Cell>
                <Cell label="First call">{first}</Cell>
                <Cell label="Last call"><LastUse secret now/></Cell>
                <Cell label="Ends">{ends}</Cell>
            </tr>
        }
    });
    view! { <Section title="Secrets"><Table label="Secrets" columns>{rows.collect_view()}</Table></Section> }
}

#[component]
fn LastUse(secret: Secret, now: OffsetDateTime) -> impl IntoView {
    match (secret.last_used_at, secret.last_used_from) {
        (Some(at), Some(from)) => view! { <Time at now clock=Clock::Rough/>{format!(" from {from}")} }.into_any(),
        (Some(at), None) => view! { <Time at now clock=Clock::Rough/> }.into_any(),
        (None, _) => "none yet".into_any(),
    }
}

#[component]
fn Ending(secret: Secret, now: OffsetDateTime) -> impl IntoView {
    secret.ends_at.map(|at| view! { <Time at now clock=Clock::Exact/> })
}

#[component]
fn Rotation(key: Key, now: OffsetDateTime, error: Option<String>) -> impl IntoView {
    let options = Overlap::OFFERED.map(|(overlap, words)| Choice::new(overlap.seconds().to_string(), words)).to_vec();
    let consequence = match key.retiring(now) {
        Some(old) => format!("A key has at most two secrets: …{} ends at once.", old.last_four),
        None => "The present secret works on for the overlap, so that you can replace it without a break.".to_owned(),
    };
    view! {
        <Section title="Rotate the secret">
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

#[component]
fn Revocation(id: KeyId, name: String, error: Option<String>) -> impl IntoView {
    view! {
        <Section title="Revoke the key">
            <p class="soft">"For a key that is no longer needed, or that others may have seen. Every call with it is refused within a second."</p>
            <Confirm
                id="revoke"
                action=format!("{}/revocation", path_of(id))
                opens_with="Revoke key…"
                title=format!("Revoke the key {name}?")
                name
                error
                yes="Revoke key"
                no="Keep the key"
            >
                <p class="soft">"Calls with any of its secrets stop working within a second. This cannot be undone."</p>
            </Confirm>
        </Section>
    }
}
