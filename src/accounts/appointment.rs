//! Appointing staff from a page: whoever has no account yet gets one, and a link in the mail to set its password.

use std::time::Duration;

use serde_json::json;

use super::{EmailAddress, Password, store};
use crate::{
    audit::{self, Actor, Entry, Subject},
    db::AccountId,
    mail::{self, Message, Part},
    name::Name,
    portal::Portal,
    vault::{random_token, sha256},
    web::{Result, StaffRole},
};

/// Long enough for somebody who reads their mail once a day.
const LINK_LIFETIME: Duration = Duration::from_secs(3 * 24 * 3600);

/// Gives somebody a role among the staff, and tells them by mail.
pub async fn appoint(
    portal: &Portal,
    actor: &Actor,
    email: &EmailAddress,
    name: &Name,
    role: StaffRole,
) -> Result<AccountId> {
    // Nobody knows this password: the link in the mail sets the first one that somebody does.
    let hash = portal.passwords.hash(&Password::generated()).await?;
    let mut tx = portal.db.begin().await?;
    let (id, before, message) = match store::by_email(&mut *tx, email.as_str()).await? {
        Some(account) => {
            let before = store::staff_role(&mut *tx, account.id).await?;
            (account.id, before, welcome(portal, &account.email, &account.name, role))
        }
        None => {
            let id = store::open(&mut tx, email.as_str(), name.as_str(), &hash).await?;
            let token = random_token();
            store::insert_reset(&mut *tx, id, &sha256(&token), LINK_LIFETIME).await?;
            (id, None, first_steps(portal, email.as_str(), name.as_str(), role, &token))
        }
    };
    store::set_staff_role(&mut *tx, id, role).await?;
    mail::queue(&mut tx, portal, message).await?;
    let entry = Entry::new("staff.appointed", Subject::own("account", id, email.as_str()))
        .before(json!({ "role": before }))
        .after(json!({ "role": role.as_str() }));
    audit::record(&mut tx, actor, entry).await?;
    tx.commit().await?;
    Ok(id)
}

fn welcome(portal: &Portal, email: &str, name: &str, role: StaffRole) -> Message {
    message(
        email,
        name,
        vec![
            Part::Text(format!("you now belong to the staff of this portal, as {}.", role.as_str())),
            Part::Action("Open the administration", portal.config.base_url.join("/admin")),
        ],
    )
}

fn first_steps(portal: &Portal, email: &str, name: &str, role: StaffRole, token: &str) -> Message {
    let url = portal.config.base_url.join(&format!("/reset-password?token={token}"));
    message(
        email,
        name,
        vec![
            Part::Text(format!("you now belong to the staff of this portal, as {}. Set a password to sign in.", role.as_str())),
            Part::Action("Set your password", url),
            Part::Note("The link is good for three days. Later, \"Forgot your password?\" on the sign-in page sends a new one.".into()),
        ],
    )
}

fn message(email: &str, name: &str, parts: Vec<Part>) -> Message {
    Message {
        kind: "staff_appointment",
        recipient: email.to_owned(),
        recipient_name: name.to_owned(),
        subject: "You belong to the staff".into(),
        parts,
    }
}
