//! What the page of a key says of its calls.

use leptos::prelude::*;

use super::{CALLS, USAGE};
use crate::{
    db::KeyId,
    ui::{Fact, Facts, Section, Unit},
    usage::KeyBrief,
};

/// A key's calls in numbers, with links to all of them.
#[component]
pub fn KeyUsage(
    /// The key.
    key: KeyId,
    /// Its calls.
    brief: KeyBrief,
) -> impl IntoView {
    let written = |calls: i64| Unit::Count.written(calls as f64);
    let aside = view! { <a href=format!("{USAGE}?key={key}")>"Open the key's usage"</a> }.into_any();
    view! {
        <Section title="Usage" aside>
            <Facts>
                <Fact term="Calls in 24 hours"><a href=format!("{CALLS}?key={key}")>{written(brief.calls)}</a></Fact>
                <Fact term="Errors in 24 hours"><a href=format!("{CALLS}?key={key}&status=error")>{written(brief.errors)}</a></Fact>
            </Facts>
        </Section>
    }
    .into_any()
}
