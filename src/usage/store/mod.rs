//! The tables of calls and of counts.

mod calls;
mod counts;
#[cfg(test)]
mod tests;

pub(super) use calls::{Filter, Known, add_calls, call, calls, known};
pub(super) use counts::{Asked, By, add_counts, cells, make_partition};
pub use counts::{KeyBrief, Partner, brief_of_key, partners, sweep};
