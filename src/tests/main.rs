//! Journeys through the real router on a real database, a file for each feature.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod access;
mod accounts;
mod admin;
mod api;
mod console;
mod exports;
mod features;
mod hostile;
mod html;
mod keys;
mod leaks;
mod notices;
mod outage;
mod portal;
mod publication;
mod real_documents;
mod reference;
mod rotation;
mod samples;
mod search;
mod sources;
mod tokens;
mod usage;
mod visibility;
