//! Folders as people keep them, and as somebody might who wants files from elsewhere.

use std::fs;

use serde_json::Value;

use super::{super::document::Document, *};

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let path = std::env::temp_dir().join(format!("vestibule-bundle-{}", uuid::Uuid::now_v7()));
        for (name, content) in files {
            let file = path.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, content).unwrap();
        }
        Self(path)
    }

    fn join(&self, entry: &str) -> Bundle {
        join(&self.0.join(entry), None).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn json(bundle: &Bundle) -> Value {
    serde_json::from_slice(&bundle.bytes).unwrap()
}

fn warnings(bundle: &Bundle) -> Vec<String> {
    let document = Document::read(&bundle.bytes).unwrap();
    document.warnings().iter().map(|warning| format!("{} {}", warning.pointer, warning.message)).collect()
}

const PETS: &[(&str, &str)] = &[
    (
        "openapi.yaml",
        "openapi: 3.1.0
info:
  title: Pets
  version: 1.10
  description: {$ref: docs/intro.md}
paths:
  /pets: {$ref: 'paths/pets.yaml#/all'}
  /pets/{id}: {$ref: 'paths/pets.yaml#/one'}
components:
  schemas:
    Animal: {$ref: ./schemas/pet.yaml}
    Error: {type: object, properties: {code: {type: integer}}}
  securitySchemes: {$ref: security.json}
tags:
  - $ref: tags.yaml#/0
",
    ),
    ("docs/intro.md", "# Pets\n\nAll of them.\n"),
    ("security.json", r#"{"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}"#),
    ("tags.yaml", "- {name: pets}\n"),
    (
        "paths/pets.yaml",
        "all:
  get:
    operationId: listPets
    tags: [pets]
    parameters:
      - $ref: '../common.json#/parameters/Limit'
    responses:
      '200':
        description: Pets
        headers: {x-total: {$ref: '../common.json#/headers/Total'}}
        content:
          application/json:
            schema: {type: array, items: {$ref: ../schemas/pet.yaml}}
            examples: {one: {value: [{$ref: '../not/a/reference.yaml'}]}}
      default: {$ref: '../common.json#/responses/Problem'}
one:
  parameters:
    - {name: id, in: path, required: true, schema: {type: string}}
  get:
    operationId: getPet
    responses:
      '200':
        description: One
        content: {application/json: {schema: {$ref: ../schemas/pet.yaml}}}
",
    ),
    (
        "common.json",
        r##"{
  "parameters": {"Limit": {"name": "limit", "in": "query", "schema": {"$ref": "#/definitions/Count"}}},
  "headers": {"Total": {"schema": {"$ref": "#/definitions/Count"}}},
  "responses": {"Problem": {"description": "Problem", "content": {"application/json": {
    "schema": {"$ref": "openapi.yaml#/components/schemas/Error"}}}}},
  "definitions": {"Count": {"type": "integer", "multipleOf": 1.0}, "Error": {"type": "string"}}
}"##,
    ),
    (
        "schemas/pet.yaml",
        "type: object
description: A pet.
discriminator: {propertyName: kind, mapping: {cat: cat.yaml, dog: '#/$defs/Dog'}}
properties:
  kind: {type: string}
  mother: {$ref: '#'}
  friends: {type: array, items: {$ref: pet.yaml}}
  error: {$ref: '../common.json#/definitions/Error'}
$defs:
  Dog: {type: object}
",
    ),
    ("schemas/cat.yaml", "allOf:\n  - $ref: pet.yaml\n"),
];

#[test]
fn a_folder_becomes_one_document_without_loose_ends() {
    let folder = Folder::with(PETS);
    let bundle = folder.join("");
    assert_eq!(bundle.file_name, "openapi.yaml and 7 more files");
    assert_eq!(bundle.doubts, []);
    assert_eq!(warnings(&bundle), Vec::<String>::new());
    let document = json(&bundle);
    assert_eq!(document["info"]["description"], "# Pets\n\nAll of them.\n");
    assert_eq!(document["tags"][0]["name"], "pets");
    let list = &document["paths"]["/pets"]["get"];
    assert_eq!(list["parameters"][0]["$ref"], "#/components/parameters/Limit");
    assert_eq!(list["responses"]["default"]["$ref"], "#/components/responses/Problem");
    assert_eq!(list["responses"]["200"]["headers"]["x-total"]["$ref"], "#/components/headers/Total");
    let content = &list["responses"]["200"]["content"]["application/json"];
    assert_eq!(content["schema"]["items"]["$ref"], "#/components/schemas/Animal");
    assert_eq!(content["examples"]["one"]["value"][0]["$ref"], "../not/a/reference.yaml", "data is no reference");
    assert_eq!(document["paths"]["/pets/{id}"]["get"]["operationId"], "getPet");
    let components = &document["components"];
    let pet = &components["schemas"]["Animal"];
    assert_eq!(pet["properties"]["mother"]["$ref"], "#/components/schemas/Animal");
    assert_eq!(pet["properties"]["friends"]["items"]["$ref"], "#/components/schemas/Animal");
    assert_eq!(pet["discriminator"]["mapping"]["cat"], "#/components/schemas/cat");
    assert_eq!(pet["discriminator"]["mapping"]["dog"], "#/components/schemas/Dog");
    assert_eq!(components["schemas"]["cat"]["allOf"][0]["$ref"], "#/components/schemas/Animal");
    assert_eq!(pet["properties"]["error"]["$ref"], "#/components/schemas/Error_2", "the document's own Error stays");
    assert_eq!(components["schemas"]["Error_2"]["type"], "string");
    let problem = &components["responses"]["Problem"]["content"]["application/json"]["schema"];
    assert_eq!(problem["$ref"], "#/components/schemas/Error");
    assert_eq!(components["securitySchemes"]["key"]["name"], "X-Key");
}

#[test]
fn numbers_and_the_order_of_members_stay_as_they_are_written() {
    let bundle = Folder::with(PETS).join("openapi.yaml");
    let text = String::from_utf8(bundle.bytes).unwrap();
    assert!(text.contains("\"version\": 1.10"), "{text}");
    assert!(text.contains("\"multipleOf\": 1.0"), "{text}");
    let at = |member: &str| text.find(&format!("\n  \"{member}\"")).unwrap();
    assert!(at("openapi") < at("info") && at("paths") < at("components") && at("components") < at("tags"));
}

#[test]
fn a_document_in_one_file_stays_byte_for_byte() {
    let text = "# kept\nopenapi:   3.0.3\ncomponents: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {}}}\n";
    let bundle = Folder::with(&[("api.yml", text), ("readme.md", "x"), ("part.yaml", "type: object")]).join("");
    assert_eq!((bundle.bytes.as_slice(), bundle.file_name.as_str()), (text.as_bytes(), "api.yml"));
    let web = "openapi: 3.1.0\npaths: {/a: {$ref: 'https://example.com/a.yaml'}}\n# $ref: ./looks/like/one\n";
    assert_eq!(Folder::with(&[("openapi.yaml", web)]).join("").bytes, web.as_bytes());
}

#[test]
fn what_is_outside_of_the_folder_is_not_read() {
    let outside = Folder::with(&[("secret.yaml", "type: string\ndescription: hidden\n")]);
    let secret = outside.0.join("secret.yaml");
    let text = |reference: &str| format!("openapi: 3.1.0\ncomponents: {{schemas: {{A: {{$ref: '{reference}'}}}}}}\n");
    let name = outside.0.file_name().unwrap().to_str().unwrap();
    for reference in [
        secret.to_str().unwrap(),
        &format!("../{name}/secret.yaml"),
        "a/../../x.yaml",
        "link.yaml",
        "linked/secret.yaml",
    ] {
        let folder = Folder::with(&[("openapi.yaml", &text(reference))]);
        std::os::unix::fs::symlink(&secret, folder.0.join("link.yaml")).unwrap();
        std::os::unix::fs::symlink(&outside.0, folder.0.join("linked")).unwrap();
        let bundle = folder.join("");
        assert!(!String::from_utf8_lossy(&bundle.bytes).contains("hidden"), "{reference}");
        let [doubt] = bundle.doubts.as_slice() else { panic!("{reference}: {:?}", bundle.doubts) };
        assert_eq!((doubt.code.as_str(), doubt.pointer.as_str()), ("missing_file", "/components/schemas/A"));
        assert!(doubt.message.contains("folder"), "{}", doubt.message);
    }
}

#[test]
fn what_is_not_there_is_told_with_its_file_and_place() {
    let folder = Folder::with(&[
        ("openapi.yaml", "openapi: 3.1.0\npaths: {/a: {$ref: a.yaml}}\n"),
        (
            "a.yaml",
            "get:\n  responses:\n    '200': {$ref: 'b.yaml#/nothing'}\n    '404': {$ref: gone.yaml}\n    '500': {$ref: bad.yaml}\n",
        ),
        ("b.yaml", "something: {}\n"),
        ("bad.yaml", "a: [\n"),
    ]);
    let bundle = folder.join("");
    let found: Vec<_> = bundle.doubts.iter().map(|it| (it.pointer.as_str(), it.line, it.message.as_str())).collect();
    let pointers: Vec<_> = found.iter().map(|(pointer, line, _)| (*pointer, *line)).collect();
    assert_eq!(pointers, [("/get/responses/200", 3), ("/get/responses/404", 4), ("/get/responses/500", 5)]);
    assert_eq!(found[0].2, "`b.yaml#/nothing` in a.yaml leads to nothing: b.yaml has nothing there.");
    assert_eq!(found[1].2, "`gone.yaml` in a.yaml leads to nothing: the file is not there.");
    assert!(found[2].2.contains("not valid YAML"), "{}", found[2].2);
}

#[test]
fn files_that_lead_back_to_themselves_come_to_an_end() {
    let bundle = Folder::with(&[
        ("openapi.yaml", "openapi: 3.1.0\npaths: {/a: {$ref: a.yaml}, /b: {$ref: b.yaml}}\ncomponents: {schemas: {A: {$ref: s.yaml}}}\n"),
        ("a.yaml", "$ref: b.yaml\n"),
        ("b.yaml", "$ref: a.yaml\n"),
        ("s.yaml", "$ref: t.yaml\n"),
        ("t.yaml", "$ref: s.yaml\n"),
    ])
    .join("");
    assert_eq!(bundle.doubts.len(), 2, "{:?}", bundle.doubts);
    Document::read(&bundle.bytes).unwrap();

    // Each file holds the next one ten times: a thousand million times the last.
    let last = format!("a: {}\n", "x".repeat(100_000));
    let many: Vec<(String, String)> = (0..9)
        .map(|n| (format!("f{n}.yaml"), format!("a: [{}]\n", vec![format!("{{$ref: f{}.yaml}}", n + 1); 10].join(","))))
        .chain([("f9.yaml".to_owned(), last)])
        .chain([("openapi.yaml".to_owned(), "openapi: 3.1.0\ninfo: {$ref: f0.yaml}\n".to_owned())])
        .collect();
    let many: Vec<_> = many.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = Folder::with(&many);
    assert!(matches!(join(&folder.0, None), Err(BundleError::TooLarge)));
}

#[test]
fn a_folder_has_to_have_one_document() {
    let none = Folder::with(&[("part.yaml", "type: object")]);
    assert!(matches!(join(&none.0, None), Err(BundleError::NoEntry { found, .. }) if found.is_empty()));
    let two = Folder::with(&[("a.yaml", "openapi: 3.1.0"), ("b.json", "{\"openapi\": \"3.1.0\"}")]);
    let refused = join(&two.0, None).unwrap_err().to_string();
    assert!(refused.contains("(a.yaml, b.json)"), "{refused}");
    let named = Folder::with(&[("a.yaml", "openapi: 3.1.0"), ("openapi.json", "{\"openapi\": \"3.1.0\"}")]);
    assert_eq!(join(&named.0, None).unwrap().file_name, "openapi.json");
    assert!(matches!(join(&named.0.join("gone"), None), Err(BundleError::Io { .. })));
}

#[test]
fn files_beside_the_documents_folder_are_read_when_the_folder_is_named() {
    let folder = Folder::with(&[
        ("apis/pets/openapi.yaml", "openapi: 3.1.0\ncomponents: {schemas: {A: {$ref: ../../common.yaml}}}\n"),
        ("common.yaml", "type: integer\n"),
    ]);
    let document = folder.0.join("apis/pets/openapi.yaml");
    assert_eq!(join(&document, None).unwrap().doubts.len(), 1);
    let bundle = join(&document, Some(&folder.0)).unwrap();
    assert_eq!(bundle.doubts, []);
    assert_eq!(json(&bundle)["components"]["schemas"]["A"]["type"], "integer");
    let elsewhere = Folder::with(&[("x", "")]);
    assert!(matches!(join(&document, Some(&elsewhere.0)), Err(BundleError::Outside { .. })));
}

#[test]
fn parts_that_lead_from_one_to_the_next_end() {
    const LINKS: usize = 100_000;
    let links: Vec<_> = (0..LINKS).map(|n| format!("\"p{n}\": {{\"$ref\": \"#/p{}\"}}", n + 1)).collect();
    let folder = Folder::with(&[
        ("openapi.yaml", "openapi: 3.1.0\npaths:\n  /a: {$ref: 'paths.json#/p0'}\n"),
        ("paths.json", &format!("{{{}, \"p{LINKS}\": {{}}}}", links.join(","))),
    ]);
    let place = folder.0.join("openapi.yaml");
    let bundle = on_a_deep_stack(move || join(&place, None)).unwrap().unwrap();
    assert_eq!(json(&bundle)["paths"]["/a"], Value::Null);
}

#[test]
fn many_parts_of_one_name_are_numbered() {
    const PARTS: usize = 20_000;
    let parts: Vec<_> = (0..PARTS).map(|n| format!("\"{n}\": {{\"Same\": {{\"const\": {n}}}}}")).collect();
    let properties: Vec<_> = (0..PARTS).map(|n| format!("\"p{n}\": {{\"$ref\": \"parts.json#/{n}/Same\"}}")).collect();
    let schema = format!("{{\"properties\": {{{}}}}}", properties.join(","));
    let document = format!("{{\"openapi\": \"3.1.0\", \"components\": {{\"schemas\": {{\"A\": {schema}}}}}}}");
    let folder = Folder::with(&[("openapi.json", &document), ("parts.json", &format!("{{{}}}", parts.join(",")))]);
    let bundle = json(&folder.join("openapi.json"));
    let schemas = bundle["components"]["schemas"].as_object().unwrap();
    assert_eq!(schemas.len(), PARTS + 1);
    assert_eq!(schemas[&format!("Same_{PARTS}")]["const"], PARTS - 1);
}
