//! The values in memory, on every instance the same within a moment.

use std::sync::{Arc, PoisonError, RwLock};

use sqlx::PgPool;
use tokio::sync::watch;

use super::{Values, store};
use crate::db;

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
    pub async fn listen(self, db: PgPool, stop: watch::Receiver<bool>) {
        db::follow(db.clone(), "setting", stop, || self.refresh(&db)).await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

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
