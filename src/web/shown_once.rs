//! A new secret on its way from the form that made it to the page that shows it, this once.
//!
//! It travels sealed in a cookie of a few minutes, so that it is never in a URL, a log or the database, and works
//! without JavaScript. It opens only in its place, e.g. `new token usr_…`: nobody else's session can show it.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret, SecretString};
use time::Duration;

use super::{clear_cookie, read_cookie, set_cookie};
use crate::portal::Portal;

const COOKIE: &str = "shown-once";
/// Long enough for a slow redirect, short enough not to lie around.
const AGE: Duration = Duration::minutes(5);

/// Sends the secret along with the redirect.
pub fn hand_over(portal: &Portal, response: &mut Response, place: &str, secret: &SecretString) {
    let sealed = portal.vault.seal(place, secret.expose_secret().as_bytes());
    set_cookie(response, &portal.config.base_url, COOKIE, &BASE64URL_NOPAD.encode(&sealed), AGE);
}

/// The secret that the page at this place should show.
pub fn receive(portal: &Portal, headers: &HeaderMap, place: &str) -> Option<SecretString> {
    let sealed = BASE64URL_NOPAD.decode(read_cookie(headers, &portal.config.base_url, COOKIE)?.as_bytes()).ok()?;
    let secret = portal.vault.unseal(place, &sealed).ok()?;
    String::from_utf8(secret).ok().map(SecretString::from)
}

/// Marks the page as the one that showed it: the browser forgets the secret and does not keep the page.
pub fn shown(portal: &Portal, response: &mut Response) {
    clear_cookie(response, &portal.config.base_url, COOKIE);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().remove(header::ETAG);
}
