//! Headers that every answer carries, so that a browser does only what the portal needs.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::portal::Portal;

/// Two years, as preload lists ask.
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// For answers that are not pages: nothing in them may run or be framed.
const POLICY_OF_DATA: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// The policy of a page: scripts and styles of this portal, inline ones only by the hashes of those that are its own.
///
/// `'self'` is for the islands, which the start script imports: a hash does not extend to what is imported, and nothing
/// else here is served as a script. `wasm-unsafe-eval` lets it compile WebAssembly and nothing else; `img-src data:` is
/// for icons in style sheets.
pub(super) fn policy_of_page(scripts: &[String], styles: &[String]) -> String {
    let (scripts, styles) = (scripts.join(" "), styles.join(" "));
    format!(
        "default-src 'none'; script-src 'self' {scripts} 'wasm-unsafe-eval'; \
         style-src 'self' {styles}; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Middleware: adds what is missing.
pub(super) async fn secure(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    add(headers, header::CONTENT_SECURITY_POLICY, POLICY_OF_DATA);
    add(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(headers, header::X_FRAME_OPTIONS, "DENY");
    add(headers, header::REFERRER_POLICY, "same-origin");
    add(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    add(
        headers,
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    if portal.config.base_url.is_https() {
        add(headers, header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
