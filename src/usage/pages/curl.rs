//! A logged call as a command for a shell.

use serde_json::Value;

use crate::{
    config::BaseUrl,
    reference::{
        model::Method,
        sample::{Auth, Payload, Request},
    },
    usage::model::{Call, Side},
};

/// Headers that the connection makes, or that stand elsewhere in the command.
const LEFT_OUT: [&str; 14] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-api-key",
    "x-request-id",
];
/// Headers that browsers and proxies add.
const LEFT_OUT_FAMILIES: [&str; 3] = ["sec-", "x-forwarded-", "proxy-"];

/// The call with the key in `$SANDBOX_KEY`; `None` where its method is none that can be written.
pub(super) fn curl(call: &Call, base_url: &BaseUrl) -> Option<String> {
    let line = &call.line;
    let pairs = line.query.split('&').filter(|pair| !pair.is_empty());
    let request = Request {
        method: Method::parse(&line.method)?,
        base_url: format!("{}/sandbox/{}/{}", base_url.as_str(), line.api, line.version),
        path: literal(&line.path),
        query: pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(literal_pair).collect(),
        headers: call.request.headers.iter().filter(|(name, _)| is_kept(name)).cloned().collect(),
        cookies: Vec::new(),
        auth: vec![Auth::Bearer],
        payload: payload(&call.request),
    };
    Some(request.curl())
}

fn literal_pair((name, value): (&str, &str)) -> (String, String) {
    (literal(name), literal(value))
}

/// In an address, curl takes brackets and braces for a range or a choice.
fn literal(text: &str) -> String {
    let escapes = [("[", "%5B"), ("]", "%5D"), ("{", "%7B"), ("}", "%7D")];
    escapes.into_iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn is_kept(name: &str) -> bool {
    !LEFT_OUT.contains(&name) && !LEFT_OUT_FAMILIES.iter().any(|family| name.starts_with(family))
}

fn payload(side: &Side) -> Payload {
    match (&side.body, side.size) {
        (None, 0) => Payload::Nothing,
        (None, _) => Payload::File("body.bin".to_owned()),
        (Some(text), _) => match serde_json::from_str::<Value>(text) {
            Ok(value) if side.content_type().contains("json") => Payload::Json(value),
            _ => Payload::Text(text.clone()),
        },
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::{
        db::{AppId, CallId},
        usage::model::CallLine,
    };

    fn call(body: Option<&str>, headers: &[(&str, &str)]) -> Call {
        let line = CallLine {
            id: CallId::new(),
            at: OffsetDateTime::UNIX_EPOCH,
            app: AppId::new(),
            app_name: None,
            key: None,
            key_name: None,
            request_id: "req_1".into(),
            address: "192.0.2.1".into(),
            api: "parcels".into(),
            version: "v1".into(),
            operation: None,
            method: "POST".into(),
            path: "/things/a%20b".into(),
            query: "a[b]=1&b=%26&c".into(),
            status: 201,
            code: None,
            took_us: 1,
            ending: "complete".into(),
        };
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request = Side { headers, body: body.map(str::to_owned), size: body.map_or(0, |body| body.len() as i64) };
        Call { line, response: Side { headers: Vec::new(), body: None, size: 0 }, request }
    }

    #[test]
    fn a_logged_call_can_be_made_again_with_the_callers_own_key() {
        let headers = [
            ("host", "portal.example"),
            ("authorization", "[redacted]"),
            ("content-type", "application/json"),
            ("sec-fetch-site", "none"),
            ("x-note", "it's"),
        ];
        let command =
            curl(&call(Some(r#"{"a":"it's"}"#), &headers), &BaseUrl::parse("https://portal.example").unwrap()).unwrap();
        assert_eq!(
            command,
            "curl -X POST \\\n  \"https://portal.example/sandbox/parcels/v1/things/a%20b?a%5Bb%5D=1&b=%26&c=\" \\\n  \
             -H \"Authorization: Bearer $SANDBOX_KEY\" \\\n  -H \"content-type: application/json\" \\\n  \
             -H \"x-note: it's\" \\\n  -d '{\n    \"a\": \"it'\\''s\"\n  }'"
        );
    }

    #[test]
    fn a_body_that_is_no_text_is_a_file() {
        let mut binary = call(None, &[]);
        binary.request.size = 3;
        let command = curl(&binary, &BaseUrl::parse("https://portal.example").unwrap()).unwrap();
        assert!(command.contains("--data-binary @body.bin"), "{command}");
    }
}
