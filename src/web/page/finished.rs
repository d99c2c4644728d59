//! A document ready to be sent: which inline scripts and styles are its own, its validator, its compressed form.
//!
//! The policy names the hashes of what stands inline, not a nonce: the same bytes can then be sent again. While a page
//! is rendered, leptos' nonce marks what is its own; hostile text cannot carry it, and it is gone from what is sent.

use std::io::{Read, Write};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use sha2::{Digest, Sha256};

use super::super::headers::policy_of_page;

/// As fast as compressing on the way out would be, and done once.
const BROTLI_QUALITY: u32 = 5;
/// The window of the format's default: as large as a page.
const BROTLI_WINDOW: u32 = 22;

/// A document and what is said about it.
#[derive(Clone, Debug)]
pub(super) struct Finished {
    text: Text,
    policy: HeaderValue,
    validator: HeaderValue,
}

/// A document's text in the one form that is kept of it.
#[derive(Clone, Debug)]
enum Text {
    Plain(Bytes),
    /// A tenth of the size. Nearly every reader takes it as it is; for the others it is unpacked on the way out.
    Brotli(Bytes),
}

impl Finished {
    /// From what was rendered, where `nonce` marks the portal's own inline scripts and styles.
    pub fn from_rendered(html: &str, nonce: &str) -> Self {
        let (html, own) = unmarked(html, nonce);
        let validator = format!("W/\"{}\"", data_encoding::BASE64URL_NOPAD.encode(&Sha256::digest(&html)[..16]));
        let policy = policy_of_page(&own.scripts, &own.styles);
        let header =
            |text: String| HeaderValue::from_maybe_shared(text).expect("base64 and keywords are visible ASCII");
        Self { text: Text::Plain(html.into()), policy: header(policy), validator: header(validator) }
    }

    /// In its compressed form, for being kept and sent more than once.
    pub fn compressed(self) -> Self {
        let Text::Plain(html) = &self.text else { return self };
        let mut compressor = brotli::CompressorWriter::new(Vec::new(), 4096, BROTLI_QUALITY, BROTLI_WINDOW);
        match compressor.write_all(html) {
            Ok(()) => Self { text: Text::Brotli(compressor.into_inner().into()), ..self },
            Err(_) => self,
        }
    }

    /// How much memory it takes.
    pub fn len(&self) -> usize {
        match &self.text {
            Text::Plain(text) | Text::Brotli(text) => text.len(),
        }
    }

    /// The answer to a request with these headers: the document, or that the browser has it already.
    pub fn answer(&self, asked: &HeaderMap, status: StatusCode) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        if status == StatusCode::OK {
            headers.insert(header::ETAG, self.validator.clone());
            if names(asked, header::IF_NONE_MATCH, self.validator.to_str().unwrap_or_default()) {
                *response.status_mut() = StatusCode::NOT_MODIFIED;
                return response;
            }
        }
        *response.body_mut() = match &self.text {
            Text::Plain(html) => Body::from(html.clone()),
            Text::Brotli(packed) => {
                response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
                if names(asked, header::ACCEPT_ENCODING, "br") {
                    response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
                    Body::from(packed.clone())
                } else {
                    Body::from(unpacked(packed))
                }
            }
        };
        response
    }
}

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut html = Vec::with_capacity(packed.len() * 12);
    let read = brotli::Decompressor::new(packed, 4096).read_to_end(&mut html);
    read.expect("it was packed here and not changed since");
    html
}

/// Whether one of a header's comma-separated values is this one, whatever parameters follow it.
fn names(headers: &HeaderMap, header: header::HeaderName, wanted: &str) -> bool {
    let values = headers.get_all(header).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|value| {
        let mut parts = value.split(';').map(str::trim);
        let weight = |part: &str| part.strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        parts.next() == Some(wanted) && parts.find_map(weight) != Some(0.0)
    })
}

/// The sources of a policy for what stands inline.
#[derive(Debug, Default, PartialEq, Eq)]
struct Own {
    scripts: Vec<String>,
    styles: Vec<String>,
}

/// The document without the marks, and the hashes of what was marked.
fn unmarked(html: &str, nonce: &str) -> (String, Own) {
    let mark = format!(" nonce=\"{nonce}\"");
    let mut text = String::with_capacity(html.len());
    let mut own = Own::default();
    let mut parts = html.split(mark.as_str());
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let list = if text.rfind("<script") > text.rfind("<style") { &mut own.scripts } else { &mut own.styles };
        let content = part.split_once('>').map_or("", |(_, rest)| rest);
        let content = content.split("</script>").next().and_then(|content| content.split("</style>").next());
        let hash = data_encoding::BASE64.encode(&Sha256::digest(content.unwrap_or_default()));
        let source = format!("'sha256-{hash}'");
        if !list.contains(&source) {
            list.push(source);
        }
        text.push_str(part);
    }
    (text, own)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RENDERED: &str = r#"<style nonce="abc">p{}</style><script type="module" nonce="abc">run()</script><p>nonce="abc"</p><script>taken()</script>"#;

    fn hash(text: &str) -> String {
        format!("'sha256-{}'", data_encoding::BASE64.encode(&Sha256::digest(text)))
    }

    #[test]
    fn only_what_was_marked_may_run() {
        let (html, own) = unmarked(RENDERED, "abc");
        assert_eq!(own, Own { scripts: vec![hash("run()")], styles: vec![hash("p{}")] });
        assert!(html.starts_with(r#"<style>p{}</style><script type="module">run()</script>"#), "{html}");
    }

    #[test]
    fn the_same_page_has_the_same_validator_whatever_its_nonce_was() {
        let first = Finished::from_rendered(RENDERED, "abc");
        let second = Finished::from_rendered(&RENDERED.replace("abc", "xyz"), "xyz");
        let asked = HeaderMap::from_iter([(header::IF_NONE_MATCH, first.validator.clone())]);
        assert_ne!(second.answer(&asked, StatusCode::OK).status(), StatusCode::NOT_MODIFIED, "its text differs");
        let again = Finished::from_rendered(&RENDERED.replace(r#" nonce="abc""#, r#" nonce="q""#), "q");
        assert_eq!(again.answer(&asked, StatusCode::OK).status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn the_compressed_form_goes_to_who_takes_it() {
        let page = Finished::from_rendered(&RENDERED.repeat(50), "abc").compressed();
        let asked =
            |accept: &'static str| HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accept))]);
        let encoding =
            |accept| page.answer(&asked(accept), StatusCode::OK).headers().get(header::CONTENT_ENCODING).cloned();
        assert_eq!(encoding("gzip, deflate, br;q=0.8").unwrap(), "br");
        assert_eq!(encoding("gzip"), None);
        assert_eq!(encoding("br;q=0, gzip"), None);
        assert_eq!(encoding("br; q=0.000"), None);
        assert!(page.len() < RENDERED.len() * 50 / 4);
    }

    #[tokio::test]
    async fn whoever_takes_no_brotli_gets_the_same_text() {
        let plain = Finished::from_rendered(&RENDERED.repeat(50), "abc");
        let text = async |page: &Finished| {
            let body = page.answer(&HeaderMap::new(), StatusCode::OK).into_body();
            axum::body::to_bytes(body, usize::MAX).await.unwrap()
        };
        assert_eq!(text(&plain.clone().compressed()).await, text(&plain).await);
    }
}
