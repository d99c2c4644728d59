//! What a change did: each field before and after.
use leptos::prelude::*;

/// Fields before and after.
#[component]
pub fn Diff(
    /// The fields that changed.
    changes: Vec<Change>,
) -> impl IntoView {
    let rows = changes.into_iter().map(|change| {
        view! {
            <div>
                <dt>{change.field}</dt>
                {change.before.map(|before| view! { <dd><del>{before}</del></dd> })}
                {change.after.map(|after| view! { <dd><ins>{after}</ins></dd> })}
            </div>
        }
    });
    view! { <dl class="diff">{rows.collect_view()}</dl> }
}

/// One field that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its name.
    pub field: String,
    /// What it was, if it was.
    pub before: Option<String>,
    /// What it is, if it is.
    pub after: Option<String>,
}
