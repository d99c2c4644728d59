//! Headers of an answer or of a part.

use leptos::prelude::*;

use super::{
    super::{example, model::Header},
    limits,
    properties::{Lens, Named},
};
use crate::ui::{Need, PropLife};

/// A row for each header.
pub(super) fn header_rows(lens: &mut Lens<'_>, headers: &[Header]) -> Vec<AnyView> {
    headers.iter().map(|header| row(lens, header)).collect()
}

fn row(lens: &mut Lens<'_>, header: &Header) -> AnyView {
    let schema = header.schema.as_ref().or_else(|| header.content.as_ref()?.schema.as_ref());
    let need = if header.required { Need::Required } else { Need::Optional };
    let life = if header.deprecated { PropLife::Deprecated } else { PropLife::Live };
    let example = example::own(&header.examples).map(|example| limits::valued("example", &example).view());
    let written = header.content.as_ref().map(|content| format!("written as {}", content.name).into_any());
    let notes = example.into_iter().chain(written).collect();
    let named = Named::new(&header.name, schema, need);
    lens.named(Named { description: header.description.as_deref(), life, notes, ..named }, 0)
}
