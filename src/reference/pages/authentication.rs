//! How callers prove who they are.

use leptos::prelude::*;

use super::{
    super::{
        document::Document,
        model::{ApiKeyPlace, Flow, FlowKind, Operation, Requirement, Scope, SecurityKind, SecurityScheme},
    },
    Place, address, words,
};
use crate::ui::{Badge, Cell, Column, Fact, Facts, Glyph, Section, Table, Tone};

/// The schemes of the whole API, with their scopes.
pub(super) fn of_document(place: &Place) -> impl IntoView + use<> {
    let schemes = place.document().security_schemes();
    let body = match schemes.is_empty() {
        true => view! {
            <p class="soft">
                "The document names no way to authenticate. The sandbox takes a key as "
                <code>"Authorization: Bearer"</code> "."
            </p>
        }
        .into_any(),
        false => schemes.iter().map(|scheme| scheme_view(place, scheme)).collect_view().into_any(),
    };
    view! { <Section title="Authentication" id="authentication"><div class="flow tight">{body}</div></Section> }
}

fn scheme_view(place: &Place, scheme: &SecurityScheme) -> impl IntoView + use<> {
    let described = words(scheme.description.as_deref());
    let scopes = (!scheme.scopes.is_empty()).then(|| scope_table(&scheme.scopes));
    let deprecated =
        scheme.deprecated.then(|| view! { " "<Badge tone=Tone::Warn icon=Glyph::Warn>"Deprecated"</Badge> });
    view! {
        <h3 class="scheme">{title_of(place, &scheme.kind)}" "<code>{scheme.name.clone()}</code>{deprecated}</h3>
        <p class="soft">{how_to_send(place, &scheme.kind)}</p>
        {described}
        {flows(&scheme.kind)}
        {scopes}
    }
}

fn scope_table(scopes: &[Scope]) -> impl IntoView + use<> {
    let rows = scopes.iter().map(|scope| {
        let name = scope.name.clone();
        let allows = crate::markdown::plain(&scope.description, 300);
        view! { <tr><Cell label="Scope"><code>{name}</code></Cell><Cell label="Allows">{allows}</Cell></tr> }
    });
    let rows = rows.collect_view();
    let columns = ["Scope", "Allows"].map(Column::text).into();
    view! { <Table label="Scopes" columns>{rows}</Table> }
}

/// Where tokens come from.
fn flows(kind: &SecurityKind) -> AnyView {
    match kind {
        SecurityKind::OAuth2 { flows } => {
            let items = flows.iter().map(flow_view).collect_view();
            view! { <div class="flow tight">{items}</div> }.into_any()
        }
        SecurityKind::OpenIdConnect { url } => {
            view! { <p>"It is described at "{address(url, url.clone())}"."</p> }.into_any()
        }
        _ => ().into_any(),
    }
}

fn flow_view(flow: &Flow) -> impl IntoView + use<> {
    let addresses = [
        ("Ask for consent at", &flow.authorization_url),
        ("Start the device at", &flow.device_authorization_url),
        ("Get tokens at", &flow.token_url),
        ("Renew them at", &flow.refresh_url),
    ];
    let facts = addresses.into_iter().filter_map(|(term, url)| {
        let url = url.as_ref()?;
        let link = address(url, url.clone());
        Some(view! { <Fact term>{link}</Fact> })
    });
    let facts = facts.collect_view();
    let words = match flow.kind {
        FlowKind::AuthorizationCode => "With a user's consent (authorization code)",
        FlowKind::ClientCredentials => "Between machines (client credentials)",
        FlowKind::Implicit => "Tokens in the redirect (implicit; avoid it where another will do)",
        FlowKind::Password => "With a user's password (avoid it where another will do)",
        FlowKind::DeviceAuthorization => "For devices without a browser (device authorization)",
    };
    view! { <h4>{words}</h4><Facts>{facts}</Facts> }
}

/// What one operation asks for.
pub(super) fn of_operation(place: &Place, operation: &Operation) -> impl IntoView + use<> {
    let document = place.document();
    let asked: Vec<&Requirement> =
        operation.security.iter().filter(|requirement| !requirement.is_anonymous()).collect();
    let is_optional = operation.security.iter().any(Requirement::is_anonymous);
    let body = match asked.is_empty() {
        true => view! { <p class="soft">{open_words(place)}</p> }.into_any(),
        false => {
            let choice = (asked.len() > 1).then(|| view! { <p class="note">"Any one of these will do."</p> });
            let optional = is_optional.then(|| view! { <p class="note">"It can also be called without."</p> });
            let tables = asked.iter().map(|requirement| {
                let together =
                    (requirement.schemes.len() > 1).then(|| view! { <p class="note">"All of these together:"</p> });
                view! { {together}{requirement_table(place, document, requirement)} }
            });
            view! { <div class="flow tight">{choice}{tables.collect_view()}{optional}</div> }.into_any()
        }
    };
    view! { <Section title="Authentication" id="auth">{body}</Section> }
}

fn open_words(place: &Place) -> &'static str {
    match place.is_own() {
        true => "None: anybody may call this.",
        false => "None is documented. The sandbox still wants to know who calls: send your key as in the sample.",
    }
}

fn requirement_table(place: &Place, document: &Document, requirement: &Requirement) -> impl IntoView + use<> {
    let mut rows: Vec<AnyView> = Vec::new();
    for used in &requirement.schemes {
        let Some(scheme) = document.security_scheme(&used.scheme) else {
            let name = used.scheme.clone();
            rows.push(row(name.into_any(), "The document does not describe this scheme.".into_any()));
            continue;
        };
        let title = view! { <b>{title_of(place, &scheme.kind)}</b> }.into_any();
        rows.push(row(title, how_to_send(place, &scheme.kind)));
        for name in &used.scopes {
            let known = scheme.scopes.iter().find(|scope| scope.name == *name);
            let meaning = known.map(|scope| crate::markdown::plain(&scope.description, 300)).unwrap_or_default();
            let meaning = if meaning.is_empty() { "A scope that it must have.".to_owned() } else { meaning };
            rows.push(row(view! { <code>{name.clone()}</code> }.into_any(), meaning.into_any()));
        }
    }
    let columns = ["What", "How"].map(Column::text).into();
    view! { <Table label="Authentication" columns>{rows}</Table> }
}

fn row(what: AnyView, how: AnyView) -> AnyView {
    view! { <tr><Cell label="What">{what}</Cell><Cell label="How">{how}</Cell></tr> }.into_any()
}

fn title_of(place: &Place, kind: &SecurityKind) -> String {
    match kind {
        SecurityKind::ApiKey { .. } => "API key".to_owned(),
        SecurityKind::Bearer { format: Some(format) } if is_a_word(format) => format!("Bearer token ({format})"),
        SecurityKind::Bearer { .. } if place.is_own() => "Bearer token".to_owned(),
        SecurityKind::Bearer { .. } => "Bearer key".to_owned(),
        SecurityKind::Basic => "Basic authentication".to_owned(),
        SecurityKind::Http { scheme } => format!("HTTP {scheme}"),
        SecurityKind::OAuth2 { .. } => "OAuth 2".to_owned(),
        SecurityKind::OpenIdConnect { .. } => "OpenID Connect".to_owned(),
        SecurityKind::MutualTls => "Client certificate".to_owned(),
        SecurityKind::Unknown { kind } => format!("Unknown kind: {kind}"),
    }
}

/// A format is a hint such as `JWT`; some documents describe the whole token instead.
fn is_a_word(format: &str) -> bool {
    !format.is_empty() && format.len() <= 12 && format.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn how_to_send(place: &Place, kind: &SecurityKind) -> AnyView {
    let token = if place.is_own() { "<token>" } else { "<key>" };
    match kind {
        SecurityKind::ApiKey { place: ApiKeyPlace::Header, name } => {
            view! { "Send "<code>{format!("{name}: {token}")}</code>"." }.into_any()
        }
        SecurityKind::ApiKey { place: ApiKeyPlace::Query, name } => {
            view! { "Add "<code>{format!("{name}={token}")}</code>" to the query." }.into_any()
        }
        SecurityKind::ApiKey { place: ApiKeyPlace::Cookie, name } => {
            view! { "Send the cookie "<code>{name.clone()}</code>"." }.into_any()
        }
        SecurityKind::Bearer { .. } | SecurityKind::OAuth2 { .. } | SecurityKind::OpenIdConnect { .. } => {
            view! { "Send "<code>{format!("Authorization: Bearer {token}")}</code>"." }.into_any()
        }
        SecurityKind::Basic => {
            view! { "Send "<code>"Authorization: Basic"</code>"; in the sandbox the key is the user name." }.into_any()
        }
        SecurityKind::Http { scheme } => {
            view! { "Send "<code>{format!("Authorization: {scheme} …")}</code>"." }.into_any()
        }
        SecurityKind::MutualTls => "Present your client certificate when connecting.".into_any(),
        SecurityKind::Unknown { .. } => "The document does not say how.".into_any(),
    }
}
