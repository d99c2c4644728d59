use std::{collections::BTreeSet, path::Path};

use super::*;

const SNAPSHOT: &str = "src/api/openapi.snapshot.json";

fn sample() -> Value {
    document(&BaseUrl::parse("https://developers.example.com").unwrap())
}

/// Every operation with its method and path.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, operation)| (method, path, operation))
        })
        .map(|(method, path, operation)| (method.to_ascii_uppercase(), path.clone(), operation))
        .collect()
}

#[test]
fn the_document_is_the_committed_one() {
    let now = format!("{:#}\n", sample());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SNAPSHOT);
    #[expect(clippy::disallowed_methods, reason = "the switch of this test; the program never runs it")]
    if std::env::var("UPDATE_SNAPSHOTS").is_ok() {
        std::fs::write(&path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let differing = now.lines().zip(committed.lines()).position(|(now, committed)| now != committed);
    assert!(
        now == committed,
        "the API's document differs from {SNAPSHOT}, first in line {}.\n\
         If partners may see the difference, run: UPDATE_SNAPSHOTS=1 cargo test --lib api::document",
        differing.unwrap_or(now.lines().count().min(committed.lines().count())) + 1,
    );
}

#[test]
fn every_route_is_described_and_every_description_has_a_route() {
    let document = sample();
    let described: BTreeSet<_> = operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    let (_, table) = resources().into_parts();
    let routed: BTreeSet<_> = table.iter().map(|route| (route.method.to_string(), route.path.to_owned())).collect();
    assert_eq!(described, routed);
    assert!(routed.iter().all(|(_, path)| path.starts_with(ROOT)));
}

#[test]
fn every_operation_has_an_id_a_tag_a_summary_and_the_refusals_that_callers_meet() {
    let document = sample();
    let known: BTreeSet<_> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].clone().to_string()).collect();
    let mut ids = BTreeSet::new();
    let is_public = |path: &str| {
        resources().into_parts().1.iter().any(|route| route.path == path && route.access == Access::Public)
    };
    for (method, path, operation) in operations(&document) {
        let what = format!("{method} {path}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{what}: its id is there twice");
        assert!(known.contains(&operation["tags"][0].to_string()), "{what}: its tag is not introduced");
        assert!(operation["summary"].is_string(), "{what}: it has no summary");
        let refusals: &[&str] = match method.as_str() {
            "POST" if is_public(&path) => &["400", "413", "415", "422", "429", "500", "503"],
            "POST" | "PATCH" => &["400", "401", "403", "409", "413", "422", "429", "500", "503"],
            _ => &["401", "403", "429", "500", "503"],
        };
        for status in refusals {
            assert!(operation["responses"][status].is_object(), "{what}: {status} is not described");
        }
        assert_eq!(path.contains('{'), operation["responses"]["404"].is_object(), "{what}: 404");
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(
                response["$ref"].is_string() || response["headers"]["RateLimit"].is_object(),
                "{what}: headers of {status}"
            );
        }
    }
}

#[test]
fn every_route_asks_for_a_scope_that_its_callers_can_have() {
    let partner = Holder::Organization(OrganizationId::new());
    for route in resources().into_parts().1.into_iter().filter(|route| route.access != Access::Public) {
        let (scope, holders): (&str, &[Holder]) = match route.access {
            Access::StaffToken(scope) => (scope, &[Holder::Staff]),
            Access::OrganizationToken(scope) => (scope, &[partner]),
            Access::AnyToken(scope) => (scope, &[Holder::Staff, partner]),
            other => panic!("{} {} takes no token but {other:?}", route.method, route.path),
        };
        let scope: Scope = scope.parse().unwrap();
        assert!(holders.iter().all(|holder| scope.is_for(*holder)), "{} {}: {scope:?}", route.method, route.path);
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str));
                map.values().for_each(|value| walk(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, found)),
            _ => {}
        }
    }
    let document = sample();
    let mut references = Vec::new();
    walk(&document, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference} leads nowhere");
    }
}
