//! Places for tests: a document as the version of an API.

use std::sync::Arc;

use super::super::{Api, Audience, Origin, Version, document::Document, pages::Place};

/// The demo's newest version.
pub(super) fn demo() -> Place {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/content/apis/parcels/2026-09.yaml");
    of(&std::fs::read_to_string(file).unwrap())
}

/// A document that is written here.
pub(super) fn of(text: &str) -> Place {
    let document = Document::read(text.as_bytes()).unwrap();
    let version = Arc::new(Version::own("1".into(), document, text.to_owned().into_bytes().into()));
    let (name, versions) = (version.document.api().title.clone(), vec![Arc::clone(&version)]);
    let (slug, summary, audience) = ("example".into(), String::new(), Audience::Everyone);
    let api = Api { slug, name, summary, versions, origin: Origin::Imported, audience };
    Place { api: Arc::new(api), version, calls: "https://dev.example.com/sandbox/example/1".into(), edition: 1 }
}

/// A document in which every text that an author can choose is this one.
pub(super) fn hostile(evil: &str) -> Place {
    let evil = serde_json::to_string(evil).unwrap();
    of(&format!(
        r##"{{"openapi": "3.1.0", "info": {{"title": {evil}, "version": "1", "description": {evil}}},
            "servers": [{{"url": {evil}, "description": {evil}}}],
            "tags": [{{"name": {evil}, "description": {evil}}}], "x-tagGroups": [{{"name": {evil}, "tags": [{evil}]}}],
            "paths": {{"/x/{{id}}": {{"post": {{"operationId": "x", "summary": {evil}, "description": {evil}, "tags": [{evil}],
              "externalDocs": {{"url": "javascript:alert(1)", "description": {evil}}},
              "security": [{{"odd": [{evil}]}}],
              "parameters": [
                {{"name": "id", "in": "path", "required": true, "description": {evil}, "schema": {{"const": {evil}}}}},
                {{"name": {evil}, "in": "query", "description": {evil}, "example": {evil}, "schema": {{"type": "string", "enum": [{evil}], "default": {evil}, "pattern": {evil}}}}}],
              "requestBody": {{"description": {evil}, "content": {{"application/json": {{"example": {evil}, "schema": {{"title": {evil}, "properties": {{{evil}: {{"description": {evil}, "default": {evil}}}}}}}}}, {evil}: {{"schema": {{"$ref": {evil}}}}}}}}},
              "responses": {{"200": {{"description": {evil}, "headers": {{{evil}: {{"description": {evil}}}}}, "content": {{"text/plain": {{"example": {evil}}}}}}},
                "400": {{"description": {evil}, "content": {{"application/json": {{"example": {{"code": {evil}, "title": {evil}, "detail": {evil}}}}}}}}}}}}}}}}},
            "webhooks": {{{evil}: {{"post": {{"summary": {evil}, "description": {evil}, "requestBody": {{"content": {{"application/json": {{"schema": {{"type": "string", "description": {evil}}}}}}}}}}}}}}},
            "components": {{"securitySchemes": {{"odd": {{"type": "oauth2", "description": {evil}, "flows": {{"clientCredentials": {{"tokenUrl": {evil}, "scopes": {{{evil}: {evil}}}}}}}}}}},
              "schemas": {{"Thing": {{"title": {evil}, "description": {evil}, "oneOf": [{{"title": {evil}, "type": "object", "properties": {{{evil}: {{"type": "string"}}}}}}, {{"const": {evil}}}]}}}}}}}}"##,
    ))
}
