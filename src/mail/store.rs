//! The outbox's table.

use sqlx::{PgExecutor, query, query_as};
use time::OffsetDateTime;

use super::{Message, message::Rendered};
use crate::db::MailId;

/// A message as it lies in the outbox.
#[derive(Clone, Debug)]
pub struct Queued {
    /// Its id.
    pub id: MailId,
    /// What kind of message it is.
    pub kind: String,
    /// The address.
    pub recipient: String,
    /// The person's name.
    pub recipient_name: String,
    /// The subject.
    pub subject: String,
    /// The body as text.
    pub text_body: String,
    /// The body as HTML.
    pub html_body: String,
    /// The Message-ID, with its angle brackets.
    pub message_id: String,
    /// When it was written.
    pub created_at: OffsetDateTime,
    /// How often it was tried.
    pub attempts: i32,
    /// What the mail server said last.
    pub last_error: Option<String>,
    /// When the mail server took it.
    pub sent_at: Option<OffsetDateTime>,
    /// When it was given up.
    pub failed_at: Option<OffsetDateTime>,
}

pub(super) async fn insert(
    db: impl PgExecutor<'_>,
    id: MailId,
    message: &Message,
    rendered: &Rendered,
    message_id: &str,
) -> sqlx::Result<()> {
    query!(
        r#"
        insert into mail_message (id, kind, recipient, recipient_name, subject, text_body, html_body, message_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        "#,
        id.0,
        message.kind,
        message.recipient,
        message.recipient_name,
        message.subject,
        rendered.text,
        rendered.html,
        message_id,
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// One message.
pub async fn message(db: impl PgExecutor<'_>, id: MailId) -> sqlx::Result<Option<Queued>> {
    query_as!(
        Queued,
        r#"
        select id as "id: MailId", kind, recipient, recipient_name, subject, text_body, html_body, message_id,
               created_at, attempts, last_error, sent_at, failed_at
        from mail_message
        where id = $1
        "#,
        id.0,
    )
    .fetch_optional(db)
    .await
}

/// The newest messages first, those before `before` only.
pub async fn outbox(db: impl PgExecutor<'_>, before: Option<MailId>, limit: i64) -> sqlx::Result<Vec<Queued>> {
    query_as!(
        Queued,
        r#"
        select id as "id: MailId", kind, recipient, recipient_name, subject, text_body, html_body, message_id,
               created_at, attempts, last_error, sent_at, failed_at
        from mail_message
        where $1::uuid is null or id < $1
        order by id desc
        limit $2
        "#,
        before.map(|id| id.0),
        limit,
    )
    .fetch_all(db)
    .await
}

/// The mail server took it.
pub(super) async fn sent(db: impl PgExecutor<'_>, id: MailId) -> sqlx::Result<()> {
    query!("update mail_message set sent_at = now(), attempts = attempts + 1, last_error = null where id = $1", id.0)
        .execute(db)
        .await
        .map(|_| ())
}

/// The mail server will never take it.
pub(super) async fn failed(db: impl PgExecutor<'_>, id: MailId, error: &str) -> sqlx::Result<()> {
    query!(
        "update mail_message set failed_at = now(), attempts = attempts + 1, last_error = $2 where id = $1",
        id.0,
        error
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// The mail server did not take it now.
pub(super) async fn deferred(db: impl PgExecutor<'_>, id: MailId, error: &str) -> sqlx::Result<()> {
    query!("update mail_message set attempts = attempts + 1, last_error = $2 where id = $1", id.0, error)
        .execute(db)
        .await
        .map(|_| ())
}
