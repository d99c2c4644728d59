//! Hears of changed keys, and writes their uses down, for as long as the portal runs.

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use sqlx::{PgPool, postgres::PgListener, query_scalar};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use uuid::Uuid;

use super::KeyRing;
use crate::{db::KeyId, portal::Portal};

/// What the triggers of the keys' tables notify: a key's id, or anything else for all keys.
const CHANNEL: &str = "api_key";
/// How often the listener asks for proof that it still hears everything; well within what the ring believes unproved.
const PULSE: Duration = Duration::from_millis(250);
/// A connection that takes longer to answer is given up.
const PULSE_PATIENCE: Duration = Duration::from_secs(2);
const RECONNECT_AFTER: Duration = Duration::from_millis(500);
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// Keeps what the portal remembers of keys true until `stop` turns true.
pub async fn follow_changes(portal: Portal, stop: watch::Receiver<bool>) {
    portal.key_ring.listen(&portal.db, stop).await;
}

/// Writes the uses of keys down once a second until `stop` turns true, and once more then.
pub async fn record_uses(portal: Portal, mut stop: watch::Receiver<bool>) {
    let mut ticks = interval(FLUSH_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_over = false;
    while !is_over {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => is_over = true,
            _ = ticks.tick() => {}
        }
        if let Err(error) = portal.key_ring.flush(&portal.db).await {
            tracing::warn!(%error, "the last uses of keys could not be written down; they are kept");
        }
    }
}

impl KeyRing {
    /// Hears of changes until `stop` turns true, through as many connections as that takes.
    pub async fn listen(&self, db: &PgPool, mut stop: watch::Receiver<bool>) {
        let hearing = async {
            loop {
                let Err(error) = self.follow(db).await;
                tracing::warn!(%error, "changes of keys are not heard: every key is looked up again each second");
                sleep(RECONNECT_AFTER).await;
            }
        };
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => {}
            () = hearing => {}
        }
    }

    /// Hears of changes through one connection until it is lost.
    async fn follow(&self, db: &PgPool) -> sqlx::Result<Infallible> {
        let mut listener = PgListener::connect_with(db).await?;
        listener.listen(CHANNEL).await?;
        // What changed before was told to nobody here.
        self.forget_all();
        loop {
            let asked_at = Instant::now();
            pulse(&mut listener).await?;
            while let Some(notification) = listener.next_buffered() {
                self.hear(notification.payload());
            }
            self.prove(asked_at);
            let pause = sleep(PULSE);
            tokio::pin!(pause);
            loop {
                tokio::select! {
                    () = &mut pause => break,
                    heard = listener.try_recv() => match heard? {
                        Some(notification) => self.hear(notification.payload()),
                        None => return Err(lost("the connection was closed")),
                    },
                }
            }
        }
    }

    fn hear(&self, payload: &str) {
        match payload.parse::<Uuid>() {
            Ok(key) => self.forget(KeyId(key)),
            Err(_) => self.forget_all(),
        }
    }
}

/// The answer to a question comes after every notification of what was committed before it.
async fn pulse(listener: &mut PgListener) -> sqlx::Result<()> {
    match timeout(PULSE_PATIENCE, query_scalar!(r#"select 1 as "one!""#).fetch_one(listener)).await {
        Ok(answer) => answer.map(|_| ()),
        Err(_) => Err(lost("the connection does not answer")),
    }
}

fn lost(why: &'static str) -> sqlx::Error {
    sqlx::Error::Io(std::io::Error::other(why))
}
