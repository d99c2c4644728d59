//! Forms: read once at the handler, and shown again with what was typed when a value cannot be accepted.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use super::{Code, Error, Result};
use crate::portal::Portal;

/// A posted form. A field that comes several times fills a list.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Portal> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, portal: &Portal) -> Result<Self> {
        axum_extra::extract::Form::<T>::from_request(request, portal).await.map(|form| Self(form.0)).map_err(|_| {
            Error::new(Code::InvalidRequest, "The form could not be read. Open the page again and send it from there.")
        })
    }
}

/// What cannot be accepted in a form, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(&'static str, String)>);

impl FieldErrors {
    /// Notes that `field` cannot be accepted; `message` completes a sentence or is one.
    pub fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.push((field, message.into()));
    }

    /// One error on one field.
    pub fn one(field: &'static str, message: impl Into<String>) -> Self {
        Self(vec![(field, message.into())])
    }

    /// The message for `field`.
    pub fn get(&self, field: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, message)| message.clone())
    }

    /// Whether everything can be accepted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps the value, or notes the message and gives `None`.
    pub fn check<T, E: std::fmt::Display>(&mut self, field: &'static str, value: Result<T, E>) -> Option<T> {
        value.map_err(|error| self.add(field, error.to_string())).ok()
    }
}
