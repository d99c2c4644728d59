use super::*;

const BEFORE: &str = r##"
openapi: 3.1.0
info: {title: Books, version: "1"}
paths:
  /books:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: sort, in: query, schema: {type: string}}
      responses: {"200": {description: Some.}, "404": {description: None.}}
    post:
      responses: {"201": {description: Made.}}
  /old: {get: {responses: {}}}
webhooks:
  sold: {post: {responses: {}}}
components:
  schemas:
    Book: {type: object, properties: {id: {type: string}, pages: {type: integer}}}
    Gone: {type: string}
    Same: {type: object, properties: {a: {type: string}, b: {type: integer}}}
"##;

const AFTER: &str = r##"
openapi: 3.1.0
info: {title: Books, version: "2", description: More.}
paths:
  /books:
    get:
      parameters:
        - {name: limit, in: query, required: true, schema: {type: integer}}
        - {name: page, in: query, schema: {type: string}}
      responses: {"200": {description: Many.}, "429": {description: Later.}}
    post:
      deprecated: true
      requestBody: {content: {application/json: {schema: {}}}}
      responses: {"201": {description: Made.}}
  /new: {get: {responses: {}}}
webhooks:
  sold: {post: {responses: {}}}
components:
  schemas:
    Book: {type: object, required: [id], properties: {id: {type: string, maxLength: 9}, title: {type: string}}}
    Same: {properties: {b: {type: integer}, a: {type: string}}, type: object}
"##;

fn read(text: &str) -> Document {
    Document::read(text.as_bytes()).unwrap()
}

fn names(items: &[Item]) -> Vec<String> {
    let name = |item: &Item| item.method.iter().chain([&item.name]).cloned().collect::<Vec<_>>().join(" ");
    items.iter().map(name).collect()
}

#[test]
fn what_is_removed_changed_and_added_is_named() {
    let changes = Changes::between(&read(BEFORE), &read(AFTER));
    assert_eq!(changes.about, ["description"]);
    assert_eq!(
        changes.in_words(),
        "operations: 1 removed, 2 changed, 1 added; schemas: 1 removed, 1 changed; description changed"
    );
    let [operations, schemas] = &changes.groups[..] else { panic!("{:?}", changes.groups) };
    assert_eq!(names(&operations.removed), ["GET /old"]);
    assert_eq!(names(&operations.added), ["GET /new"]);
    assert_eq!(names(&operations.changed), ["GET /books", "POST /books"]);
    assert_eq!(
        operations.changed[0].details,
        [
            "parameter query sort removed",
            "parameter query limit changed",
            "parameter query page added",
            "query limit required",
            "response 404 removed",
            "response 200 changed",
            "response 429 added",
        ]
    );
    assert_eq!(operations.changed[1].details, ["body added", "now deprecated"]);
    assert_eq!(names(&schemas.removed), ["Gone"]);
    assert_eq!(
        schemas.changed[0].details,
        ["property pages removed", "property id changed", "property title added", "id now required"]
    );
}

#[test]
fn a_document_does_not_differ_from_itself_in_the_other_notation() {
    let yaml = read(BEFORE);
    let json = read(&yaml.root().to_json().to_string());
    let changes = Changes::between(&yaml, &json);
    assert!(changes.is_empty(), "{changes:?}");
    assert_eq!(changes.in_words(), "nothing that pages show");
}

#[test]
fn a_change_that_has_no_words_of_its_own_is_still_seen() {
    let other = BEFORE.replace("/old: {get: {", "/old: {get: {x-owner: sales, ");
    let changes = Changes::between(&read(BEFORE), &read(&other));
    assert_eq!(changes.groups[0].changed[0].details, ["other details"]);
}

#[test]
fn what_a_parameter_refers_to_is_compared_not_how_it_is_written() {
    let text = |schema: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: x, version: '1'}}\npaths:\n  /a: {{get: {{parameters: [{{$ref: '#/components/parameters/P'}}], responses: {{}}}}}}\ncomponents: {{parameters: {{P: {{name: p, in: query, schema: {{type: {schema}}}}}}}}}\n"
        )
    };
    let changes = Changes::between(&read(&text("string")), &read(&text("integer")));
    assert_eq!(changes.groups[0].changed[0].details, ["parameter query p changed"]);
}
