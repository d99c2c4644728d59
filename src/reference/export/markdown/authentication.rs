//! How callers prove who they are, in words.

use super::super::super::{
    model::{ApiKeyPlace, Operation, Requirement, SchemeUse, SecurityKind, SecurityScheme},
    pages::Place,
};
use crate::markdown::text::{article, code, item, plain, words};

/// The schemes of the whole API with their scopes.
pub(super) fn of_document(place: &Place, origin: &str) -> String {
    let schemes = place.document().security_schemes();
    if schemes.is_empty() {
        return "The document names no way to authenticate. The sandbox takes a key as `Authorization: Bearer <key>`."
            .to_owned();
    }
    schemes.iter().map(|scheme| scheme_text(place, scheme, origin)).collect::<Vec<_>>().join("\n\n")
}

fn scheme_text(place: &Place, scheme: &SecurityScheme, origin: &str) -> String {
    let mut blocks = vec![format!("### {}", plain(&scheme.name)), how_to_send(place, &scheme.kind)];
    blocks.extend(scheme.description.as_deref().map(|text| article(text, 4, origin)));
    blocks.extend(flows(&scheme.kind));
    let scopes = scheme.scopes.iter().map(|scope| scope_line(&scope.name, &scope.description));
    let scopes: Vec<String> = scopes.collect();
    blocks.extend((!scopes.is_empty()).then(|| format!("Scopes:\n\n{}", scopes.join("\n"))));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n")
}

fn scope_line(name: &str, description: &str) -> String {
    let described = words(description, 300);
    let colon = if described.is_empty() { "" } else { ": " };
    item(&format!("{}{colon}{described}", code(name)))
}

fn flows(kind: &SecurityKind) -> Option<String> {
    let SecurityKind::OAuth2 { flows } = kind else { return None };
    let lines = flows.iter().flat_map(|flow| {
        let addresses = [("authorize at", &flow.authorization_url), ("get tokens at", &flow.token_url)];
        let name = flow.kind.as_str();
        addresses
            .into_iter()
            .filter_map(move |(what, url)| Some(item(&format!("{name}: {what} {}", code(url.as_ref()?)))))
    });
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// What one operation asks for.
pub(super) fn of_operation(place: &Place, operation: &Operation) -> String {
    let asked: Vec<&Requirement> =
        operation.security.iter().filter(|requirement| !requirement.is_anonymous()).collect();
    if asked.is_empty() {
        return match place.is_own() {
            true => "None: anybody may call this.",
            false => "None is documented. The sandbox still wants to know who calls: `Authorization: Bearer <key>`.",
        }
        .to_owned();
    }
    let mut lines: Vec<String> = asked.iter().map(|requirement| item(&requirement_words(place, requirement))).collect();
    if asked.len() > 1 {
        lines.insert(0, "Any one of these will do:\n".to_owned());
    }
    if operation.security.iter().any(Requirement::is_anonymous) {
        lines.push("\nIt can also be called without.".to_owned());
    }
    lines.join("\n")
}

fn requirement_words(place: &Place, requirement: &Requirement) -> String {
    let schemes: Vec<String> = requirement.schemes.iter().map(|used| use_words(place, used)).collect();
    schemes.join(" Together with that: ")
}

fn use_words(place: &Place, used: &SchemeUse) -> String {
    let Some(scheme) = place.document().security_scheme(&used.scheme) else {
        return format!("{}, which the document does not describe.", code(&used.scheme));
    };
    let how = how_to_send(place, &scheme.kind);
    if used.scopes.is_empty() {
        return how;
    }
    let scopes = used.scopes.iter().map(|name| {
        let known = scheme.scopes.iter().find(|scope| scope.name == *name);
        let meaning = known.map(|scope| words(&scope.description, 300)).filter(|meaning| !meaning.is_empty());
        meaning.map_or_else(|| code(name), |meaning| format!("{} ({})", code(name), meaning.trim_end_matches('.')))
    });
    format!("{how} It needs {}.", scopes.collect::<Vec<_>>().join(", "))
}

fn how_to_send(place: &Place, kind: &SecurityKind) -> String {
    let token = if place.is_own() { "<token>" } else { "<key>" };
    match kind {
        SecurityKind::ApiKey { place: ApiKeyPlace::Header, name } => {
            format!("Send {}.", code(&format!("{name}: {token}")))
        }
        SecurityKind::ApiKey { place: ApiKeyPlace::Query, name } => {
            format!("Add {} to the query.", code(&format!("{name}={token}")))
        }
        SecurityKind::ApiKey { place: ApiKeyPlace::Cookie, name } => format!("Send the cookie {}.", code(name)),
        SecurityKind::Bearer { .. } | SecurityKind::OAuth2 { .. } | SecurityKind::OpenIdConnect { .. } => {
            format!("Send {}.", code(&format!("Authorization: Bearer {token}")))
        }
        SecurityKind::Basic => "Send `Authorization: Basic`; in the sandbox the key is the user name.".to_owned(),
        SecurityKind::Http { scheme } => format!("Send {}.", code(&format!("Authorization: {scheme} …"))),
        SecurityKind::MutualTls => "Present your client certificate when connecting.".to_owned(),
        SecurityKind::Unknown { .. } => "The document does not say how.".to_owned(),
    }
}
