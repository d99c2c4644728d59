use leptos::{
    ev::{self, Event, KeyboardEvent, MouseEvent},
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement, HtmlInputElement, Node},
};

use super::fetch::Questions;

const HINT: &str = "↑ ↓ choose, Enter opens, Esc closes";
const NO_ANSWER: &str = "The search does not answer. Enter tries the page of results.";
const ADDRESS: &str = "/search/suggestions?q=";

/// Opens a search over the page with `/`, ⌘K or Ctrl+K, or from the field that it is put around, and answers while
/// somebody types. Without the script, or with Enter before an answer, the field leads to the page of results.
#[island]
pub fn Palette(children: Children) -> impl IntoView {
    let palette = State {
        dialog: NodeRef::new(),
        input: NodeRef::new(),
        options: NodeRef::new(),
        answer: RwSignal::new(String::new()),
        said: RwSignal::new(HINT.to_owned()),
        chosen: RwSignal::new(None),
        questions: Questions::new(),
    };
    Effect::new(move |_| {
        let listening = window_event_listener(ev::keydown, move |event| palette.listen(&event));
        on_cleanup(move || listening.remove());
    });
    let State { dialog, input, options, answer, said, chosen, .. } = palette;
    let active = move || chosen.get().map(|at| format!("suggestion-{at}"));
    view! {
        <div class="opens-palette" on:click=move |event| palette.open_from(&event)>{children()}</div>
        <dialog
            class="palette"
            node_ref=dialog
            aria-label="Search"
            on:click=move |event| palette.close_outside(&event)
        >
            <form action="/search">
                <input
                    node_ref=input
                    type="text"
                    name="q"
                    maxlength="200"
                    role="combobox"
                    aria-label="Search the portal"
                    aria-autocomplete="list"
                    aria-controls="suggestions"
                    aria-expanded=move || if chosen.get().is_some() { "true" } else { "false" }
                    aria-activedescendant=active
                    placeholder="Search operations, schemas, guides"
                    autocomplete="off"
                    spellcheck="false"
                    enterkeyhint="search"
                    on:input=move |_| palette.ask()
                    on:keydown=move |event| palette.steer(&event)
                />
            </form>
            <div class="options" node_ref=options id="suggestions" role="listbox" aria-label="Results" inner_html=move || answer.get()></div>
            <p class="said" role="status">{move || said.get()}</p>
        </dialog>
    }
}

#[derive(Clone, Copy)]
struct State {
    dialog: NodeRef<html::Dialog>,
    input: NodeRef<html::Input>,
    options: NodeRef<html::Div>,
    /// The server's HTML.
    answer: RwSignal<String>,
    said: RwSignal<String>,
    chosen: RwSignal<Option<u32>>,
    questions: Questions,
}

impl State {
    /// A key anywhere on the page.
    fn listen(self, event: &KeyboardEvent) {
        let key = event.key();
        let is_shortcut = (event.meta_key() || event.ctrl_key()) && !event.alt_key() && key.eq_ignore_ascii_case("k");
        let is_slash = key == "/" && !event.meta_key() && !event.ctrl_key() && !is_typing(event);
        if is_shortcut || is_slash {
            event.prevent_default();
            self.open("");
        }
    }

    /// A click into the field of the top bar.
    fn open_from(self, event: &MouseEvent) {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(field) = field {
            self.open(&field.value());
        }
    }

    fn open(self, text: &str) {
        let (Some(dialog), Some(input)) = (self.dialog.get_untracked(), self.input.get_untracked()) else { return };
        if !dialog.open() {
            let _ = dialog.show_modal();
        }
        if !text.is_empty() {
            input.set_value(text);
            self.ask();
        }
        input.select();
    }

    /// The dialog's own area is around its content.
    fn close_outside(self, event: &MouseEvent) {
        let Some(dialog) = self.dialog.get_untracked() else { return };
        let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        if target.is_some_and(|target| dialog.is_same_node(Some(&target))) {
            dialog.close();
        }
    }

    fn ask(self) {
        let Some(input) = self.input.get_untracked() else { return };
        let text = input.value();
        if text.trim().is_empty() {
            self.questions.drop_last();
            return self.show(String::new());
        }
        self.questions.ask(ADDRESS.to_owned(), text, move |answer| match answer {
            Some(answer) => self.show(answer),
            None => {
                self.show(String::new());
                self.said.set(NO_ANSWER.to_owned());
            }
        });
    }

    fn show(self, answer: String) {
        self.answer.set(answer);
        let Some(options) = self.options.get_untracked() else { return };
        // The list is what the answer says by the time the effects have run.
        request_animation_frame(move || {
            let said = options.query_selector("[data-said]").ok().flatten();
            let said = said.and_then(|element| element.get_attribute("data-said")).filter(|said| !said.is_empty());
            if let Some(said) = said {
                self.said.set(said);
            } else if options.child_element_count() == 0 && self.said.get_untracked() != NO_ANSWER {
                self.said.set(HINT.to_owned());
            }
            let first = (count(&options) > 0).then_some(0);
            self.choose(first);
        });
    }

    /// A key in the field.
    fn steer(self, event: &KeyboardEvent) {
        let Some(options) = self.options.get_untracked() else { return };
        let (count, chosen) = (count(&options), self.chosen.get_untracked());
        match (event.key().as_str(), chosen) {
            ("ArrowDown", Some(at)) => self.choose(Some((at + 1) % count.max(1))),
            ("ArrowUp", Some(at)) => self.choose(Some((at + count.max(1) - 1) % count.max(1))),
            ("Enter", Some(at)) if !event.is_composing() => {
                if let Some(option) = option(&options, at).and_then(|option| option.dyn_into::<HtmlElement>().ok()) {
                    option.click();
                }
            }
            _ => return,
        }
        event.prevent_default();
    }

    fn choose(self, next: Option<u32>) {
        let Some(options) = self.options.get_untracked() else { return };
        for (at, is_chosen) in [(self.chosen.get_untracked(), "false"), (next, "true")] {
            if let Some(option) = at.and_then(|at| option(&options, at)) {
                let _ = option.set_attribute("aria-selected", is_chosen);
                bring_into_view(&options, &option);
            }
        }
        self.chosen.set(next);
    }
}

fn count(options: &Element) -> u32 {
    options.query_selector_all("[role=option]").map_or(0, |options| options.length())
}

fn option(options: &Element, at: u32) -> Option<Element> {
    options.query_selector_all("[role=option]").ok()?.item(at)?.dyn_into().ok()
}

/// Scrolls the list and nothing around it.
fn bring_into_view(list: &Element, option: &Element) {
    let (outer, inner) = (list.get_bounding_client_rect(), option.get_bounding_client_rect());
    let beyond =
        if inner.top() < outer.top() { inner.top() - outer.top() } else { (inner.bottom() - outer.bottom()).max(0.0) };
    list.set_scroll_top(list.scroll_top() + beyond as i32);
}

/// Whether a key is part of what somebody writes.
fn is_typing(event: &KeyboardEvent) -> bool {
    let target = (event as &Event).target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|target| {
        target.is_content_editable() || matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}
