//! Several versions of one thing, one at a time, without a script: `<details>` of one name exclude each other. Where
//! there is no room, on paper, and for more tabs than a row holds, they are disclosures.
use leptos::prelude::*;

const ROW: usize = 6; // the grid in tabs.css has as many columns

/// A row of tabs; the first is open.
#[component]
pub fn Tabs(
    /// Unique on the page.
    #[prop(into)]
    name: String,
    /// What the tabs are versions of.
    #[prop(into)]
    label: String,
    /// The tabs.
    tabs: Vec<Tab>,
    /// A button that acts on the open tab, at the end of the row.
    #[prop(optional)]
    tool: Option<AnyView>,
) -> impl IntoView {
    let layout = (tabs.len() <= ROW).then_some("row");
    let tabs = tabs.into_iter().enumerate().map(|(index, tab)| {
        view! { <details name=name.clone() open=index == 0><summary>{tab.label}</summary>{tab.body}</details> }
    });
    view! {
        <div class="tabs" role="group" aria-label=label>
            {tool}
            <div class="set" data-layout=layout>{tabs.collect_view()}</div>
        </div>
    }
}

/// One tab.
pub struct Tab {
    label: AnyView,
    body: AnyView,
}

impl Tab {
    /// A tab that says `label`, a word or two, and shows `body`.
    pub fn new(label: impl IntoAny, body: impl IntoAny) -> Self {
        Self { label: label.into_any(), body: body.into_any() }
    }
}
