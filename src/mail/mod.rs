//! Mail: every message is a row first, written with the change that caused it, and sent by a job.
//!
//! Without SMTP the rows stay in the outbox, where staff read them at `/admin/mail`.

mod message;
mod pages;
mod store;
mod transport;

use anyhow::Context;
use serde_json::{Value, json};
use sqlx::PgConnection;

pub use message::{Message, Part};
pub use pages::routes;
pub use transport::reach;

use crate::{db::MailId, jobs, portal::Portal};

/// The kind of job that sends a message.
pub const SEND: &str = "mail.send";

/// Puts a message into the outbox, in the transaction of what caused it.
pub async fn queue(db: &mut PgConnection, portal: &Portal, message: Message) -> sqlx::Result<MailId> {
    let settings = portal.settings.current();
    let id = MailId::new();
    let message_id = format!("<{id}@{}>", portal.config.base_url.host());
    let rendered = message.render(&settings.portal_name);
    store::insert(&mut *db, id, &message, &rendered, &message_id).await?;
    if portal.config.smtp_url.is_some() {
        jobs::enqueue(&mut *db, SEND, json!({ "mail": id }), Some(&format!("{SEND} {id}"))).await?;
    }
    Ok(id)
}

/// Sends one message: the job. A message that was sent already is not sent again.
pub async fn send(portal: &Portal, payload: &Value) -> anyhow::Result<()> {
    let id: MailId = payload["mail"].as_str().and_then(|text| text.parse().ok()).context("the job names no message")?;
    let Some(message) = store::message(&portal.db, id).await? else { return Ok(()) };
    if message.sent_at.is_some() || message.failed_at.is_some() {
        return Ok(());
    }
    let Some(url) = &portal.config.smtp_url else { return Ok(()) };
    let from = sender(portal);
    match transport::deliver(url, &from, &message).await {
        Ok(()) => store::sent(&portal.db, id).await?,
        Err(transport::Failure::Refused(answer)) => store::failed(&portal.db, id, &answer).await?,
        Err(transport::Failure::Deferred(answer)) => {
            store::deferred(&portal.db, id, &answer).await?;
            anyhow::bail!("the mail server did not take the message: {answer}");
        }
    }
    Ok(())
}

fn sender(portal: &Portal) -> String {
    let settings = portal.settings.current();
    match settings.mail_from.is_empty() {
        true => format!("noreply@{}", portal.config.base_url.host()),
        false => settings.mail_from.clone(),
    }
}
