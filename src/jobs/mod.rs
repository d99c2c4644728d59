//! Everything that happens later: one table, leased by whichever instance is free.
//!
//! A job is put into the table in the transaction of what caused it. It is run at least once, so it has to be idempotent;
//! a job whose instance dies is taken up again when its lease is over. Failures are retried, later each time.

mod store;
mod worker;

pub use store::{Job, enqueue, waiting};
pub use worker::{Outcome, run, run_one};
