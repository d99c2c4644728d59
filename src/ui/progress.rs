//! How far something has come, in words and as a bar.
use leptos::prelude::*;

/// A bar with words at its ends.
#[component]
pub fn Progress(
    /// What is measured.
    #[prop(into)]
    label: String,
    /// How much is done.
    done: u32,
    /// How much there is.
    of: u32,
    /// What is left, at the end of the line.
    #[prop(into)]
    rest: String,
) -> impl IntoView {
    let percent = f64::from(done.min(of)) * 100.0 / f64::from(of.max(1));
    view! {
        <div class="progress">
            <span class="ends"><b class="soft">{label.clone()}</b><span>{rest}</span></span>
            <span class="track" role="progressbar" aria-label=label aria-valuemin="0" aria-valuemax=of aria-valuenow=done>
                <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                    <rect width=percent.to_string() height="1"></rect>
                </svg>
            </span>
        </div>
    }
}
