//! A version as a Postman collection (format 2.1): its operations in the folders of the menu, ready to be sent to the
//! sandbox with a key, with the document's examples as saved answers.
//!
//! Ids are made from the names in the document: importing the collection again replaces what was there.

mod auth;
mod request;
mod response;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use axum::{body::Bytes, http::HeaderMap, response::Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use self::auth::Access;
use super::super::{
    Viewer,
    model::{Operation, Status},
    navigation::{Group, TagEntry},
    pages::Place,
};
use crate::{
    markdown::text::{article, code, item, words},
    portal::Portal,
    web::{Error, Path, Result, validated},
};

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// The variable that holds the address that calls go to.
const BASE_URL: &str = "baseUrl";

pub(super) async fn show(
    portal: Portal,
    viewer: Viewer,
    headers: HeaderMap,
    Path((api, version)): Path<(String, String)>,
) -> Result<Response> {
    let place = Place::find(&portal, viewer, &api, &version)?;
    let (path, edition) = (place.below("postman.json"), place.edition);
    if let Some(known) = portal.pages.file(&path, edition) {
        return Ok(validated(&headers, "application/json", known));
    }
    let origin = portal.config.base_url.as_str().trim_end_matches('/').to_owned();
    let written = tokio::task::spawn_blocking(move || serde_json::to_vec(&Collection::of(&place, &origin).to_json()));
    let bytes = Bytes::from(written.await.map_err(Error::broken)?.map_err(Error::broken)?);
    portal.pages.keep_file(path, edition, bytes.clone());
    Ok(validated(&headers, "application/json", bytes))
}

/// What a collection is made from.
struct Collection<'p> {
    place: &'p Place,
    /// The portal's address: links of descriptions become absolute.
    origin: &'p str,
    /// How most operations are called; the others say how they are.
    access: Access,
}

impl<'p> Collection<'p> {
    fn of(place: &'p Place, origin: &'p str) -> Self {
        let mut uses: HashMap<Access, usize> = HashMap::new();
        for operation in place.document().operations() {
            *uses.entry(Access::of(place, operation)).or_default() += 1;
        }
        // Of several that are used as often, always the same one.
        let most = uses.into_iter().max_by(|(a, some), (b, more)| some.cmp(more).then_with(|| b.cmp(a)));
        let access = most.map_or_else(Access::default, |(access, _)| access);
        Self { place, origin, access }
    }

    fn to_json(&self) -> Value {
        json!({
            "info": {
                "_postman_id": self.id("collection", ""),
                "name": format!("{} {}", self.place.api.name, self.place.version.name),
                "description": markdown(&self.about()),
                "schema": SCHEMA,
            },
            "item": self.items(),
            "auth": self.access.to_json(self.place),
            "variable": [
                {"key": BASE_URL, "value": self.place.calls.trim_end_matches('/'), "type": "string"},
                {"key": auth::key_variable(self.place), "value": "", "type": "string"},
            ],
        })
    }

    fn about(&self) -> String {
        let place = self.place;
        let described = place.document().api();
        let key = match place.is_own() {
            true => "a management token from the dashboard",
            false => "a sandbox key from the dashboard; the sandbox answers with examples and sends nothing for real",
        };
        let mut about = vec![format!("Set the variable `{}` to {key}.", auth::key_variable(place))];
        let servers = described.servers.iter().filter(|server| !place.is_own() && server.url != "/");
        let servers: Vec<String> = servers
            .map(|server| {
                let what = server.description.as_deref().map(|text| words(text, 200)).unwrap_or_default();
                item(&format!("{} {what}", code(&server.default_url())))
            })
            .collect();
        if !servers.is_empty() {
            about.push(format!("To call another server, set `{BASE_URL}`:\n\n{}", servers.join("\n")));
        }
        about.extend(described.description.as_deref().map(|text| article(text, 1, self.origin)));
        about.push(format!("Reference: {}{}", self.origin, place.path()));
        about.join("\n\n")
    }

    /// Folders as the menu has them; without tags there are none.
    fn items(&self) -> Vec<Value> {
        let groups = &self.place.version.navigation().groups;
        if let [Group { tags, .. }] = groups.as_slice()
            && let [only] = tags.as_slice()
            && only.name.is_empty()
        {
            return self.requests(only);
        }
        let folders = groups.iter().flat_map(|group| {
            let tags = group.tags.iter().map(|tag| self.folder(tag));
            match &group.name {
                Some(name) => {
                    vec![json!({"id": self.id("group", name), "name": name, "item": tags.collect::<Vec<_>>()})]
                }
                None => tags.collect(),
            }
        });
        folders.collect()
    }

    fn folder(&self, tag: &TagEntry) -> Value {
        let mut folder = json!({"id": self.id("tag", &tag.name), "name": tag.title, "item": self.requests(tag)});
        if let Some(description) = &tag.description {
            folder["description"] = markdown(&article(description, 1, self.origin));
        }
        folder
    }

    fn requests(&self, tag: &TagEntry) -> Vec<Value> {
        let operations = tag.operations.iter().filter_map(|at| self.place.document().operations().get(*at));
        operations.map(|operation| self.request(operation)).collect()
    }

    fn request(&self, operation: &Operation) -> Value {
        let access = Access::of(self.place, operation);
        let sent = request::of(self.place, operation, &access);
        let mut request = sent.to_json();
        request["description"] = markdown(&self.described(operation));
        if access != self.access {
            request["auth"] = access.to_json(self.place);
        }
        json!({
            "id": self.id("operation", &operation.id),
            "name": operation.title(),
            "request": request,
            "response": response::saved(operation, &sent, |name| self.id("response", &format!("{}/{name}", operation.id))),
            "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": test_of(operation)}}],
        })
    }

    fn described(&self, operation: &Operation) -> String {
        let mut blocks: Vec<String> = Vec::new();
        if operation.deprecated {
            blocks.push("**Deprecated.** It works. Do not build anything new on it.".to_owned());
        }
        blocks.extend(operation.description.as_deref().map(|text| article(text, 1, self.origin)));
        let scopes: Vec<String> = auth::scopes(operation).iter().map(|scope| code(scope)).collect();
        blocks.extend((!scopes.is_empty()).then(|| format!("The key needs {}.", scopes.join(", "))));
        blocks.push(format!("Reference: {}{}", self.origin, self.place.operation_path(operation)));
        blocks.join("\n\n")
    }

    /// The same for the same name in every export of this version.
    fn id(&self, kind: &str, name: &str) -> String {
        let (api, version) = (&self.place.api.slug, &self.place.version.name);
        let digest = Sha256::digest(format!("{api}\n{version}\n{kind}\n{name}"));
        let bytes = std::array::from_fn(|index| digest[index]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
    }
}

/// A check that the answer is one of those that the document promises for a call that goes well.
fn test_of(operation: &Operation) -> Vec<String> {
    let promised: Vec<u16> = operation
        .responses
        .iter()
        .filter_map(|response| match response.status {
            Status::Code(status @ 200..=399) => Some(status),
            _ => None,
        })
        .collect();
    let (what, check) = match promised.as_slice() {
        [] => ("The answer is a success".to_owned(), "pm.response.to.be.success;".to_owned()),
        [only] => (format!("The answer is {only}"), format!("pm.response.to.have.status({only});")),
        several => {
            let codes = several.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
            (format!("The answer is one of {codes}"), format!("pm.expect(pm.response.code).to.be.oneOf([{codes}]);"))
        }
    };
    vec![format!("pm.test(\"{what}\", () => {{"), format!("  {check}"), "});".to_owned()]
}

fn markdown(text: &str) -> Value {
    json!({"content": text, "type": "text/markdown"})
}
