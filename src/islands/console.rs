use leptos::prelude::*;

/// Makes the console work in place: opens the form where its link stands, keeps the `curl` line up to date, sends the
/// form without leaving the page, and can give up waiting. All markup comes from the server.
#[island]
pub fn Console(
    /// The link to the form, or the form.
    children: Children,
) -> impl IntoView {
    let root = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        if let Some(root) = root.get() {
            behaviour::attach(root);
        }
    });
    view! { <div node_ref=root>{children()}</div> }
}

#[cfg(not(feature = "hydrate"))]
mod behaviour {
    pub fn attach(_: leptos::web_sys::HtmlDivElement) {}
}

#[cfg(feature = "hydrate")]
mod behaviour {
    use std::{
        cell::{Cell, RefCell},
        rc::Rc,
        time::Duration,
    };

    use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{
        AbortController, Element, Event, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlTemplateElement,
        MouseEvent, RequestInit, Response, SubmitEvent,
    };

    /// Long enough to type on, short enough to see what a value does.
    const PAUSE: Duration = Duration::from_millis(250);

    struct Console {
        root: HtmlElement,
        waiting: RefCell<Option<AbortController>>,
        pause: RefCell<Option<TimeoutHandle>>,
        /// How many lines were asked for: an older one must not take the place of a newer.
        asked: Cell<u32>,
    }

    pub fn attach(root: web_sys::HtmlDivElement) {
        let root: HtmlElement = root.into();
        let console = Rc::new(Console {
            root: root.clone(),
            waiting: RefCell::default(),
            pause: RefCell::default(),
            asked: Cell::new(0),
        });
        console.show_tools();
        listen(&root, "click", &console, Console::clicked);
        listen(&root, "submit", &console, Console::submitted);
        listen(&root, "input", &console, Console::typed);
    }

    fn listen(root: &HtmlElement, name: &str, console: &Rc<Console>, run: fn(&Rc<Console>, Event)) {
        let console = Rc::clone(console);
        let listener = Closure::<dyn Fn(Event)>::new(move |event| run(&console, event));
        let _ = root.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        listener.forget(); // the page's end is its end
    }

    impl Console {
        fn clicked(self: &Rc<Self>, event: Event) {
            let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
            let on = |selector: &str| target.closest(selector).ok().flatten();
            if let Some(link) = on("a[data-opens]") {
                let mouse = event.unchecked_ref::<MouseEvent>();
                if mouse.button() == 0 && !mouse.meta_key() && !mouse.ctrl_key() && !mouse.shift_key() {
                    event.prevent_default();
                    self.open(&link.get_attribute("href").unwrap_or_default());
                }
            } else if on("[data-cancels]").is_some() {
                if let Some(waiting) = self.waiting.take() {
                    waiting.abort();
                }
            } else if let Some(button) = on("[data-copies]") {
                let code = button.closest("figure").ok().flatten().and_then(|it| it.query_selector("code").ok()?);
                let text = code.and_then(|code| code.text_content()).unwrap_or_default();
                let _ = window().navigator().clipboard().write_text(&text);
                button.set_text_content(Some("Copied"));
            }
        }

        fn open(self: &Rc<Self>, path: &str) {
            let console = Rc::clone(self);
            let path = path.to_owned();
            spawn_local(async move {
                match fetch(&format!("{path}?fragment=form"), &RequestInit::new()).await {
                    Some(html) => {
                        console.root.set_inner_html(&html);
                        console.show_tools();
                        console.focus("input:checked, input, textarea, select");
                    }
                    None => _ = window().location().set_href(&path),
                }
            });
        }

        fn submitted(self: &Rc<Self>, event: Event) {
            event.prevent_default();
            let Some(form) = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return };
            if self.waiting.borrow().is_some() {
                return;
            }
            let Ok(data) = FormData::new_with_form(&form) else { return };
            let button = event.unchecked_ref::<SubmitEvent>().submitter();
            let named = button.and_then(|button| Some((button.get_attribute("name")?, button.get_attribute("value")?)));
            if let Some((name, value)) = &named {
                let _ = data.append_with_str(name, value);
            }
            let refills = named.is_some_and(|(name, _)| name == "fill");
            let Ok(abort) = AbortController::new() else { return };
            let request = post(&data);
            request.set_signal(Some(&abort.signal()));
            self.waiting.replace(Some(abort));
            self.busy(&form, true);
            let console = Rc::clone(self);
            spawn_local(async move {
                let answer = fetch(&format!("{}?fragment=answer", form.action()), &request).await;
                let is_cancelled = console.waiting.take().is_none();
                console.busy(&form, false);
                match answer {
                    Some(html) if refills => {
                        console.root.set_inner_html(&html);
                        console.show_tools();
                        console.focus("textarea");
                    }
                    Some(html) => console.answered(&html),
                    None if is_cancelled => console.say("Cancelled. The call may have been made."),
                    None => console.failed(),
                }
            });
        }

        fn answered(&self, html: &str) {
            let Some(place) = self.find("[data-outcome]") else { return };
            place.set_inner_html(html);
            self.show_tools();
            self.each("[aria-invalid]", |field| _ = field.remove_attribute("aria-invalid"));
            self.each("[data-field]", |doubt| {
                let field = doubt.get_attribute("data-field").and_then(|id| document().get_element_by_id(&id));
                if let Some(field) = field.filter(|field| field.matches("input, select, textarea").unwrap_or(false)) {
                    let _ = field.set_attribute("aria-invalid", "true");
                }
            });
            let said = self.find("[data-summary]").and_then(|summary| summary.text_content());
            self.say(&said.unwrap_or_default());
            place.scroll_into_view_with_bool(false);
        }

        fn failed(&self) {
            let words = self.find("template[data-failure]").map(|it| it.unchecked_into::<HtmlTemplateElement>());
            if let (Some(place), Some(words)) = (self.find("[data-outcome]"), words) {
                place.set_inner_html(&words.inner_html());
                self.say(&place.text_content().unwrap_or_default());
            }
        }

        fn typed(self: &Rc<Self>, _: Event) {
            if let Some(pause) = self.pause.take() {
                pause.clear();
            }
            let console = Rc::clone(self);
            self.pause.replace(set_timeout_with_handle(move || console.follow(), PAUSE).ok());
        }

        /// Gets the `curl` line of the form as it is; files go by their names, and what was pasted stays here.
        fn follow(self: &Rc<Self>) {
            let form = self.find("form").and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
            let Some(form) = form else { return };
            let Some(path) = form.get_attribute("data-sample") else { return };
            let Ok(data) = FormData::new_with_form(&form) else { return };
            self.each("input[type=password], input[type=file]", |field| {
                let field = field.unchecked_ref::<HtmlInputElement>();
                data.delete(&field.name());
                if let Some(file) = field.files().and_then(|files| files.get(0)) {
                    let _ = data.append_with_str(&field.name(), &file.name());
                }
            });
            let number = self.asked.get() + 1;
            self.asked.set(number);
            let console = Rc::clone(self);
            spawn_local(async move {
                let line = fetch(&path, &post(&data)).await;
                let place = console.find("[data-place=sample]").filter(|_| console.asked.get() == number);
                if let (Some(html), Some(place)) = (line, place) {
                    place.set_inner_html(&html);
                    console.show_tools();
                }
            });
        }

        fn busy(&self, form: &HtmlFormElement, is_busy: bool) {
            let _ = form.set_attribute("aria-busy", if is_busy { "true" } else { "false" });
            self.each("[data-cancels]", |button| button.unchecked_ref::<HtmlElement>().set_hidden(!is_busy));
        }

        /// What only works with a script is only shown with one.
        fn show_tools(&self) {
            self.each("[data-copies]", |button| button.unchecked_ref::<HtmlElement>().set_hidden(false));
        }

        fn say(&self, words: &str) {
            if let Some(place) = self.find("[data-says]") {
                place.set_text_content(Some(words));
            }
        }

        fn focus(&self, selector: &str) {
            if let Some(field) = self.find(selector) {
                let _ = field.unchecked_ref::<HtmlElement>().focus();
            }
        }

        fn find(&self, selector: &str) -> Option<Element> {
            self.root.query_selector(selector).ok().flatten()
        }

        fn each(&self, selector: &str, run: impl Fn(&Element)) {
            let Ok(found) = self.root.query_selector_all(selector) else { return };
            for at in 0..found.length() {
                if let Some(element) = found.item(at).and_then(|node| node.dyn_into::<Element>().ok()) {
                    run(&element);
                }
            }
        }
    }

    fn post(data: &FormData) -> RequestInit {
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_body(data);
        request
    }

    /// A part of a page; none where anything else came back.
    async fn fetch(path: &str, request: &RequestInit) -> Option<String> {
        let answer = JsFuture::from(window().fetch_with_str_and_init(path, request)).await.ok()?;
        let answer: Response = answer.dyn_into().ok()?;
        answer.headers().get("x-fragment").ok().flatten()?;
        let text: JsValue = JsFuture::from(answer.text().ok()?).await.ok()?;
        text.as_string()
    }
}
