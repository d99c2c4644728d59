//! What of one thing changed, in a few words each.

use std::collections::{HashMap, HashSet};

use super::{
    super::model::{Api, NamedSchema, Operation, Parameter, Response, Scope, SecurityScheme},
    fingerprint,
};

/// Where something differs that no words are found for.
const SOMETHING: &str = "other details";

pub(super) fn about(old: &Api, new: &Api) -> Vec<&'static str> {
    let differs = [
        ("title", old.title != new.title),
        ("description", (&old.summary, &old.description) != (&new.summary, &new.description)),
        ("servers", old.servers != new.servers),
        ("tags", (&old.tags, &old.tag_groups) != (&new.tags, &new.tag_groups)),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

pub(super) fn operation(old: &Operation, new: &Operation) -> Vec<String> {
    let mut details = parameters(&old.parameters, &new.parameters);
    let content = |body: &Option<super::super::model::Body>| body.as_ref().map(|body| fingerprint(body.source.node()));
    details.extend(one("body", content(&old.body), content(&new.body)));
    details.extend(responses(&old.responses, &new.responses));
    let callbacks = |operation: &Operation| operation.source.node().get("callbacks").map(fingerprint);
    details.extend(one("callbacks", callbacks(old), callbacks(new)));
    if old.security != new.security {
        details.push("authentication changed".to_owned());
    }
    match (old.deprecated, new.deprecated) {
        (false, true) => details.push("now deprecated".to_owned()),
        (true, false) => details.push("no longer deprecated".to_owned()),
        _ => {}
    }
    if (&old.summary, &old.description) != (&new.summary, &new.description) {
        details.push("description changed".to_owned());
    }
    if old.operation_id != new.operation_id {
        details.push("operationId changed".to_owned());
    }
    if old.tags != new.tags {
        details.push("tags changed".to_owned());
    }
    if details.is_empty() && fingerprint(old.source.node()) != fingerprint(new.source.node()) {
        details.push(SOMETHING.to_owned());
    }
    details
}

pub(super) fn schema(old: &NamedSchema, new: &NamedSchema) -> Vec<String> {
    let (before, after) = (&old.schema, &new.schema);
    if fingerprint(before.source().node()) == fingerprint(after.source().node()) {
        return Vec::new();
    }
    let properties = |schema: &super::super::model::Schema| -> Vec<(String, u64)> {
        let properties = schema.properties().into_iter();
        properties.map(|property| (property.name, fingerprint(property.schema.source().node()))).collect()
    };
    let mut details = several("property", &properties(before), &properties(after));
    details.extend(missing(&after.required(), &before.required()).map(|name| format!("{name} now required")));
    details.extend(missing(&before.required(), &after.required()).map(|name| format!("{name} no longer required")));
    let values = |schema: &super::super::model::Schema| -> Vec<(String, u64)> {
        schema.enum_values().into_iter().map(|value| (value.value.to_string(), 0)).collect()
    };
    details.extend(several("value", &values(before), &values(after)));
    if before.types() != after.types() {
        details.push("type changed".to_owned());
    }
    if before.description() != after.description() {
        details.push("description changed".to_owned());
    }
    if details.is_empty() {
        details.push(SOMETHING.to_owned());
    }
    details
}

pub(super) fn scope(old: &Scope, new: &Scope) -> Vec<String> {
    one("description", Some(&old.description), Some(&new.description))
}

pub(super) fn scheme(old: &SecurityScheme, new: &SecurityScheme) -> Vec<String> {
    let differs = fingerprint(old.source.node()) != fingerprint(new.source.node());
    let words = if old.kind == new.kind { SOMETHING } else { "kind changed" };
    differs.then(|| words.to_owned()).into_iter().collect()
}

fn parameters(old: &[Parameter], new: &[Parameter]) -> Vec<String> {
    let name = |parameter: &Parameter| format!("{} {}", parameter.place.as_str(), parameter.name);
    let parts = |parameters: &[Parameter]| -> Vec<(String, u64)> {
        parameters.iter().map(|parameter| (name(parameter), fingerprint(parameter.source.node()))).collect()
    };
    let mut details = several("parameter", &parts(old), &parts(new));
    let before: HashMap<String, bool> = old.iter().map(|parameter| (name(parameter), parameter.required)).collect();
    for parameter in new {
        match (before.get(&name(parameter)), parameter.required) {
            (Some(false) | None, true) => details.push(format!("{} required", name(parameter))),
            (Some(true), false) => details.push(format!("{} no longer required", name(parameter))),
            _ => {}
        }
    }
    details
}

fn responses(old: &[Response], new: &[Response]) -> Vec<String> {
    let parts = |responses: &[Response]| -> Vec<(String, u64)> {
        responses.iter().map(|response| (response.status.to_string(), fingerprint(response.source.node()))).collect()
    };
    several("response", &parts(old), &parts(new))
}

/// The names that the others have not.
fn missing<'n>(names: &[&'n str], others: &[&str]) -> impl Iterator<Item = &'n str> {
    let others: HashSet<&str> = others.iter().copied().collect();
    names.iter().copied().filter(|name| !others.contains(name)).collect::<Vec<_>>().into_iter()
}

/// What came, went or changed of a thing that is there once or not at all.
fn one<T: PartialEq>(name: &str, old: Option<T>, new: Option<T>) -> Vec<String> {
    let verb = match (old, new) {
        (None, Some(_)) => "added",
        (Some(_), None) => "removed",
        (Some(old), Some(new)) if old != new => "changed",
        _ => return Vec::new(),
    };
    vec![format!("{name} {verb}")]
}

/// What came, went or changed among named parts.
fn several(kind: &str, old: &[(String, u64)], new: &[(String, u64)]) -> Vec<String> {
    let find = |parts: &[(String, u64)]| -> HashMap<String, u64> { parts.iter().cloned().collect() };
    let (before, after) = (find(old), find(new));
    let removed = old.iter().filter(|(name, _)| !after.contains_key(name)).map(|(name, _)| (name, "removed"));
    let changed = new
        .iter()
        .filter(|(name, content)| before.get(name).is_some_and(|earlier| earlier != content))
        .map(|(name, _)| (name, "changed"));
    let added = new.iter().filter(|(name, _)| !before.contains_key(name)).map(|(name, _)| (name, "added"));
    removed.chain(changed).chain(added).map(|(name, verb)| format!("{kind} {name} {verb}")).collect()
}
