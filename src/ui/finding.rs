//! What was found in a document, with its place.
use leptos::prelude::*;

use super::{icon::Icon, state::Condition};

/// A list of findings, gravest first as the caller orders them.
#[component]
pub fn Findings(
    /// The findings.
    findings: Vec<Finding>,
) -> impl IntoView {
    view! { <ul class="findings">{findings.into_iter().map(|finding| view! { <FindingRow finding/> }).collect_view()}</ul> }
}

#[component]
fn FindingRow(finding: Finding) -> impl IntoView {
    let place = finding.place.map(|(line, column)| view! { <span>{format!("line {line}, column {column}")}</span> });
    let pointer = finding.pointer.map(|pointer| view! { <code>{pointer}</code> });
    let somewhere = place.is_some() || pointer.is_some();
    view! {
        <li data-state=finding.gravity.name()>
            <Icon glyph=finding.gravity.glyph()/>
            <p>{finding.message}</p>
            {somewhere.then(|| view! { <p class="place">{pointer}{place}</p> })}
        </li>
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How grave it is.
    pub gravity: Condition,
    /// What it is and what was done about it.
    pub message: String,
    /// The JSON pointer (RFC 6901) to it.
    pub pointer: Option<String>,
    /// Line and column, from 1, where the format has them.
    pub place: Option<(usize, usize)>,
}
