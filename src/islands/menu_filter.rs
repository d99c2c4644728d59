use leptos::{
    ev::Event,
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlInputElement, NodeList},
};

use super::fetch::Questions;

/// Filters the menu that it is put around while somebody types into its field, and brings the current place into view.
/// Without the script the field leads to the page of results.
#[island]
pub fn MenuFilter(
    /// Where to ask for operations, where the menu does not have them all; the text is put behind it.
    asks: String,
    children: Children,
) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    let found = RwSignal::new(String::new());
    let said = RwSignal::new(String::new());
    let questions = Questions::new();
    Effect::new(move |_| {
        if let Some(root) = root.get() {
            show_current(&root);
        }
    });
    let filter = move |event: Event| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let (Some(root), Some(field)) = (root.get_untracked(), field) else { return };
        let text = field.value().trim().to_lowercase();
        let Some(menus) = root.query_selector("#menus").ok().flatten() else { return };
        if asks.is_empty() {
            said.set(filter_menus(&menus, &text));
            return;
        }
        let _ = menus.toggle_attribute_with_force("hidden", !text.is_empty());
        if text.is_empty() {
            questions.drop_last();
            found.set(String::new());
            said.set(String::new());
            return;
        }
        questions.ask(asks.clone(), text, move |answer| {
            let answer = answer.unwrap_or_default();
            let words = answer.split_once("data-said=\"").and_then(|(_, rest)| rest.split_once('"'));
            said.set(words.map_or_else(String::new, |(words, _)| words.to_owned()));
            found.set(answer);
        });
    };
    view! {
        <div class="filters" node_ref=root on:input=filter>
            {children()}
            <nav class="menu" aria-label="Found operations" hidden=move || found.with(String::is_empty) inner_html=move || found.get()></nav>
            <p class="note" role="status">{move || said.get()}</p>
        </div>
    }
}

/// Hides the places without one of the words, and the groups without a place; opens the others. Says how many are left.
fn filter_menus(menus: &Element, text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut left = 0;
    each(menus.query_selector_all("li"), |place| {
        let hidden = place.query_selector("[data-words]").ok().flatten();
        let hidden = hidden.and_then(|link| link.get_attribute("data-words")).unwrap_or_default();
        let known = format!("{} {hidden}", place.text_content().unwrap_or_default()).to_lowercase();
        let is_left = words.iter().all(|word| known.contains(word));
        left += u32::from(is_left);
        let _ = place.toggle_attribute_with_force("hidden", !is_left);
    });
    each(menus.query_selector_all("details"), |group| {
        let has_any = matches!(group.query_selector("li:not([hidden])"), Ok(Some(_)));
        let _ = group.toggle_attribute_with_force("hidden", !has_any);
        if !group.has_attribute("data-open") {
            let _ = group.set_attribute("data-open", if group.has_attribute("open") { "1" } else { "" });
        }
        let was_open = group.get_attribute("data-open").is_some_and(|open| !open.is_empty());
        let _ = group.toggle_attribute_with_force("open", if words.is_empty() { was_open } else { has_any });
        if words.is_empty() {
            let _ = group.remove_attribute("data-open");
        }
    });
    each(menus.query_selector_all("nav"), |menu| {
        let has_any = matches!(menu.query_selector("li:not([hidden])"), Ok(Some(_)));
        let _ = menu.toggle_attribute_with_force("hidden", !has_any && !words.is_empty());
    });
    match (words.is_empty(), left) {
        (true, _) => String::new(),
        (false, 0) => "Nothing here. Enter searches the whole API.".to_owned(),
        (false, 1) => "1 found".to_owned(),
        (false, left) => format!("{left} found"),
    }
}

fn each(list: Result<NodeList, leptos::wasm_bindgen::JsValue>, mut then: impl FnMut(Element)) {
    let Ok(list) = list else { return };
    for at in 0..list.length() {
        if let Some(element) = list.item(at).and_then(|node| node.dyn_into().ok()) {
            then(element);
        }
    }
}

/// Scrolls the side column, and not the page, so that the current place is in its middle.
fn show_current(root: &Element) {
    let current = root.query_selector("[aria-current=page]").ok().flatten();
    let side = root.closest(".side").ok().flatten();
    let (Some(current), Some(side)) = (current, side) else { return };
    let (outer, inner) = (side.get_bounding_client_rect(), current.get_bounding_client_rect());
    if inner.top() < outer.top() || inner.bottom() > outer.bottom() {
        let middle = (outer.height() - inner.height()) / 2.0;
        side.set_scroll_top(side.scroll_top() + (inner.top() - outer.top() - middle) as i32);
    }
}
