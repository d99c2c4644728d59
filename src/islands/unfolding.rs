use leptos::prelude::*;

/// Fetches what a page had no room for when its fold is opened, and opens the folds around what an address names.
/// Without the script a fold holds a link, and browsers that know how open the folds themselves.
#[island]
pub fn Unfolding() -> impl IntoView {
    Effect::new(|_| start());
}

#[cfg(feature = "hydrate")]
fn start() {
    use wasm_bindgen::{JsCast, closure::Closure};

    let opened = Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| {
        if let Some(fold) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
            fill(fold);
        }
    });
    // A toggle does not bubble; it is caught on its way down.
    let _ = document().add_event_listener_with_callback_and_bool("toggle", opened.as_ref().unchecked_ref(), true);
    opened.forget();
    let moved = Closure::<dyn Fn()>::new(reveal);
    let _ = window().add_event_listener_with_callback("hashchange", moved.as_ref().unchecked_ref());
    moved.forget();
    reveal();
}

/// Puts what the server says at `data-source` in the place of the fold's link, once.
#[cfg(feature = "hydrate")]
fn fill(fold: web_sys::Element) {
    let Some(source) = fold.get_attribute("data-source").filter(|_| fold.has_attribute("open")) else { return };
    let _ = fold.remove_attribute("data-source");
    leptos::task::spawn_local(async move {
        match fetch(&source).await {
            Some(html) => {
                if let Some(link) = fold.last_element_child() {
                    let _ = link.insert_adjacent_html("afterend", &html);
                    link.remove();
                }
            }
            None => drop(fold.set_attribute("data-source", &source)),
        }
    });
}

#[cfg(feature = "hydrate")]
async fn fetch(source: &str) -> Option<String> {
    use wasm_bindgen::JsCast;
    use wasm_bindgen_futures::JsFuture;

    let answer: web_sys::Response = JsFuture::from(window().fetch_with_str(source)).await.ok()?.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}

/// Opens every fold around the element that the address names.
#[cfg(feature = "hydrate")]
fn reveal() {
    let Ok(Some(target)) = document().query_selector(":target") else { return };
    let (mut above, mut was_closed) = (target.parent_element(), false);
    while let Some(element) = above {
        if element.tag_name() == "DETAILS" && !element.has_attribute("open") {
            let _ = element.set_attribute("open", "");
            was_closed = true;
        }
        above = element.parent_element();
    }
    if was_closed {
        target.scroll_into_view();
    }
}

#[cfg(not(feature = "hydrate"))]
fn start() {}
