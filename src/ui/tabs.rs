//! Several versions of one thing, one at a time, without a script: `<details>` of one name exclude each other. Where
//! there is no room, on paper, and for more tabs than a row holds, they are disclosures; short ones can take several rows.
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
    /// How they lie.
    #[prop(optional)]
    layout: TabLayout,
    /// A button that acts on the open tab, at the end of the row.
    #[prop(optional)]
    tool: Option<AnyView>,
) -> impl IntoView {
    let layout = match layout {
        TabLayout::Row => (tabs.len() <= ROW).then_some("row"),
        TabLayout::Rows => Some("rows"),
        TabLayout::List => None,
    };
    let tabs = tabs.into_iter().enumerate().map(|(index, tab)| {
        view! {
            <details name=name.clone() open=index == 0 data-choice=tab.choice>
                <summary>{tab.label}</summary>
                {tab.body}
            </details>
        }
    });
    view! {
        <div class="tabs" role="group" aria-label=label>
            {tool}
            <div class="set" data-layout=layout>{tabs.collect_view()}</div>
        </div>
    }
}

/// How tabs lie where there is room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TabLayout {
    /// In a row.
    #[default]
    Row,
    /// In as many rows as it takes: their labels are a word each.
    Rows,
    /// One below the other: their labels are longer than a row.
    List,
}

/// One tab.
pub struct Tab {
    label: AnyView,
    body: AnyView,
    choice: Option<&'static str>,
}

impl Tab {
    /// A tab that says `label`, a word or two, and shows `body`.
    pub fn new(label: impl IntoAny, body: impl IntoAny) -> Self {
        Self { label: label.into_any(), body: body.into_any(), choice: None }
    }

    /// The same, remembered by this name where it is chosen (see `islands::TabTool`).
    pub fn choice(self, choice: &'static str) -> Self {
        Self { choice: Some(choice), ..self }
    }
}
