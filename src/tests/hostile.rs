//! Documents written to break the pages that show them: hostile text everywhere, names that collide, too much of everything.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use sqlx::PgPool;
use vestibule::{
    audit::Actor,
    reference::{ImportRequest, import},
    web::StaffRole,
};

use crate::{
    html::Page,
    portal::{TestPortal, Visitor},
};

const EVIL: &[&str] = &[
    "</script><script>window.__xss=1</script>",
    "\"><img src=x onerror=window.__xss=1>",
    "' onmouseover='window.__xss=1",
    "<svg/onload=window.__xss=1>",
    "[x](javascript:window.__xss=1)",
    "<a href=javascript:window.__xss=1>x</a>",
    "\u{0}\u{1}\u{1b}[31m",
    "\r\n\t# heading\n",
    "\u{202e}\u{2066}\u{200b}",
    "🦀/../%2e%2e%2f?#&",
    "-->]]><!--",
    "</title></textarea></style></details></ul></table>",
    "{{7*7}}${7*7}`\\",
    "<h1 id=main class=topbar>x</h1>",
    "<form action=/admin method=post><button>x</button></form>",
];

/// Members whose text means something to a reader of the document.
const MEANING: [&str; 8] =
    ["openapi", "type", "in", "style", "scheme", "version", "contentEncoding", "additionalProperties"];

const ADDRESSES: [&str; 9] = [
    "url",
    "termsOfService",
    "externalValue",
    "authorizationUrl",
    "tokenUrl",
    "refreshUrl",
    "openIdConnectUrl",
    "email",
    "identifier",
];

/// Objects whose members have names that an author makes up.
const NAMED: [&str; 21] = [
    "schemas",
    "properties",
    "patternProperties",
    "parameters",
    "examples",
    "headers",
    "links",
    "callbacks",
    "securitySchemes",
    "scopes",
    "content",
    "encoding",
    "variables",
    "mapping",
    "dependentRequired",
    "dependentSchemas",
    "paths",
    "webhooks",
    "x-enumDescriptions",
    "requestBodies",
    "x-evil",
];

/// The same text gets the same poison, so that names still lead to what they name.
fn poisoned(text: &str) -> String {
    let mut hash = DefaultHasher::new();
    text.hash(&mut hash);
    let evil = EVIL[hash.finish() as usize % EVIL.len()];
    let long = if text.len() % 11 == 3 { "x".repeat(1_000) } else { String::new() };
    format!("{text}{evil}{long}")
}

fn poison(value: &mut Value, key: &str) {
    match value {
        Value::String(text) if key == "$ref" || key == "operationRef" => *text = poisoned_reference(text),
        Value::String(text) if ADDRESSES.contains(&key) => *text = format!("javascript:window.__xss=1//{text}"),
        Value::String(text) if !MEANING.contains(&key) => *text = poisoned(text),
        Value::Array(items) => items.iter_mut().for_each(|item| poison(item, key)),
        Value::Object(members) => {
            let is_named = NAMED.contains(&key) || key == "security";
            let renamed = std::mem::take(members).into_iter().map(|(name, mut member)| {
                // A named member is not what its name says.
                poison(&mut member, if is_named { "" } else { &name });
                (if is_named { poisoned(&name) } else { name }, member)
            });
            *members = renamed.collect::<Map<_, _>>();
        }
        _ => {}
    }
}

fn poisoned_reference(reference: &str) -> String {
    let Some((head, name)) = reference.rsplit_once('/').filter(|(head, _)| head.starts_with("#/components/")) else {
        return reference.to_owned();
    };
    // The names of shared responses stay.
    let name = if head.ends_with("/responses") { name.to_owned() } else { poisoned(name) };
    let step = name.replace('~', "~0").replace('/', "~1");
    let escaped = percent_encoding::utf8_percent_encode(&step, percent_encoding::NON_ALPHANUMERIC);
    format!("{head}/{escaped}")
}

async fn published(db: PgPool, document: &Value) -> TestPortal {
    let portal = TestPortal::new(db).await;
    let request = ImportRequest {
        slug: "evil".into(),
        file_name: "\u{0}<evil>.json".into(),
        bytes: document.to_string().into_bytes(),
        publish: true,
        version: Some("1".into()),
        ..ImportRequest::default()
    };
    import(&portal.portal.db, &Actor::system("test"), request).await.unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    portal
}

/// Every page of the version, and what its folds fetch.
async fn check_every_page(portal: &TestPortal) -> usize {
    let published = portal.portal.catalogue.current();
    let (_, version) = published.find("evil", "1").unwrap();
    let document = &version.document;
    let mut paths: Vec<String> = ["", "/schemas", "/webhooks", "/errors"].map(str::to_owned).into();
    paths.extend(document.operations().iter().map(|it| format!("/operations/{}", it.id)));
    paths.extend(document.schemas().iter().map(|it| format!("/schemas/{}", it.id)));
    paths.extend(document.webhooks().iter().map(|it| format!("/webhooks/{}", it.id)));
    let distinct: BTreeSet<&String> = paths.iter().collect();
    assert_eq!(distinct.len(), paths.len(), "two things have the same address");
    let mut visitor = portal.visitor();
    let mut fetched = BTreeSet::new();
    for path in &paths {
        let page = check(&mut visitor, &format!("/docs/evil/1{path}")).await;
        fetched.extend(page.values("details", "data-source").into_iter().map(str::to_owned));
    }
    check(&mut visitor, "/docs").await;
    for source in &fetched {
        let list = visitor.get(source).await;
        assert_eq!(list.status, StatusCode::OK, "{source}");
        check(&mut visitor, &source.replace("&form=list", "")).await;
    }
    paths.len() + fetched.len()
}

async fn check(visitor: &mut Visitor<'_>, path: &str) -> Page {
    let answer = visitor.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    let page = Page::parse(&answer.body);
    assert_eq!(page.faults(), [""; 0], "{path}");
    assert!(answer.body.len() < 1_500_000, "{path} has {} bytes", answer.body.len());
    page
}

#[sqlx::test]
async fn hostile_text_everywhere_stays_text(db: PgPool) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/documents/features-3.1.yaml");
    let read = vestibule::reference::document::Document::read(&std::fs::read(file).unwrap()).unwrap();
    let mut document = read.root().to_json();
    poison(&mut document, "");
    let portal = published(db, &document).await;
    let (_, version) = portal.portal.catalogue.current().find("evil", "1").unwrap();
    assert_eq!(version.document.operations().len(), read.operations().len(), "nothing was lost to the poison");
    assert_eq!(version.document.schemas().len(), read.schemas().len());
    assert!(check_every_page(&portal).await > 25);
    let mut editor = portal.staff(StaffRole::Editor).await;
    check(&mut editor, "/admin/apis/evil/versions/1").await;
    check(&mut editor, "/admin/apis").await;
}

#[sqlx::test]
async fn ids_that_collide_or_lead_elsewhere_get_addresses_of_their_own(db: PgPool) {
    let ids = [
        "../../admin",
        "..",
        ".",
        "",
        "a/b",
        "a b",
        "a-b",
        "a%2fb",
        "a?b#c",
        "\u{0}",
        "🦀",
        "ä",
        "<b>",
        "openapi.json",
        "A-b",
        "a-b.md",
        "a\r\nb",
    ];
    let long = ["x".repeat(1_000), "x".repeat(1_001)];
    let ids: Vec<&str> = ids.into_iter().chain(long.iter().map(String::as_str)).collect();
    let paths: Map<String, Value> = ids
        .iter()
        .enumerate()
        .map(|(index, id)| {
            let responses = json!({"200": {"description": id}, "400": {"content": {"application/json": {
                "example": {"code": if index % 2 == 0 { "main" } else { *id }}}}}});
            (format!("/p{index}"), json!({"get": {"operationId": id, "tags": [id], "responses": responses}}))
        })
        .collect();
    let schemas: Map<String, Value> = ids
        .iter()
        .map(|id| {
            (
                (*id).to_owned(),
                json!({"properties": ids.iter().map(|id| ((*id).to_owned(), json!({}))).collect::<Map<_, _>>()}),
            )
        })
        .collect();
    let webhooks: Map<String, Value> =
        ids.iter().map(|id| ((*id).to_owned(), json!({"post": {"responses": {}}}))).collect();
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": paths, "webhooks": webhooks,
        "components": {"schemas": schemas},
    });
    let portal = published(db, &document).await;
    assert!(check_every_page(&portal).await >= 3 * ids.len());
}

#[sqlx::test]
async fn too_much_of_everything_stays_readable(db: PgPool) {
    let mut deep = json!({"type": "string"});
    let mut deep_all = json!({"type": "object", "properties": {"end": {"type": "string"}}});
    let mut deep_list = json!({"type": "string"});
    for _ in 0..200 {
        deep = json!({"type": "object", "properties": {"inner": deep, "other": {"type": "integer"}}});
        deep_all = json!({"allOf": [deep_all]});
        deep_list = json!({"type": "array", "items": deep_list});
    }
    let choice = |n: usize| json!({"type": "object", "properties": {format!("p{n}"): {"type": "string"}}});
    let many = json!({"oneOf": (0..1_000).map(choice).collect::<Vec<_>>()});
    let wide: Map<String, Value> = (0..1_000).map(|n| (format!("field_{n}"), json!({"type": "string"}))).collect();
    let mut schemas = json!({
        "Deep": deep, "DeepAll": deep_all, "DeepList": deep_list, "Many": many,
        "Wide": {"type": "object", "properties": wide},
        "Values": {"enum": (0..5_000).collect::<Vec<_>>()},
        "Tree": {"properties": {"left": {"$ref": "#/components/schemas/Tree"}, "right": {"$ref": "#/components/schemas/Tree"}}},
    });
    for n in 0..2_000 {
        schemas[format!("Chain{n}")] = json!({"allOf": [{"$ref": format!("#/components/schemas/Chain{}", n + 1)}]});
    }
    schemas["Chain2000"] = json!({"type": "object", "properties": {"end": {"type": "string"}}});
    let names = ["Deep", "DeepAll", "DeepList", "Many", "Wide", "Values", "Tree", "Chain0"];
    let properties: Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!({"$ref": format!("#/components/schemas/{name}")})))
        .collect();
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "x", "version": "1"},
        "paths": {"/x": {"post": {"operationId": "x", "requestBody": {"content": {"application/json": {"schema": {
            "type": "object", "properties": properties}}}}, "responses": {"200": {"description": "x", "content": {
            "application/json": {"schema": many}}}}}}},
        "components": {"schemas": schemas},
    });
    let portal = published(db, &document).await;
    let mut visitor = portal.visitor();
    for path in ["", "/operations/x", "/schemas"]
        .into_iter()
        .map(str::to_owned)
        .chain(names.map(|name| format!("/schemas/{name}")))
    {
        check(&mut visitor, &format!("/docs/evil/1{path}")).await;
    }
    let page = check(&mut visitor, "/docs/evil/1/schemas/Many").await;
    assert!(page.words().contains("and 970 more"), "the rest is counted");
    assert_eq!(pages_to("p999", "/docs/evil/1/schemas/Many", &mut visitor).await, 34);
    assert_eq!(pages_to("field_999", "/docs/evil/1/schemas/Wide", &mut visitor).await, 3);
    let beyond = format!("at=%2Fcomponents%2Fschemas%2FMany&from={0}&choice={0}", u64::MAX);
    check(&mut visitor, &format!("/docs/evil/1/properties?{beyond}")).await;
    let depth = folds_to_the_end("/docs/evil/1/schemas/Deep", &mut visitor).await;
    assert!((20..60).contains(&depth), "the innermost of 200 levels is {depth} fetches away");
}

/// How many pages there are to the one that shows a name, following "and … more".
async fn pages_to(name: &str, path: &str, visitor: &mut Visitor<'_>) -> usize {
    let mut path = path.to_owned();
    for pages in 1..100 {
        let page = check(visitor, &path).await;
        if page.words().split(' ').any(|word| word == name) {
            return pages;
        }
        let next = page.values("a", "href").into_iter().find(|href| href.contains("from=") || href.contains("choice="));
        path = next.unwrap_or_else(|| panic!("{path} does not lead on to {name}")).to_owned();
    }
    panic!("{name} is nowhere");
}

/// How often one has to open a fold that is fetched.
async fn folds_to_the_end(path: &str, visitor: &mut Visitor<'_>) -> usize {
    let mut path = path.to_owned();
    for depth in 0..200 {
        let page = Page::parse_body(&visitor.get(&path).await.body.replace("<!DOCTYPE html>", ""));
        match page.values("details", "data-source").first() {
            Some(source) => path = (*source).to_owned(),
            None => return depth,
        }
    }
    panic!("there is no end");
}
