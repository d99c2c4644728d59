//! What an app is.

use time::OffsetDateTime;

use super::store;
use crate::{
    db::{AppId, OrganizationId},
    portal::Portal,
    web::Owner,
};

/// An app of an organization.
#[derive(Clone, Debug)]
pub struct App {
    /// Its id.
    pub id: AppId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl Owner for App {
    const PARAMETER: &'static str = "app";
    type Id = AppId;

    async fn of(portal: &Portal, organization: OrganizationId, id: AppId) -> sqlx::Result<Option<Self>> {
        store::by_id(&portal.db, organization, id).await
    }
}

/// An app and its keys in numbers.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Its id.
    pub id: AppId,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Keys that were not revoked.
    pub keys: i64,
    /// The last call with any of its keys.
    pub last_used_at: Option<OffsetDateTime>,
}
