//! The values in memory, on every instance the same within a moment.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use sqlx::{PgPool, postgres::PgListener};
use tokio::sync::watch;

use super::{Values, store};

/// Between two attempts to listen: a database that is away is not asked in a tight loop.
const PAUSE: Duration = Duration::from_secs(1);

/// The settings in force. Cheap to clone: all clones are the same settings.
#[derive(Clone, Debug)]
pub struct Settings(Arc<RwLock<Arc<Values>>>);

impl Settings {
    /// Reads the settings for the first time.
    pub async fn load(db: &PgPool) -> sqlx::Result<Self> {
        let values = store::values(db).await?;
        Ok(Self(Arc::new(RwLock::new(Arc::new(values)))))
    }

    /// The values in force; never waits for the database.
    pub fn current(&self) -> Arc<Values> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the settings again.
    pub async fn refresh(&self, db: &PgPool) -> sqlx::Result<()> {
        let values = Arc::new(store::values(db).await?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = values;
        Ok(())
    }

    /// Follows changes that any instance makes, until `stop` turns true.
    pub async fn listen(self, db: PgPool, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            tokio::select! {
                // The other end is gone: the portal is going down.
                changed = stop.changed() => if changed.is_err() { return },
                () = self.follow_and_pause(&db) => {}
            }
        }
    }

    async fn follow_and_pause(&self, db: &PgPool) {
        if let Err(error) = self.follow(db).await {
            tracing::warn!(%error, "changes of the settings are not followed");
        }
        tokio::time::sleep(PAUSE).await;
    }

    /// Ends when the connection is lost: what was notified meanwhile has to be read anew.
    async fn follow(&self, db: &PgPool) -> sqlx::Result<()> {
        let mut listener = PgListener::connect_with(db).await?;
        listener.listen("setting").await?;
        self.refresh(db).await?;
        while listener.try_recv().await?.is_some() {
            self.refresh(db).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[sqlx::test]
    async fn a_change_of_another_instance_is_followed(db: PgPool) {
        let settings = Settings::load(&db).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let listening = tokio::spawn(settings.clone().listen(db.clone(), stopped));
        sqlx::query("update setting set portal_name = 'Larkfield'").execute(&db).await.unwrap();
        let followed = async {
            while settings.current().portal_name != "Larkfield" {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), followed).await.expect("the change arrives");
        stop.send(true).unwrap();
        listening.await.unwrap();
    }

    #[sqlx::test]
    async fn what_was_read_last_stays_in_force_while_the_database_is_away(db: PgPool) {
        let settings = Settings::load(&db).await.unwrap();
        db.close().await;
        assert!(settings.refresh(&db).await.is_err());
        assert_eq!(settings.current().portal_name, "Vestibule");
    }
}
