//! The API's OpenAPI 3.1 document: what the features say of their operations, and what holds for all of them.
//!
//! Security, scopes and refusals are taken from the table of routes that admits callers, so that the document cannot
//! promise another access than the one that is enforced.

#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use super::{ROOT, paths, resources};
use crate::{
    config::BaseUrl,
    db::OrganizationId,
    tokens::{Holder, Scope},
    web::{Access, Code, Problem, Route},
};

const TOKEN: &str = "token";
const PROBLEM: &str = "application/problem+json";
/// A string of structured fields, or the same without its quotes.
const KEY_PATTERN: &str = r#"^("([ !#-\[\]-~]|\\["\\])+"|[!#-~]([ -~]*[!-~])?)$"#;

/// The document, for the portal at this address.
pub fn document(base_url: &BaseUrl) -> Value {
    let mut api = Frame::openapi();
    for part in paths() {
        api.merge(part);
    }
    let mut document = serde_json::to_value(api).expect("an OpenAPI document is JSON");
    document["servers"] = json!([{ "url": base_url.as_str() }]);
    let (_, table) = resources().into_parts();
    for route in table.iter().filter(|route| route.path.starts_with(ROOT)) {
        let operation = &mut document["paths"][route.path][route.method.as_str().to_ascii_lowercase()];
        if operation.is_object() {
            complete(operation, route);
        }
    }
    let components = document["components"].as_object_mut().expect("the frame has components");
    refer_to_items(components);
    components.insert("responses".into(), refusals());
    components.insert("headers".into(), headers());
    components.insert("parameters".into(), parameters());
    components.insert("securitySchemes".into(), security_schemes());
    document
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Vestibule management API",
        version = "v1",
        description = "Set up partner organizations, apps and keys from your own programs. Send a management token as \
            `Authorization: Bearer`: staff tokens act for the company that runs the portal, the others for one \
            organization. Lists are read page by page with `limit` and `cursor`. Creates take an `Idempotency-Key`. \
            Refusals are problem documents (RFC 9457) with a stable `code`.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    tags(
        (name = "Organizations", description = "Partner organizations and their management tokens."),
        (name = "Apps", description = "What a partner builds; each has keys of its own."),
        (name = "Keys", description = "What an app calls the product's API with."),
        (name = "Usage", description = "What the apps of an organization call."),
        (name = "Audit", description = "Who did what."),
    ),
    components(schemas(Problem)),
)]
struct Frame;

/// Adds to an operation what follows from its route.
fn complete(operation: &mut Value, route: &Route) {
    let takes_body = operation.get("requestBody").is_some();
    let has_parameters = operation.get("parameters").is_some();
    let writes = route.method != "GET";
    // Only what a token sends can be recognized when it is sent again.
    let creates = route.method == "POST" && route.access != Access::Public;
    operation["security"] = security(route.access);
    if let Some(sentence) = access_in_words(route.access) {
        let text = operation["description"].as_str().unwrap_or("").trim().to_owned();
        operation["description"] = format!("{text}\n\n{sentence}").trim().into();
    }
    if creates {
        let parameters = operation["parameters"].as_array_mut().map(std::mem::take).unwrap_or_default();
        let key = json!({ "$ref": "#/components/parameters/IdempotencyKey" });
        operation["parameters"] = parameters.into_iter().chain([key]).collect();
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, response) in responses.iter_mut() {
        response["headers"] = response_headers(creates && status.starts_with('2'), response.get("headers"));
    }
    for refusal in &REFUSALS {
        let applies = match refusal.when {
            When::Always => true,
            When::WithToken => route.access != Access::Public,
            When::WithParameters => has_parameters || takes_body || creates,
            When::WithPathParameter => route.path.contains('{'),
            When::WithBody => takes_body,
            When::Writing => writes,
            When::Changing => writes && route.access != Access::Public,
        };
        if applies {
            let reference = json!({ "$ref": format!("#/components/responses/{}", refusal.name) });
            responses.entry(refusal.status().to_string()).or_insert(reference);
        }
    }
    responses.sort_keys();
}

/// Pages of lists name the schema of their items: utoipa repeats it in full where a type is generic.
fn refer_to_items(components: &mut Map<String, Value>) {
    let Some(schemas) = components.get_mut("schemas").and_then(Value::as_object_mut) else { return };
    let names: Vec<String> = schemas.keys().cloned().collect();
    for (name, schema) in schemas.iter_mut() {
        if let Some(item) = name.strip_prefix("Paged_").filter(|item| names.iter().any(|name| name == item)) {
            schema["properties"]["data"]["items"] = reference("schemas", item);
        }
    }
}

fn security(access: Access) -> Value {
    match access {
        Access::StaffToken(scope) | Access::OrganizationToken(scope) | Access::AnyToken(scope) => {
            json!([{ TOKEN: [scope] }])
        }
        Access::Public | Access::SignedIn | Access::Member(_) | Access::Staff(_) | Access::Key => json!([]),
    }
}

fn access_in_words(access: Access) -> Option<String> {
    match access {
        Access::StaffToken(scope) => Some(format!("Takes a staff token with the scope `{scope}`.")),
        Access::OrganizationToken(scope) => Some(format!("Takes a token of an organization with the scope `{scope}`.")),
        Access::AnyToken(scope) => Some(format!("Takes a token with the scope `{scope}`.")),
        Access::Public | Access::SignedIn | Access::Member(_) | Access::Staff(_) | Access::Key => None,
    }
}

/// When an operation can answer with a refusal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    WithToken,
    WithParameters,
    WithPathParameter,
    WithBody,
    Writing,
    Changing,
}

/// One status that operations refuse with, and the codes that come with it.
struct Refusal {
    name: &'static str,
    when: When,
    codes: &'static [Code],
}

impl Refusal {
    fn status(&self) -> u16 {
        self.codes[0].status().as_u16()
    }
}

const REFUSALS: [Refusal; 11] = [
    Refusal { name: "InvalidRequest", when: When::WithParameters, codes: &[Code::InvalidRequest] },
    Refusal { name: "Unauthenticated", when: When::WithToken, codes: &[Code::Unauthenticated, Code::TokenInvalid] },
    Refusal { name: "Forbidden", when: When::WithToken, codes: &[Code::Forbidden, Code::InsufficientScope] },
    Refusal { name: "NotFound", when: When::WithPathParameter, codes: &[Code::NotFound] },
    Refusal { name: "Conflict", when: When::Changing, codes: &[Code::Conflict, Code::IdempotencyInProgress] },
    Refusal { name: "PayloadTooLarge", when: When::Writing, codes: &[Code::PayloadTooLarge] },
    Refusal { name: "UnsupportedMediaType", when: When::WithBody, codes: &[Code::UnsupportedMediaType] },
    Refusal { name: "Invalid", when: When::Writing, codes: &[Code::ValidationFailed, Code::IdempotencyKeyReused] },
    Refusal { name: "TooManyRequests", when: When::Always, codes: &[Code::RateLimited] },
    Refusal { name: "Internal", when: When::Always, codes: &[Code::Internal] },
    Refusal { name: "Unavailable", when: When::Always, codes: &[Code::Unavailable] },
];

fn refusals() -> Value {
    let refusals = REFUSALS.iter().map(|refusal| (refusal.name.to_owned(), describe(refusal)));
    Value::Object(refusals.collect())
}

fn describe(refusal: &Refusal) -> Value {
    let lines = refusal.codes.iter().map(|code| format!("- `{}`: {}. {}", code.as_str(), code.title(), code.advice()));
    let mut headers = response_headers(false, None);
    match refusal.codes[0] {
        Code::Unauthenticated => headers["WWW-Authenticate"] = reference("headers", "WWW-Authenticate"),
        Code::RateLimited | Code::Unavailable => headers["Retry-After"] = reference("headers", "Retry-After"),
        _ => {}
    }
    json!({
        "description": lines.collect::<Vec<_>>().join("\n"),
        "headers": headers,
        "content": { PROBLEM: { "schema": reference("schemas", "Problem") } },
    })
}

/// The headers of a response: those that it has of its own, and those of every answer.
fn response_headers(can_be_replayed: bool, own: Option<&Value>) -> Value {
    let mut all = own.and_then(Value::as_object).cloned().unwrap_or_default();
    for name in ["X-Request-Id", "RateLimit", "RateLimit-Policy"] {
        all.insert(name.into(), reference("headers", name));
    }
    if can_be_replayed {
        all.insert("Idempotency-Replayed".into(), reference("headers", "Idempotency-Replayed"));
    }
    Value::Object(all)
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

fn headers() -> Value {
    let text = |description: &str, example: &str| {
        json!({
            "description": description, "schema": { "type": "string" }, "example": example,
        })
    };
    json!({
        "X-Request-Id": text("The request's id. A sane one that comes with the request is kept.", "req_01kaj7w2c9m0v6fsq8xe1h3t5r"),
        "RateLimit": text("Calls left in this window, and the seconds until the next.", "\"default\";r=599;t=60"),
        "RateLimit-Policy": text("Calls in a whole window, and its length in seconds.", "\"default\";q=600;w=60"),
        "Idempotency-Replayed": text("`true` where this is the answer to an earlier request with the same key.", "true"),
        "WWW-Authenticate": text("How to authenticate.", "Bearer"),
        "Retry-After": {
            "description": "After how many seconds to repeat the request.",
            "schema": { "type": "integer", "minimum": 1 },
            "example": 12,
        },
    })
}

fn parameters() -> Value {
    json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "required": false,
            "description": "Names this create, so that it happens once however often it is sent. For 24 hours the \
                same key with the same body is answered as the first time; with another body it is refused. A \
                request that was refused has changed nothing and may be corrected and sent again under its key.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": KEY_PATTERN },
            "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
        },
    })
}

/// The one way to authenticate. OpenAPI has a place for scopes only in OAuth, hence `x-scopes`.
fn security_schemes() -> Value {
    let partner = Holder::Organization(OrganizationId::new());
    let holders = |scope: Scope| {
        let both = [("staff", Holder::Staff), ("organization", partner)];
        both.into_iter().filter(move |(_, holder)| scope.is_for(*holder)).map(|(name, _)| name).collect::<Vec<_>>()
    };
    let scopes: Map<String, Value> = Scope::ALL
        .into_iter()
        .map(|scope| (scope.as_str().into(), json!({ "description": scope.description(), "tokens": holders(scope) })))
        .collect();
    json!({
        TOKEN: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "{prefix}_staff_… or {prefix}_mgmt_…",
            "description": "A management token. Partners make theirs on the dashboard under Tokens, the company's staff under Administration.",
            "x-scopes": scopes,
        },
    })
}
