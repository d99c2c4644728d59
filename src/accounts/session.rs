//! Sessions: a random token in a cookie, its hash in the table.

use std::time::Duration;

use axum::{http::HeaderMap, response::Response};
use sqlx::PgConnection;

use super::store;
use crate::{
    db::AccountId,
    portal::Portal,
    vault::{random_token, sha256},
    web::{ClientRequest, Member, Result, SignedIn, clear_cookie, read_cookie, set_cookie},
};

/// A session ends after this long, however much it is used.
const LIFETIME: Duration = Duration::from_secs(30 * 24 * 3600);
/// A session that nobody used for this long has ended.
const IDLE: Duration = Duration::from_secs(7 * 24 * 3600);

const COOKIE: &str = "session";

/// Who the request's cookie stands for.
pub async fn visitor(portal: &Portal, headers: &HeaderMap) -> Result<Option<SignedIn>> {
    let Some(token) = read_cookie(headers, &portal.config.base_url, COOKIE) else { return Ok(None) };
    let Some(found) = store::recognize(&portal.db, &sha256(&token), IDLE).await? else { return Ok(None) };
    if found.is_stale {
        store::touch(&portal.db, found.id).await?;
    }
    let membership = match (found.organization, found.organization_name, found.role.and_then(|role| role.parse().ok()))
    {
        (Some(organization), Some(organization_name), Some(role)) => {
            Some(Member { account: found.account, organization, organization_name, role })
        }
        _ => None,
    };
    Ok(Some(SignedIn {
        session: found.id,
        account: found.account,
        name: found.name,
        email: found.email,
        staff: found.staff_role.and_then(|role| role.parse().ok()),
        membership,
    }))
}

/// Begins a session under a new token, and ends the one that the browser had.
pub(super) async fn begin(
    db: &mut PgConnection,
    portal: &Portal,
    headers: &HeaderMap,
    request: &ClientRequest,
    account: AccountId,
) -> Result<Begun> {
    if let Some(old) = read_cookie(headers, &portal.config.base_url, COOKIE) {
        store::end_session_of(&mut *db, &sha256(&old)).await?;
    }
    let token = random_token();
    let client = (request.address.to_string(), request.user_agent.clone());
    store::insert_session(&mut *db, account, &sha256(&token), (&client.0, &client.1), LIFETIME).await?;
    Ok(Begun(token))
}

/// A session whose cookie is still to be set.
pub(super) struct Begun(String);

impl Begun {
    pub(super) fn set(self, portal: &Portal, response: &mut Response) {
        let age = time::Duration::try_from(LIFETIME).expect("thirty days fit");
        set_cookie(response, &portal.config.base_url, COOKIE, &self.0, age);
    }
}

/// Ends the browser's session.
pub(super) async fn end(portal: &Portal, headers: &HeaderMap, response: &mut Response) -> Result<()> {
    if let Some(token) = read_cookie(headers, &portal.config.base_url, COOKIE) {
        store::end_session_of(&portal.db, &sha256(&token)).await?;
    }
    clear_cookie(response, &portal.config.base_url, COOKIE);
    Ok(())
}
