//! A version as a whole.

use super::{
    super::super::{
        Version,
        model::{Operation, Server},
        navigation::TagEntry,
        pages::Place,
    },
    Text, authentication, state_of, text_of, webhooks,
};
use crate::markdown::text::{article, code, item, link, plain, words};

pub(super) fn text(place: &Place, origin: &str) -> String {
    let described = place.document().api();
    let mut text = Text::titled(&plain(&place.api.name));
    text.add(state_of(place));
    text.add(Some(plain(&place.api.summary)).filter(|summary| !summary.is_empty()).unwrap_or_default());
    text.add(described.description.as_deref().map(|described| article(described, 2, origin)).unwrap_or_default());
    text.section(2, "Servers", servers(place));
    text.section(2, "Authentication", authentication::of_document(place, origin));
    operations(&mut text, place);
    text.section(2, "Webhooks", webhooks::lines(place));
    text.section(2, "More", more(place));
    text.section(2, "Other versions", other_versions(place));
    text.end()
}

fn servers(place: &Place) -> String {
    let sandbox = match place.is_own() {
        true => None,
        false => {
            Some(item(&format!("{}: the sandbox. Answers with examples, with a sandbox key.", code(&place.calls))))
        }
    };
    let stated = place.document().api().servers.iter().filter(|server| server.url != "/").map(server_line);
    sandbox.into_iter().chain(stated).collect::<Vec<_>>().join("\n")
}

fn server_line(server: &Server) -> String {
    let described = server.description.as_deref().map(|text| words(text, 300)).unwrap_or_default();
    let colon = if described.is_empty() { "" } else { ": " };
    let variables = server.variables.iter().map(|variable| {
        let choices: Vec<String> = variable.choices.iter().map(|choice| code(choice)).collect();
        let choices = if choices.is_empty() { String::new() } else { format!(", one of {}", choices.join(", ")) };
        format!("\n- {} (default {}{choices})", code(&variable.name), code(&variable.default))
    });
    item(&format!("{}{colon}{described}{}", code(&server.url), variables.collect::<String>()))
}

fn operations(text: &mut Text, place: &Place) {
    let navigation = place.version.navigation();
    if navigation.tags().next().is_none() {
        return;
    }
    text.add("## Operations");
    for group in &navigation.groups {
        for tag in &group.tags {
            let title = match &group.name {
                Some(group) => format!("{}: {}", plain(group), plain(&tag.title)),
                None => plain(&tag.title),
            };
            text.add(format!("### {title}"));
            text.add(tag.description.as_deref().map(|described| words(described, 600)).unwrap_or_default());
            text.add(operation_lines(place, tag));
        }
    }
}

fn operation_lines(place: &Place, tag: &TagEntry) -> String {
    let operations = tag.operations.iter().filter_map(|at| place.document().operations().get(*at));
    operations.map(|operation| line(place, operation)).collect::<Vec<_>>().join("\n")
}

/// An operation in one line.
fn line(place: &Place, operation: &Operation) -> String {
    let call = code(&format!("{} {}", operation.method, operation.path));
    let old = if operation.deprecated { " (deprecated)" } else { "" };
    item(&format!("{}: {call}{old}", link(&operation.title(), &text_of(&place.operation_path(operation)))))
}

fn more(place: &Place) -> String {
    let links = [
        ("Schemas", text_of(&place.below("schemas"))),
        ("Errors", text_of(&place.below("errors"))),
        ("The OpenAPI document as JSON", place.below("openapi.json")),
        ("The OpenAPI document as YAML", place.below("openapi.yaml")),
        ("A Postman collection", place.below("postman.json")),
    ];
    links.map(|(words, path)| item(&link(words, &path))).join("\n")
}

fn other_versions(place: &Place) -> String {
    let others = place.api.versions.iter().filter(|other| other.name != place.version.name);
    let line = |other: &std::sync::Arc<Version>| {
        let path = text_of(&format!("/docs/{}/{}", place.api.slug, other.name));
        item(&format!("{} ({})", link(&other.name, &path), other.state.as_str()))
    };
    others.map(line).collect::<Vec<_>>().join("\n")
}
