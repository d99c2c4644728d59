//! Fields of the form, each by how its value is entered.

use leptos::prelude::*;

use super::{
    super::field::{Entry, Field},
    form::Filling,
};
use crate::{
    reference::sample::plain,
    ui::{Choice, Choices, FileField, Fold, Need, Opening, SelectField, TextArea, TextField},
};

/// A taller editor scrolls.
const MOST_LINES: usize = 18;

/// One of several ways, with the fields that belong to it; the style sheet hides those of the others.
pub(super) fn variant(name: &str, value: &str, label: &str, chosen: &str, fields: AnyView) -> AnyView {
    let checked = value == chosen;
    let (name, value, label) = (name.to_owned(), value.to_owned(), label.to_owned());
    view! {
        <div class="variant">
            <label class="check"><input type="radio" name=name value=value checked=checked/><span>{label}</span></label>
            <div class="fields">{fields}</div>
        </div>
    }
    .into_any()
}

/// What must be filled in first, the rest behind a fold.
pub(super) fn grouped(fields: &[&Field], filling: &Filling) -> AnyView {
    let is_shown = |field: &&&Field| field.need == Need::Required || !field.prefill.is_empty();
    let (first, rest): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(is_shown);
    let first: Vec<AnyView> = first.into_iter().map(|field| field_view(field, filling)).collect();
    let is_filled = rest.iter().any(|field| field.texts(filling.posted()).iter().any(|text| !text.is_empty()));
    let count = rest.len();
    let rest: Vec<AnyView> = rest.into_iter().map(|field| field_view(field, filling)).collect();
    let summary = if count == 1 { "1 optional value".to_owned() } else { format!("{count} optional values") };
    let starts = if is_filled { Opening::Open } else { Opening::Closed };
    let rest = (count > 0).then(|| view! { <Fold summary starts><div class="pairs">{rest}</div></Fold> });
    let first = (!first.is_empty()).then(|| view! { <div class="pairs">{first}</div> });
    view! { {first}{rest} }.into_any()
}

/// A field that takes a file.
pub(super) fn file_view(
    name: String,
    id: String,
    label: String,
    need: Need,
    hint: Option<String>,
    error: Option<String>,
) -> AnyView {
    view! { <div class="wide"><FileField name id label need hint error/></div> }.into_any()
}

/// As many lines as a text has, within bounds.
pub(super) fn rows(text: &str, fewest: usize) -> u16 {
    let lines = text.lines().count() + 1;
    u16::try_from(lines.clamp(fewest, MOST_LINES)).unwrap_or(4)
}

fn field_view(field: &Field, filling: &Filling) -> AnyView {
    let (name, id, hint) = (field.name.clone(), field.id.clone(), field.hint.clone());
    let label = if field.is_deprecated { format!("{}, deprecated", field.label) } else { field.label.clone() };
    let (error, need) = (filling.error(&field.id), field.need);
    let texts = field.texts(filling.posted());
    let value = texts.first().cloned().unwrap_or_default();
    match &field.entry {
        Entry::Line(kind, _) => {
            let (kind, placeholder) = (*kind, field.placeholder.clone());
            view! { <TextField name id label kind value need hint error placeholder autocomplete="off"/> }.into_any()
        }
        Entry::One(values) => {
            let mut options: Vec<Choice> = values.iter().map(|value| Choice::new(plain(value), plain(value))).collect();
            if need == Need::Optional {
                options.insert(0, Choice::new("", "not sent"));
            }
            view! { <SelectField name id label options selected=value hint error/> }.into_any()
        }
        Entry::Several(values) => {
            let options = values.iter().map(|value| Choice::new(plain(value), plain(value))).collect();
            view! { <div class="wide"><Choices name id label options chosen=texts hint error/></div> }.into_any()
        }
        Entry::Lines(_) | Entry::Json => {
            let rows = rows(&value, 2);
            view! { <div class="wide"><TextArea name id label value rows need hint error/></div> }.into_any()
        }
        Entry::File => file_view(name, id, label, need, hint, error),
    }
}
