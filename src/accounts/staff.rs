//! Staff accounts, made from the command line: the first one, and any other.

use std::time::Duration;

use anyhow::Context;
use serde_json::json;

use super::{EmailAddress, Password, store};
use crate::{
    audit::{self, Actor, Entry, Subject},
    db::AccountId,
    portal::Portal,
    vault::{random_token, sha256},
    web::{Error, StaffRole},
};

/// Long enough to reach the person by another way than mail.
const LINK_LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// What the first administrator signs in with.
pub struct FirstSignIn {
    /// The address.
    pub email: String,
    /// The password, shown this once.
    pub password: String,
}

/// Makes an administrator where there is no staff yet.
pub async fn first_administrator(portal: &Portal, email: &str) -> anyhow::Result<Option<FirstSignIn>> {
    if store::has_staff(&portal.db).await? {
        return Ok(None);
    }
    let email = EmailAddress::parse(email).map_err(anyhow::Error::msg)?;
    let password = Password::generated();
    administrator(portal, &email, &password).await?;
    Ok(Some(FirstSignIn { email: email.as_str().to_owned(), password: password.expose().to_owned() }))
}

/// Makes an administrator, or makes somebody with an account one, with this password.
pub async fn administrator(portal: &Portal, email: &EmailAddress, password: &Password) -> anyhow::Result<AccountId> {
    let hash = portal.passwords.hash(password).await.map_err(in_words)?;
    let mut tx = portal.db.begin().await?;
    let id = match store::by_email(&mut *tx, email.as_str()).await? {
        Some(account) => {
            store::set_password(&mut *tx, account.id, &hash).await?;
            store::end_other_sessions(&mut *tx, account.id, None).await?;
            account.id
        }
        None => {
            let id = AccountId::new();
            store::insert(&mut *tx, id, email.as_str(), "Administrator", &hash).await?;
            id
        }
    };
    store::set_staff_role(&mut *tx, id, StaffRole::Admin).await?;
    let entry = Entry::new("staff.appointed", Subject::own("account", id, email.as_str()))
        .after(json!({ "role": StaffRole::Admin.as_str() }));
    audit::record(&mut tx, &Actor::system("command line"), entry).await?;
    tx.commit().await?;
    Ok(id)
}

/// A link, good once and for a day, with which a new administrator sets their password.
pub async fn set_password_link(portal: &Portal, email: &EmailAddress) -> anyhow::Result<String> {
    let account = administrator(portal, email, &Password::generated()).await?;
    let token = random_token();
    store::insert_reset(&portal.db, account, &sha256(&token), LINK_LIFETIME)
        .await
        .context("the link could not be kept")?;
    Ok(portal.config.base_url.join(&format!("/reset-password?token={token}")))
}

fn in_words(error: Error) -> anyhow::Error {
    anyhow::anyhow!("{}", error.detail())
}
