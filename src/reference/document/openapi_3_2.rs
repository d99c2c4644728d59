//! What OpenAPI 3.2 brought, in one document.

use super::{Document, tree::Target};
use crate::reference::model::{FlowKind, Lead, Place, Requirement, SecurityKind, Status};

const DOCUMENT: &str = r##"
openapi: 3.2.0
$self: https://api.example.com/openapi.yaml
info: {title: Sensors, version: 1.0.0, summary: What the sensors say}
servers:
  - {url: https://api.example.com, name: production, description: For real}
tags:
  - {name: sensors, summary: Sensors, kind: nav}
  - {name: readings, summary: Readings, parent: sensors, kind: nav}
  - {name: preview, kind: badge}
security:
  - "#/components/securitySchemes/device": [readings:read]
  - certificate: []
paths:
  /readings:
    query:
      operationId: queryReadings
      tags: [readings, preview]
      requestBody:
        content:
          application/json: {schema: {type: object, properties: {from: {type: string, format: date-time}}}}
      responses:
        "200":
          summary: Readings
          content:
            application/jsonl: {$ref: "#/components/mediaTypes/Readings"}
            text/event-stream:
              itemSchema: {$ref: "https://api.example.com/openapi.yaml#/components/schemas/Reading"}
    get:
      operationId: findReadings
      parameters:
        - name: criteria
          in: querystring
          required: true
          content:
            application/x-www-form-urlencoded:
              schema: {type: object, properties: {sensor: {type: string}}}
              examples:
                one: {summary: One sensor, dataValue: {sensor: roof}, serializedValue: sensor=roof}
        - {name: session, in: cookie, style: cookie, schema: {type: string}}
      responses:
        "200": {summary: Readings}
    additionalOperations:
      PURGE:
        operationId: purgeReadings
        responses: {"204": {description: Gone}}
      copy:
        operationId: copyReadings
        responses: {"204": {description: Copied}}
components:
  mediaTypes:
    Readings: {itemSchema: {$ref: "#/components/schemas/Reading"}}
  schemas:
    Reading:
      oneOf: [{$ref: "#/components/schemas/Number"}, {$ref: "#/components/schemas/Text"}]
      discriminator:
        propertyName: kind
        mapping: {number: "#/components/schemas/Number"}
        defaultMapping: Text
    Number: {type: object, required: [kind], properties: {kind: {type: string}, value: {type: number}}}
    Text: {type: object, properties: {value: {type: string}}}
  securitySchemes:
    certificate: {type: mutualTLS}
    device:
      type: oauth2
      oauth2MetadataUrl: https://auth.example.com/.well-known/oauth-authorization-server
      deprecated: true
      flows:
        deviceAuthorization:
          deviceAuthorizationUrl: https://auth.example.com/device
          tokenUrl: https://auth.example.com/token
          scopes: {"readings:read": Read the readings}
"##;

fn document() -> Document {
    Document::read(DOCUMENT.as_bytes()).unwrap()
}

#[test]
fn nothing_of_it_is_doubtful() {
    assert_eq!(document().warnings(), []);
}

#[test]
fn queries_and_methods_of_ones_own_are_operations() {
    let document = document();
    let operations = document.operations().iter();
    let named: Vec<_> = operations.map(|it| (it.method.to_string(), it.id.clone())).collect();
    let named: Vec<_> = named.iter().map(|(method, id)| (method.as_str(), id.as_str())).collect();
    assert_eq!(
        named,
        [("QUERY", "queryReadings"), ("GET", "findReadings"), ("PURGE", "purgeReadings"), ("COPY", "copyReadings")]
    );
}

#[test]
fn the_whole_query_string_is_one_parameter_with_content() {
    let document = document();
    let parameters = &document.operation("findReadings").unwrap().parameters;
    assert_eq!(parameters[0].place, Place::QueryString);
    let content = parameters[0].content.as_ref().unwrap();
    assert_eq!(content.name, "application/x-www-form-urlencoded");
    let example = &content.examples[0];
    assert_eq!(example.value.as_ref().unwrap().to_json()["sensor"], "roof");
    assert_eq!(example.serialized.as_deref(), Some("sensor=roof"));
    assert_eq!(parameters[1].place, Place::Cookie);
}

#[test]
fn streams_have_the_shape_of_their_items() {
    let document = document();
    let response = &document.operation("queryReadings").unwrap().responses[0];
    assert_eq!((response.status, response.summary.as_deref()), (Status::Code(200), Some("Readings")));
    let names: Vec<_> = response.content.iter().map(|it| (it.name.as_str(), it.item_schema.is_some())).collect();
    assert_eq!(names, [("application/jsonl", true), ("text/event-stream", true)]);
}

#[test]
fn a_document_may_refer_to_itself_by_its_own_address() {
    let document = document();
    let resolve = |reference: &str| document.root().tree().resolve(reference);
    let own = "https://api.example.com/openapi.yaml#/components/schemas/Reading";
    assert!(matches!(resolve(own), Target::Inside(node) if node.pointer() == "/components/schemas/Reading"));
    assert!(matches!(resolve("https://api.example.com/openapi.yaml.old#/components"), Target::Outside));
    assert!(matches!(resolve("https://other.example.com/openapi.yaml#/components"), Target::Outside));
}

#[test]
fn what_no_mapping_names_has_a_schema_too() {
    let document = document();
    let discriminator = document.schemas()[0].schema.discriminator().unwrap();
    let Some(Lead::To(schema)) = discriminator.fallback else { panic!("{discriminator:?}") };
    assert_eq!(schema.source().pointer(), "/components/schemas/Text");
}

#[test]
fn devices_and_certificates_authenticate() {
    let document = document();
    let schemes = document.security_schemes();
    assert_eq!(schemes[0].kind, SecurityKind::MutualTls);
    let SecurityKind::OAuth2 { flows } = &schemes[1].kind else { panic!("{:?}", schemes[1].kind) };
    assert_eq!(flows[0].kind, FlowKind::DeviceAuthorization);
    assert_eq!(flows[0].device_authorization_url.as_deref(), Some("https://auth.example.com/device"));
    assert!(schemes[1].deprecated);
    let asked: &[Requirement] = &document.operations()[0].security;
    assert_eq!((asked[0].schemes[0].scheme.as_str(), asked[1].schemes[0].scheme.as_str()), ("device", "certificate"));
}

#[test]
fn tags_have_parents_and_kinds_and_servers_have_names() {
    let document = document();
    let api = document.api();
    let tags: Vec<_> = api.tags.iter().map(|it| (it.name.as_str(), it.parent.as_deref(), it.kind.as_deref())).collect();
    assert_eq!(
        tags,
        [("sensors", None, Some("nav")), ("readings", Some("sensors"), Some("nav")), ("preview", None, Some("badge"))]
    );
    assert_eq!(api.tags[1].title.as_deref(), Some("Readings"));
    assert_eq!(api.servers[0].name.as_deref(), Some("production"));
}
