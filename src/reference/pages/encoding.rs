//! How the parts of a form are written.

use leptos::prelude::*;

use super::{
    super::{
        example::Direction,
        model::{Encoding, MediaType, Property, Type},
        reading::counted,
        shape,
    },
    Place,
    headers::header_rows,
    parameters,
    phrase::Phrase,
    properties::Lens,
};
use crate::ui::{Fold, Props};

/// Whether the members of a content type are sent as fields or parts.
pub(super) fn is_form(media_type: &MediaType) -> bool {
    let essence = media_type.essence();
    essence.starts_with("multipart/") || essence == "application/x-www-form-urlencoded"
}

/// How one property is written.
pub(super) fn notes(media_type: &MediaType, property: &Property) -> Vec<AnyView> {
    let encoding = media_type.encoding(&property.name);
    let mut notes = Vec::new();
    let stated = encoding.and_then(|encoding| encoding.content_type.clone());
    let in_parts = media_type.essence().starts_with("multipart/");
    let core = shape::core(&property.schema);
    let is_object =
        core.is_some_and(|core| core.main_type() == Some(Type::Object) || !shape::of(&core).properties.is_empty());
    let implied = || (in_parts && is_object).then(|| "application/json".to_owned());
    notes.extend(stated.or_else(implied).map(|name| Phrase::words("sent as ").and_value(name).view()));
    notes.extend(encoding.and_then(|encoding| written(encoding, property)).map(IntoAny::into_any));
    notes
}

fn written(encoding: &Encoding, property: &Property) -> Option<String> {
    let style = encoding.style?;
    let kind = shape::behind(&property.schema)?.main_type()?;
    let explode = encoding.explode.unwrap_or(style == super::super::model::Style::Form);
    parameters::written(&property.name, style, explode, kind)
}

/// The headers of a part.
pub(super) fn headers(place: &Place, media_type: &MediaType, property: &Property) -> Option<AnyView> {
    let encoding = media_type.encoding(&property.name).filter(|encoding| !encoding.headers.is_empty())?;
    let mut lens = Lens::new(place, Some(Direction::Request), 0);
    let rows = header_rows(&mut lens, &encoding.headers);
    let summary = counted(rows.len() as u64, "header of the part", "headers of the part");
    Some(view! { <Fold summary><Props>{rows}</Props></Fold> }.into_any())
}
