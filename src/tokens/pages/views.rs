//! What the pages of tokens show.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::Draft;
use crate::{
    db::TokenId,
    islands::CopyButton,
    tokens::{Holder, Scope, Token},
    ui::{
        Badge, Button, ButtonKind, Cell, Choice, Choices, Code, Column, Condition, Confirm, Empty, Glyph, Panel,
        Secret, Section, Size, StateLabel, Table, TextField, Time, Tone,
    },
    web::FieldErrors,
};

/// A new token, this once.
#[component]
pub(super) fn NewSecret(secret: String, call: Option<String>) -> impl IntoView {
    let aside = view! { <Badge tone=Tone::Warn icon=Glyph::Eye>"Shown once"</Badge> }.into_any();
    let copy = view! { <CopyButton text=secret.clone() label="Copy token".to_owned()/> }.into_any();
    let call = call.map(|call| {
        let copy = view! { <CopyButton text=call.clone() label="Copy call".to_owned()/> }.into_any();
        view! { <Code title="A first call" copy>{call}</Code> }
    });
    view! {
        <Panel title="Your new token" aside>
            <p class="soft">"Copy it into your secret store now. Only a fingerprint of it is kept here."</p>
            <Secret value=secret copy/>
            {call}
        </Panel>
    }
}

#[component]
pub(super) fn NoTokensYet() -> impl IntoView {
    view! {
        <Empty
            icon=Glyph::Key
            title="No tokens yet"
            text="A token lets one of your programs do what you do here. Give it only the scopes that the program needs."
        />
    }
}

#[component]
pub(super) fn TokenTable(
    tokens: Vec<Token>,
    prefix: String,
    path: &'static str,
    unconfirmed: Option<TokenId>,
) -> impl IntoView {
    let now = OffsetDateTime::now_utc();
    let columns = ["Token", "May", "Last used", "Made", ""].map(Column::text).to_vec();
    let rows = tokens.into_iter().map(move |token| {
        let used = match token.last_used_at {
            Some(at) => view! { <Time at now/> }.into_any(),
            None => "never".into_any(),
        };
        let error = (unconfirmed == Some(token.id)).then_some("This is not the token's name. Nothing was revoked.");
        let end = match token.revoked_at {
            Some(_) => view! { <StateLabel is=Condition::None>"Revoked"</StateLabel> }.into_any(),
            None => view! { <Revoke path error token=token.clone()/> }.into_any(),
        };
        let redacted = token.redacted(&prefix);
        let by = format!("by {}", token.created_by);
        view! {
            <tr>
                <Cell label="Token">{token.name}<small>{redacted}</small></Cell>
                <Cell label="May">{token.scopes.join(", ")}</Cell>
                <Cell label="Last used">{used}</Cell>
                <Cell label="Made"><Time at=token.created_at now/><small>{by}</small></Cell>
                <Cell label="">{end}</Cell>
            </tr>
        }
    });
    view! { <Section title="Tokens"><Table label="Tokens" columns>{rows.collect_view()}</Table></Section> }
}

#[component]
fn Revoke(path: &'static str, token: Token, error: Option<&'static str>) -> impl IntoView {
    view! {
        <Confirm
            id=format!("revoke-{}", token.id)
            action=format!("{path}/{}/revocation", token.id)
            opens_with="Revoke…"
            title=format!("Revoke the token {}?", token.name)
            name=token.name
            error
            yes="Revoke token"
            no="Keep token"
            size=Size::Small
        >
            <p>"Programs that call with it are refused at once. This cannot be undone."</p>
        </Confirm>
    }
}

#[component]
pub(super) fn TokenForm(path: &'static str, holder: Holder, draft: Draft, errors: FieldErrors) -> impl IntoView {
    let choice = |scope: Scope| Choice::new(scope.as_str(), scope.as_str()).hint(scope.description());
    let options = Scope::of(holder).map(choice).collect();
    view! {
        <Section title="Make a token">
            <form class="form" method="post" action=path>
                <TextField
                    name="name"
                    label="Name"
                    value=draft.name
                    error=errors.get("name")
                    hint="The program that uses it, e.g. Nightly sync."
                    autocomplete="off"
                />
                <Choices name="scopes" label="It may" options chosen=draft.scopes error=errors.get("scopes")/>
                <div class="actions"><Button kind=ButtonKind::Primary>"Make token"</Button></div>
            </form>
        </Section>
    }
}
