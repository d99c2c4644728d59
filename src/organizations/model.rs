//! What an organization is.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::db::OrganizationId;

/// A partner organization.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Organization {
    /// Its id.
    #[schema(value_type = String, example = "org_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    pub id: OrganizationId,
    /// Its name.
    #[schema(example = "Quillmere Books")]
    pub name: String,
    /// Where the company reaches it.
    #[schema(format = "email", example = "it@quillmere.example")]
    pub email: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub created_at: OffsetDateTime,
    /// Since when its tokens and keys are refused; null while they work.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub suspended_at: Option<OffsetDateTime>,
}
