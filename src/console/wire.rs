//! A request as it goes over the wire: the same model as the `curl` line, with the key and the files in it.

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
};
use data_encoding::BASE64;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::posted::Attached;
use crate::{
    outbound,
    reference::sample::{Auth, Part, PartContent, Payload, Request},
};

/// The request with its credentials. The error is a sentence.
pub(super) fn of(
    request: &Request,
    credentials: &[(Auth, SecretString)],
    files: &[Attached],
) -> Result<outbound::Request, String> {
    let method =
        Method::from_bytes(request.method.as_str().as_bytes()).map_err(|_| "The method cannot be sent.".to_owned())?;
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("*/*"));
    for (name, value) in &request.headers {
        add(&mut headers, name, value)?;
    }
    let (content_type, body) = body(&request.payload, files);
    if let Some(content_type) = content_type {
        add(&mut headers, "content-type", &content_type)?;
    }
    let mut url = request.url();
    let mut cookies: Vec<String> = request.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    for (auth, secret) in credentials {
        let secret = secret.expose_secret();
        match auth {
            Auth::Bearer => add_secret(&mut headers, "authorization", &format!("Bearer {secret}"))?,
            Auth::Basic => {
                let pair = if secret.contains(':') { secret.to_owned() } else { format!("{secret}:") };
                add_secret(&mut headers, "authorization", &format!("Basic {}", BASE64.encode(pair.as_bytes())))?;
            }
            Auth::Scheme(scheme) => add_secret(&mut headers, "authorization", &format!("{scheme} {secret}"))?,
            Auth::Header(name) => add_secret(&mut headers, name, secret)?,
            Auth::Query(name) => {
                let mark = if url.contains('?') { '&' } else { '?' };
                url.push_str(&format!("{mark}{}={}", escaped(name), escaped(secret)));
            }
            Auth::Cookie(name) => cookies.push(format!("{}={}", escaped(name), escaped(secret))),
            Auth::Certificate => {}
        }
    }
    if !cookies.is_empty() {
        add_secret(&mut headers, "cookie", &cookies.join("; "))?;
    }
    Ok(outbound::Request { method, url, headers, body })
}

fn add(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), String> {
    let refused = || format!("The header {name} cannot be sent: a line break, or a character that no header has.");
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?;
    let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| refused())?;
    headers.append(name, value);
    Ok(())
}

fn add_secret(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), String> {
    let refused = || format!("What was pasted for the header {name} cannot be sent in a header.");
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?;
    let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| refused())?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

fn body(payload: &Payload, files: &[Attached]) -> (Option<String>, Bytes) {
    match payload {
        Payload::Nothing => (None, Bytes::new()),
        Payload::Json(value) => (None, value.to_string().into()),
        Payload::Text(text) => (None, text.clone().into()),
        Payload::File(_) => (None, files.first().map(|file| file.bytes.clone()).unwrap_or_default()),
        Payload::Form(pairs) => {
            let pairs: Vec<String> =
                pairs.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
            (Some("application/x-www-form-urlencoded".to_owned()), pairs.join("&").into())
        }
        Payload::Multipart(parts) => {
            let boundary = format!("part-{}", Uuid::now_v7().simple());
            let body = multipart(parts, files, &boundary);
            (Some(format!("multipart/form-data; boundary={boundary}")), body.into())
        }
    }
}

fn multipart(parts: &[Part], files: &[Attached], boundary: &str) -> Vec<u8> {
    let mut files: Vec<&Attached> = files.iter().collect();
    let mut body = Vec::new();
    for part in parts {
        body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(&part.name)).bytes());
        let (content_type, content) = match &part.content {
            PartContent::Text(text) => (part.content_type.clone(), Bytes::from(text.clone())),
            PartContent::File(name) => {
                let at = files.iter().position(|file| file.field == part.name);
                let file = at.map(|at| files.remove(at));
                body.extend(format!("; filename=\"{}\"", quoted(name)).bytes());
                let own = file.map(|file| file.content_type.clone()).filter(|name| !name.is_empty());
                (own.or_else(|| part.content_type.clone()), file.map(|file| file.bytes.clone()).unwrap_or_default())
            }
        };
        body.extend(b"\r\n");
        if let Some(content_type) = content_type {
            body.extend(format!("Content-Type: {}\r\n", content_type.replace(['\r', '\n'], " ")).bytes());
        }
        body.extend(b"\r\n");
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").bytes());
    body
}

/// As browsers write names of parts.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::model;

    fn request(payload: Payload) -> Request {
        Request {
            method: model::Method::parse("post").unwrap(),
            base_url: "https://api.example.com/v1".to_owned(),
            path: "/parcels".to_owned(),
            query: vec![("a".to_owned(), "1".to_owned())],
            headers: vec![("X-Tag".to_owned(), "é".to_owned())],
            cookies: vec![("theme".to_owned(), "dark".to_owned())],
            auth: Vec::new(),
            payload,
        }
    }

    #[test]
    fn each_credential_goes_to_its_place() {
        let credentials = [
            (Auth::Basic, "ines".into()),
            (Auth::Header("X-Api-Key".to_owned()), "k-1".into()),
            (Auth::Query("key".to_owned()), "k 2".into()),
            (Auth::Cookie("session".to_owned()), "k-3".into()),
        ];
        let sent = of(&request(Payload::Nothing), &credentials, &[]).unwrap();
        assert_eq!(sent.url, "https://api.example.com/v1/parcels?a=1&key=k%202");
        assert_eq!(sent.headers["authorization"], format!("Basic {}", BASE64.encode(b"ines:")));
        assert_eq!(sent.headers["x-api-key"], "k-1");
        assert_eq!(sent.headers["cookie"], "theme=dark; session=k%2D3");
        assert!(["authorization", "x-api-key", "cookie"].iter().all(|name| sent.headers[*name].is_sensitive()));
        assert_eq!(sent.headers["x-tag"].as_bytes(), "é".as_bytes());
    }

    #[test]
    fn a_line_break_does_not_reach_a_header() {
        let credentials = [(Auth::Bearer, "a\r\nX-Evil: 1".into())];
        assert!(of(&request(Payload::Nothing), &credentials, &[]).unwrap_err().contains("authorization"));
        let mut request = request(Payload::Nothing);
        request.headers = vec![("X-Tag".to_owned(), "a\nb".to_owned())];
        assert!(of(&request, &[], &[]).is_err());
    }

    #[test]
    fn forms_and_parts_are_written_as_browsers_write_them() {
        let form = Payload::Form(vec![("a b".to_owned(), "1&2".to_owned())]);
        assert_eq!(of(&request(form), &[], &[]).unwrap().body, "a%20b=1%262");

        let text = Part { name: "kind".to_owned(), content: PartContent::Text("x".to_owned()), content_type: None };
        let file =
            Part { name: "fi\"le".to_owned(), content: PartContent::File("a.pdf".to_owned()), content_type: None };
        let attached = Attached {
            field: "fi\"le".to_owned(),
            name: "a.pdf".to_owned(),
            content_type: "application/pdf".to_owned(),
            bytes: Bytes::from_static(b"\0%PDF"),
        };
        let sent = of(&request(Payload::Multipart(vec![text, file])), &[], &[attached]).unwrap();
        let stated = sent.headers["content-type"].to_str().unwrap();
        let boundary = stated.strip_prefix("multipart/form-data; boundary=").unwrap();
        let expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nx\r\n--{boundary}\r\n\
             Content-Disposition: form-data; name=\"fi%22le\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n\
             \0%PDF\r\n--{boundary}--\r\n"
        );
        assert_eq!(sent.body, expected);
    }
}
