//! The values that a schema lists, with their meaning.

use leptos::prelude::*;

use super::{
    super::{
        model::{EnumValue, Schema},
        reading::counted,
        shape,
    },
    limits,
};
use crate::ui::{Fold, Limits, Value, Values};

/// More values than a line holds; they are folded.
const VALUES_IN_VIEW: usize = 12;

/// More values than anybody reads.
const MOST_VALUES: usize = 500;

/// The values of a schema, or of the items of a list.
pub(super) fn of(schema: &Schema) -> Option<AnyView> {
    let mut values = shape::values(&shape::core(schema)?);
    let count = values.len();
    if values.is_empty() {
        return None;
    }
    values.truncate(MOST_VALUES);
    let list = values_view(values);
    let more = count.saturating_sub(MOST_VALUES);
    let more = (more > 0).then(|| view! { <p class="note">{format!("and {more} more")}</p> });
    Some(match count > VALUES_IN_VIEW {
        true => view! { <Fold summary=counted(count as u64, "value", "values")>{list}{more}</Fold> }.into_any(),
        false => list,
    })
}

fn values_view(values: Vec<EnumValue>) -> AnyView {
    if values.iter().all(|value| value.description.is_none() && value.name.is_none()) {
        let limits = values.iter().map(|value| view! { <code>{limits::shortly(&value.value)}</code> }.into_any());
        return view! { <Limits limits=limits.collect()/> }.into_any();
    }
    let values = values.into_iter().map(|value| {
        let described = value.description.map(|text| crate::markdown::plain(&text, 400));
        let named = value.name.filter(|name| value.value.as_str() != Some(name));
        let meaning = [named, described].into_iter().flatten().collect::<Vec<_>>().join(": ");
        Value { value: limits::shortly(&value.value), meaning }
    });
    view! { <Values values=values.collect()/> }.into_any()
}
