//! The document's own examples, each to be chosen by its name.

use leptos::prelude::*;

use super::{
    super::{
        model::{Example, MediaType, Parameter},
        reading::counted,
    },
    address, limits,
    samples::pretty,
    words,
};
use crate::{
    markdown,
    ui::{Code, Fold, Language, Source, Tab, TabLayout, Tabs, Value, Values},
};

/// More examples than anybody compares.
const MOST: usize = 24;

/// Characters that a row of tabs has room for.
const LONGEST_ROW: usize = 56;

/// The named examples of one content type; `set` is unique on the page.
pub(super) fn of_content(media_type: &MediaType, set: &str) -> Option<AnyView> {
    let named: Vec<&Example> = media_type.examples.iter().filter(|example| example.name.is_some()).collect();
    if named.is_empty() {
        return None;
    }
    let labels: usize = named.iter().map(|example| label(example).chars().count() + 4).sum();
    let layout = if labels <= LONGEST_ROW { TabLayout::Row } else { TabLayout::List };
    let tabs = named.iter().take(MOST).map(|example| Tab::new(label(example), example_view(example, media_type)));
    let tabs: Vec<Tab> = tabs.collect();
    let (summary, name) = (counted(named.len() as u64, "example", "examples"), format!("{set}-examples"));
    let chosen = view! { <div class="panel"><Tabs name label="Examples" tabs layout/></div> };
    Some(view! { <Fold summary>{chosen}</Fold> }.into_any())
}

fn label(example: &Example) -> String {
    let stated = example.summary.as_deref().or(example.name.as_deref()).unwrap_or("Example");
    markdown::plain(stated, 60)
}

fn example_view(example: &Example, media_type: &MediaType) -> AnyView {
    let value = example.to_json().map(|value| {
        let (text, language) = match value {
            serde_json::Value::String(text) if !media_type.is_json() => (text, Language::Plain),
            value => (pretty(&value), Language::Json),
        };
        let copy = super::copy(text.clone());
        let name = example.name.clone();
        view! { <Code title=name copy><Source text language/></Code> }
    });
    let external = example.external.as_ref().map(|url| {
        view! { <p class="note">"The example is at "{address(url, url.clone())}</p> }
    });
    view! { <div class="resp">{words(example.description.as_deref())}{value}{external}</div> }.into_any()
}

/// The examples of a parameter, where they have names or there are several.
pub(super) fn of_parameter(parameter: &Parameter) -> Option<AnyView> {
    let named = parameter.examples.iter().filter(|example| example.name.is_some());
    let values: Vec<Value> = named
        .filter_map(|example| {
            let value = limits::shortly(&example.to_json()?);
            let meaning = example.summary.as_deref().or(example.description.as_deref()).or(example.name.as_deref());
            Some(Value { value, meaning: markdown::plain(meaning.unwrap_or_default(), 200) })
        })
        .take(MOST)
        .collect();
    let summary = counted(values.len() as u64, "example", "examples");
    (!values.is_empty()).then(|| view! { <Fold summary><Values values/></Fold> }.into_any())
}
