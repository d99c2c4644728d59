//! Cookies, all set and read here: `HttpOnly`, `SameSite=Lax`, and `__Host-` wherever the portal is served over TLS.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use axum_extra::extract::cookie::{Cookie, SameSite};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use time::Duration;

use crate::config::BaseUrl;

/// Sets a cookie on the answer, for the whole portal and for `age`.
pub fn set_cookie(response: &mut Response, base_url: &BaseUrl, name: &str, value: &str, age: Duration) {
    let value = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
    let cookie = Cookie::build((full_name(base_url, name), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(base_url.is_https())
        .max_age(age)
        .build();
    let header = HeaderValue::from_str(&cookie.to_string()).expect("a percent-encoded cookie is a valid header");
    response.headers_mut().append(header::SET_COOKIE, header);
}

/// Removes a cookie.
pub fn clear_cookie(response: &mut Response, base_url: &BaseUrl, name: &str) {
    set_cookie(response, base_url, name, "", Duration::ZERO);
}

/// The value of a cookie that came with the request.
pub fn read_cookie(headers: &HeaderMap, base_url: &BaseUrl, name: &str) -> Option<String> {
    let wanted = full_name(base_url, name);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == wanted)
        .and_then(|cookie| percent_decode_str(cookie.value()).decode_utf8().ok().map(|value| value.into_owned()))
        .filter(|value| !value.is_empty())
}

/// A sentence for the next page that the visitor sees, e.g. "The key was revoked."
pub struct Flash;

impl Flash {
    const COOKIE: &'static str = "flash";
    const AGE: Duration = Duration::seconds(60);

    /// Keeps the sentence for the next page.
    pub fn set(response: &mut Response, base_url: &BaseUrl, sentence: &str) {
        set_cookie(response, base_url, Self::COOKIE, sentence, Self::AGE);
    }

    pub(super) fn read(headers: &HeaderMap, base_url: &BaseUrl) -> Option<String> {
        read_cookie(headers, base_url, Self::COOKIE)
    }

    pub(super) fn clear(response: &mut Response, base_url: &BaseUrl) {
        clear_cookie(response, base_url, Self::COOKIE);
    }
}

/// `__Host-` binds a cookie to this host and to TLS; without TLS browsers would refuse the prefix.
fn full_name(base_url: &BaseUrl, name: &str) -> String {
    match base_url.is_https() {
        true => format!("__Host-{name}"),
        false => format!("vestibule-{name}"),
    }
}
