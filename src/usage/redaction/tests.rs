use proptest::prelude::*;

use super::*;

const KEY: &str = "vst_sandbox_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";
const SECRET: &str = "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ";
const HINT: &str = "vst_sandbox_…Lq17";

fn whole_query(text: &str) -> String {
    query(text, Extent::Whole)
}

fn json_body(text: &str) -> String {
    body("application/json", text, Extent::Whole)
}

#[test]
fn a_key_is_found_by_its_form_wherever_it_stands() {
    for (around, left) in
        [("", ""), ("x=", "&y"), ("\"", "\""), ("key:", "."), ("Bearer ", ", "), ("é", "é"), ("_", "_"), ("a_b_", "")]
    {
        assert_eq!(keys(&format!("{around}{KEY}{left}"), Extent::Whole), format!("{around}{HINT}{left}"));
    }
    assert_eq!(keys(&format!("{KEY} {KEY}"), Extent::Whole), format!("{HINT} {HINT}"));
    let mistyped = KEY.replace("0mLq", "0mLp");
    assert!(!keys(&mistyped, Extent::Whole).contains(SECRET), "a mistyped key is almost one");
    assert!(!keys(&format!("{KEY}{KEY}"), Extent::Whole).contains(SECRET));
    assert!(!keys(&format!("x{KEY}"), Extent::Whole).contains(SECRET), "the prefix may be an operator's own");
}

#[test]
fn other_texts_stay_as_they_are() {
    for text in
        ["", "_", "__", "vst_sandbox_", "vst_sandbox_short", "snake_case_name", "shp_01kaj7w2c9m0v6fsq8xe1h3t5r"]
    {
        assert_eq!(keys(text, Extent::Whole), text);
    }
}

#[test]
fn a_key_that_is_cut_off_is_no_less_secret() {
    for length in 13..KEY.len() {
        let cut = keys(&format!("{{\"a\":\"{}", &KEY[..length]), Extent::Cut);
        assert_eq!(cut, "{\"a\":\"vst_sandbox_…", "{length}");
    }
    assert_eq!(keys("vst_sandbox_short is fine", Extent::Cut), "vst_sandbox_short is fine");
}

#[test]
fn credentials_leave_the_headers() {
    let map = HeaderMap::from_iter(
        [
            ("authorization", "Bearer abc"),
            ("x-api-key", "abc"),
            ("cookie", "a=abc"),
            ("set-cookie", "a=abc"),
            ("x-auth-token", "abc"),
            ("x-note", KEY),
            ("location", "/things?token=abc&page=2"),
            ("content-type", "text/plain"),
        ]
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())),
    );
    let kept = headers(&map);
    assert!(!format!("{kept:?}").contains("abc") && !format!("{kept:?}").contains(SECRET), "{kept:?}");
    let value = |name: &str| kept.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap();
    assert_eq!(value("x-note"), HINT);
    assert_eq!(value("location"), "/things?token=[redacted]&page=2");
    assert_eq!(value("content-type"), "text/plain");
}

#[test]
fn secrets_leave_queries_forms_and_paths() {
    assert_eq!(whole_query(&format!("a=1&password=hunter2&q={KEY}&api%5Fkey=x&b")), {
        let hint = "vst_sandbox_%E2%80%A6Lq17";
        format!("a=1&password=[redacted]&q={hint}&api%5Fkey=[redacted]&b")
    });
    let escaped = KEY.replace('_', "%5F");
    assert!(!whole_query(&format!("x={escaped}")).contains(SECRET), "escapes hide nothing");
    assert!(!whole_query(&escaped).contains(SECRET));
    assert!(!path(&format!("/things/{escaped}/x")).contains(SECRET));
    assert_eq!(path("/things/a%2Fb/c"), "/things/a%2Fb/c");
    assert_eq!(whole_query("filter[name]=a+b%20c&limit=2"), "filter[name]=a+b%20c&limit=2");
    let form = body("application/x-www-form-urlencoded; charset=utf-8", "user=ines&pwd=hunter2", Extent::Whole);
    assert_eq!(form, "user=ines&pwd=[redacted]");
}

#[test]
fn secrets_leave_forms_in_parts() {
    let part =
        |name: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let text = format!("{}{}{}--b--\r\n", part("name", "Ines"), part("password", "hunter2"), part("note", KEY));
    let kept = body("multipart/form-data; boundary=b", &text, Extent::Whole);
    assert_eq!(kept, format!("{}{}{}--b--\r\n", part("name", "Ines"), part("password", REDACTED), part("note", HINT)));
    let cut =
        body("multipart/form-data; boundary=b", part("password", "hunter2").trim_end_matches("er2\r\n"), Extent::Cut);
    assert!(!cut.contains("hunt"), "{cut}");
}

#[test]
fn secret_members_leave_json_and_nothing_else_does() {
    let kept = json_body(
        r#"{ "name": "Ines \"x\"", "password" : "hunter2", "n": 1.50, "token": 12, "secret": {"a": ["b", "}"]}, "last": null }"#,
    );
    assert_eq!(
        kept,
        r#"{ "name": "Ines \"x\"", "password" : "[redacted]", "n": 1.50, "token": "[redacted]", "secret": "[redacted]", "last": null }"#
    );
    assert_eq!(json_body(r#"["password", "hunter2"]"#), r#"["password", "hunter2"]"#);
    assert_eq!(json_body(r#"{"pass\u0077ord": "hunter2"}"#), r#"{"pass\u0077ord": "[redacted]"}"#);
    assert_eq!(json_body(&format!(r#"{{"a": "{KEY}"}}"#)), format!(r#"{{"a": "{HINT}"}}"#));
    let hidden = KEY.replace('_', r"\u005f");
    assert_eq!(json_body(&format!(r#"{{"a": "{hidden}"}}"#)), format!(r#"{{"a": "{HINT}"}}"#));
    assert!(
        !body("text/plain", r#" {"password": "hunter2"}"#, Extent::Whole).contains("hunter"),
        "JSON without its type"
    );
}

#[test]
fn json_that_is_cut_is_redacted_to_its_end() {
    let whole = r#"{"a": "b", "password": "hunter2", "secret": {"x": [1, "hunter2"]}, "token": "hunter2"}"#;
    for length in 0..whole.len() {
        let kept = body("application/json", &whole[..length], Extent::Cut);
        assert!(!kept.contains("hun"), "{kept}");
    }
}

proptest! {
    #[test]
    fn no_text_around_a_key_saves_it(before in "\\PC{0,40}", after in "\\PC{0,40}", kind in 0usize..4) {
        let content_type = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"][kind];
        let kept = body(content_type, &format!("{before}{KEY}{after}"), Extent::Whole);
        prop_assert!(!kept.contains(SECRET), "{kept}");
    }

    #[test]
    fn every_text_is_read(text in "[\\PC\"{}\\[\\],:=&%\\\\\r\n-]{0,200}", kind in 0usize..4) {
        let content_type = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"][kind];
        body(content_type, &text, Extent::Cut);
        path(&text);
        query(&text, Extent::Cut);
    }
}
