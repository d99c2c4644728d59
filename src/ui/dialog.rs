//! The question before something that cannot be taken back. It works without a script: the dialog is a popover that
//! the browser opens and closes, and the server opens it itself when it shows a refusal.
use leptos::prelude::*;

use super::{
    button::{Button, ButtonKind, Size},
    field::TextField,
    words::Words,
};

/// A button and the dialog it opens. The form posts `confirm`, the name that was typed.
#[component]
pub fn Confirm(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// Where the form is posted.
    #[prop(into)]
    action: String,
    /// The button that leads here, with its object: "Revoke key…".
    #[prop(into)]
    opens_with: String,
    /// The question, with the name of the thing.
    #[prop(into)]
    title: String,
    /// The name that must be typed, where it cannot be undone.
    #[prop(optional, into)]
    name: Words,
    /// What was wrong with the name that was typed; the dialog is then open.
    #[prop(optional, into)]
    error: Words,
    /// The button that does it: "Revoke key".
    #[prop(into)]
    yes: String,
    /// The button that does not: "Keep the key".
    #[prop(into)]
    no: String,
    /// Small in rows of a table.
    #[prop(optional)]
    size: Size,
    /// What stops working.
    children: Children,
) -> impl IntoView {
    let asked = if error.0.is_some() { Asked::Again } else { Asked::AtFirst };
    let heading = format!("{id}-title");
    let field = name.0.map(|name| {
        let label = format!("Type {name} to confirm");
        view! { <TextField name="confirm" id=format!("{id}-name") label autocomplete="off" error/> }
    });
    view! {
        {opener(id.clone(), opens_with, size, asked)}
        <dialog
            class="dialog"
            id=id
            popover=(asked == Asked::AtFirst).then_some("auto")
            open=asked == Asked::Again
            aria-labelledby=heading
        >
            <form method="post" action=action>
                <h2 id=heading.clone()>{title}</h2>
                {children()}
                {field}
                <div class="actions">
                    {keep(id.clone(), no, asked)}
                    <Button kind=ButtonKind::Danger>{yes}</Button>
                </div>
            </form>
        </dialog>
    }
}

fn opener(id: String, words: String, size: Size, asked: Asked) -> AnyView {
    if asked == Asked::Again {
        view! {
            <button
                class="button"
                type="button"
                data-kind="danger-plain"
                data-size=size.name()
                commandfor=id
                command="show-modal"
            >
                {words}
            </button>
        }
        .into_any()
    } else {
        view! { <Button kind=ButtonKind::DangerPlain size opens=id>{words}</Button> }.into_any()
    }
}

fn keep(id: String, words: String, asked: Asked) -> AnyView {
    if asked == Asked::Again {
        view! { <button class="button" formmethod="dialog" formnovalidate=true>{words}</button> }.into_any()
    } else {
        view! {
            <button class="button" type="button" popovertarget=id popovertargetaction="hide">{words}</button>
        }
        .into_any()
    }
}

/// Whether the question is asked because the visitor wants it, or again because the server refused the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    AtFirst,
    Again,
}
