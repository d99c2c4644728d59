//! Handing a message to the mail server.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::{Mailbox, Message, MultiPart},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;

use super::store::Queued;

/// For the whole dialogue: lettre's own timeout bounds single reads, so a server that drips could hold a worker.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a message was not taken.
#[derive(Debug)]
pub(super) enum Failure {
    /// It never will be: a 5xx answer, or an address that is none.
    Refused(String),
    /// It may be later.
    Deferred(String),
}

/// Sends the message through the server at `url`.
pub(super) async fn deliver(url: &SecretString, from: &str, queued: &Queued) -> Result<(), Failure> {
    let message = compose(from, queued).map_err(|error| Failure::Refused(error.to_string()))?;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
        .map_err(|error| Failure::Deferred(error.to_string()))?
        .timeout(Some(PATIENCE))
        .build();
    match timeout(PATIENCE, transport.send(message)).await {
        Err(_) => Err(Failure::Deferred(format!("no answer within {} seconds", PATIENCE.as_secs()))),
        Ok(Err(error)) if error.is_permanent() => Err(Failure::Refused(error.to_string())),
        Ok(Err(error)) => Err(Failure::Deferred(error.to_string())),
        Ok(Ok(_)) => Ok(()),
    }
}

/// Whether the server at `url` answers, for the operator.
pub async fn reach(url: &SecretString) -> Result<(), String> {
    let transport: AsyncSmtpTransport<Tokio1Executor> =
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret()).map_err(|error| error.to_string())?.build();
    match timeout(PATIENCE, transport.test_connection()).await {
        Err(_) => Err(format!("no answer within {} seconds", PATIENCE.as_secs())),
        Ok(Err(error)) => Err(error.to_string()),
        Ok(Ok(false)) => Err("it ended the connection".into()),
        Ok(Ok(true)) => Ok(()),
    }
}

fn compose(from: &str, queued: &Queued) -> anyhow::Result<Message> {
    let to = Mailbox::new(Some(queued.recipient_name.clone()), queued.recipient.parse()?);
    let message = Message::builder()
        .from(from.parse()?)
        .to(to)
        .subject(queued.subject.clone())
        .message_id(Some(queued.message_id.clone()))
        .date_now()
        .multipart(MultiPart::alternative_plain_html(queued.text_body.clone(), queued.html_body.clone()))?;
    Ok(message)
}
