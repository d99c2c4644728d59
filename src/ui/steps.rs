//! Steps in their order, done or not.
use leptos::prelude::*;

/// A numbered list of steps.
#[component]
pub fn Steps(
    /// `<Step>` after `<Step>`.
    children: Children,
) -> impl IntoView {
    view! { <ol class="steps">{children()}</ol> }
}

/// One step.
#[component]
pub fn Step(
    /// What to do.
    #[prop(into)]
    title: String,
    /// Whether it is done.
    #[prop(optional)]
    state: StepState,
    /// How to do it.
    children: Children,
) -> impl IntoView {
    let done = state == StepState::Done;
    view! {
        <li data-done=done>
            <h3>{done.then(|| view! { <span class="visually-hidden">"Done: "</span> })}{title}</h3>
            {children()}
        </li>
    }
}

/// Whether a step is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepState {
    /// Not yet.
    #[default]
    Open,
    /// It is.
    Done,
}
