//! The company's own side of the portal: what needs attention, the partners, the staff.
//!
//! What belongs to one feature (APIs, mail, the trail, tokens, settings) has its staff pages in that feature.

mod model;
mod pages;
mod store;

pub use pages::routes;
