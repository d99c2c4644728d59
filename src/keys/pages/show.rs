//! One key: its secrets, and the moment in which a new one is shown.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    APPS,
    form::condition,
    path_of,
    secrets::{Origins, Retiring, Rotation, Secrets},
};
use crate::{
    db::KeyId,
    islands::CopyButton,
    keys::{Key, KeyState, evidence::Evidence},
    ui::{
        Badge, Button, Callout, Clock, Code, Confirm, Fact, Facts, Glyph, Link, LinkButton, PageTitle, Panel, Section,
        StateLabel, Time, Tone,
    },
    web::{FieldErrors, Role},
};

/// What a key's page shows beside the key.
#[derive(Clone)]
pub(super) struct Shown {
    /// Who uses its secrets.
    pub(super) evidence: Evidence,
    /// A call that can be made with it.
    pub(super) call: Option<String>,
    /// What every key of the portal starts with.
    pub(super) prefix: String,
    /// How many calls it may make.
    pub(super) calls_a_minute: u32,
    /// The role of whoever looks at it.
    pub(super) role: Role,
    /// When the page is made.
    pub(super) now: OffsetDateTime,
}

/// A new secret, this once.
#[component]
pub(super) fn NewSecret(key: Key, secret: String, call: Option<String>) -> impl IntoView {
    let now = OffsetDateTime::now_utc();
    let aside = view! { <Badge tone=Tone::Warn icon=Glyph::Eye>"Shown once"</Badge> }.into_any();
    let copy = view! { <CopyButton text=secret.clone() label="Copy secret".to_owned()/> }.into_any();
    let old = key.retiring(now).map(|old| {
        let end = old.ends_at.map(|at| view! { <Time at now clock=Clock::Exact/> });
        view! { <p class="soft">"The old secret …"{old.last_four.clone()}" works until "{end}"."</p> }
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
pub(super) fn KeyPage(key: Key, shown: Shown, errors: FieldErrors) -> impl IntoView {
    let now = shown.now;
    let state = key.state(now);
    let may_change = shown.role >= Role::Developer && !key.is_over(now);
    let may_revoke = shown.role >= Role::Developer && state != KeyState::Revoked;
    let settings = may_change.then(|| {
        view! { <LinkButton href=format!("{}/settings", path_of(key.id))>"Key settings"</LinkButton> }.into_any()
    });
    let rotation = may_change.then(|| view! { <Rotation key=key.clone() now error=errors.get("overlap")/> });
    let try_it = shown.call.clone().filter(|_| state.works()).map(|call| {
        let copy = view! { <CopyButton text=call.clone() label="Copy call".to_owned()/> }.into_any();
        view! {
            <Section title="Try it">
                <Code title="With the secret in SANDBOX_KEY" copy>{call}</Code>
            </Section>
        }
    });
    let retiring = (state == KeyState::Rotating)
        .then(|| view! { <Retiring key=key.clone() shown=shown.clone() error=errors.get("extension")/> }.into_any());
    view! {
        <Title key=key.clone() now actions=view! { {settings} }.into_any()/>
        <Ended state/>
        <KeyFacts key=key.clone() calls_a_minute=shown.calls_a_minute now/>
        {retiring}
        {view! { <Secrets key=key.clone() shown=shown.clone()/> }.into_any()}
        {view! { <Origins key=key.clone() evidence=shown.evidence now/> }.into_any()}
        {rotation.into_any()}
        {try_it.into_any()}
        {may_change.then(|| view! { <Switch id=key.id name=key.name.clone() state/> }).into_any()}
        {may_revoke.then(|| view! { <Revocation id=key.id name=key.name error=errors.get("confirm")/> }).into_any()}
    }
}

#[component]
fn Title(key: Key, now: OffsetDateTime, #[prop(optional)] actions: Option<AnyView>) -> impl IntoView {
    let state = key.state(now);
    let badges = view! {
        <Badge>{key.environment.title()}</Badge>
        <StateLabel is=condition(state)>{state.title()}</StateLabel>
    };
    let trail = vec![Link::new(APPS, "Apps and keys"), Link::new(format!("{APPS}/{}", key.app), key.app_name)];
    let actions = actions.unwrap_or_else(|| ().into_any());
    view! { <PageTitle title=key.name trail badges=badges.into_any() actions/> }
}

/// Why calls with the key are refused.
#[component]
fn Ended(state: KeyState) -> impl IntoView {
    let (title, text) = match state {
        KeyState::Live | KeyState::Rotating => return ().into_any(),
        KeyState::NoSecret => (
            "This key has no secret left",
            "Calls with it are refused until you rotate it, which gives it a new secret.",
        ),
        KeyState::Expired => ("This key has expired", "Calls with it are refused. Issue a new one for its app."),
        KeyState::Disabled => ("This key is switched off", "Calls with it are refused until it is switched on again."),
        KeyState::Revoked => ("This key is revoked", "Calls with it are refused. This cannot be undone."),
    };
    view! { <Callout tone=Tone::Warn title><p>{text}</p></Callout> }.into_any()
}

#[component]
fn KeyFacts(key: Key, calls_a_minute: u32, now: OffsetDateTime) -> impl IntoView {
    let scopes = match key.scopes.is_empty() {
        true => "none".to_owned(),
        false => key.scopes.join(", "),
    };
    let networks = match key.allowed_networks.is_everywhere() {
        true => "everywhere".to_owned(),
        false => key.allowed_networks.texts().join(", "),
    };
    let expires = match key.expires_at {
        Some(at) => view! { <Time at now/> }.into_any(),
        None => "never".into_any(),
    };
    view! {
        <Facts>
            <Fact term="Key"><span class="mono">{key.id.to_string()}</span></Fact>
            <Fact term="Scopes">{scopes}</Fact>
            <Fact term="Called from">{networks}</Fact>
            <Fact term="Calls a minute">{calls_a_minute}</Fact>
            <Fact term="Expires">{expires}</Fact>
            <Fact term="Issued"><Time at=key.created_at now clock=Clock::Exact/>" by "{key.created_by}</Fact>
        </Facts>
    }
}

/// Switching a key off for a while, and on again.
#[component]
fn Switch(id: KeyId, name: String, state: KeyState) -> impl IntoView {
    if state == KeyState::Disabled {
        return view! {
            <Section title="Switch the key on">
                <form class="form" method="post" action=format!("{}/activation", path_of(id))>
                    <p class="soft">"Calls with its live secrets are taken again within a second."</p>
                    <div class="actions"><Button>"Switch key on"</Button></div>
                </form>
            </Section>
        }
        .into_any();
    }
    view! {
        <Section title="Switch the key off">
            <p class="soft">"For a while: nothing is lost, and you can switch it on again at any time."</p>
            <Confirm
                id="switch-off"
                action=format!("{}/deactivation", path_of(id))
                opens_with="Switch key off…"
                title=format!("Switch the key {name} off?")
                yes="Switch key off"
                no="Leave it on"
            >
                <p class="soft">"Calls with any of its secrets are refused within a second, until you switch it on again."</p>
            </Confirm>
        </Section>
    }
    .into_any()
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
