//! Parameters by place.

use leptos::prelude::*;

use super::{
    super::{
        example::{self, Direction},
        model::{Operation, Parameter, Place as At, Style, Type},
        shape,
    },
    Place, limits,
    properties::{Lens, Named},
};
use crate::ui::{Link, Need, PropLife, Props, Section};

const ROOM: usize = 120;

/// The places in the order of a request, each with its heading and anchor.
const PLACES: [(At, &str, &str); 5] = [
    (At::Path, "Path", "path"),
    (At::Query, "Query", "query"),
    (At::QueryString, "Whole query", "querystring"),
    (At::Header, "Headers", "headers"),
    (At::Cookie, "Cookies", "cookies"),
];

/// Links to the sections that an operation has.
pub(super) fn links(operation: &Operation) -> Vec<Link> {
    let used = PLACES.iter().filter(|(at, ..)| operation.parameters_in(*at).next().is_some());
    used.map(|(_, title, anchor)| Link::new(format!("#{anchor}"), *title)).collect()
}

/// A section for each place that an operation has parameters at.
pub(super) fn sections(place: &Place, operation: &Operation) -> Vec<AnyView> {
    let mut lens = Lens::new(place, Some(Direction::Request), ROOM);
    let mut sections = Vec::new();
    for (at, title, anchor) in PLACES {
        let rows: Vec<AnyView> = operation.parameters_in(at).map(|parameter| row(&mut lens, parameter)).collect();
        if !rows.is_empty() {
            sections.push(view! { <Section title id=anchor><Props>{rows}</Props></Section> }.into_any());
        }
    }
    sections
}

fn row(lens: &mut Lens<'_>, parameter: &Parameter) -> AnyView {
    let mut notes = Vec::new();
    notes.extend(writing(parameter).map(IntoAny::into_any));
    let example = example::own(&parameter.examples).filter(|example| !is_stated(parameter, example));
    notes.extend(example.map(|example| limits::valued("example", &example)));
    notes.extend(parameter.content.as_ref().map(|content| format!("written as {}", content.name).into_any()));
    let named = Named::new(
        &parameter.name,
        parameter.shape(),
        if parameter.required { Need::Required } else { Need::Optional },
    );
    let life = if parameter.deprecated { PropLife::Deprecated } else { PropLife::Live };
    let description = parameter.description.as_deref();
    lens.named(Named { description, life, notes, ..named }, 0)
}

/// Whether the schema says the same already.
fn is_stated(parameter: &Parameter, example: &serde_json::Value) -> bool {
    let Some(schema) = parameter.shape().and_then(shape::behind) else { return false };
    schema.default().as_ref() == Some(example) || schema.examples().first() == Some(example)
}

/// How a list or an object is written, where one has to know.
fn writing(parameter: &Parameter) -> Option<String> {
    let kind = shape::behind(parameter.schema.as_ref()?)?.main_type()?;
    if !matches!(kind, Type::Array | Type::Object) {
        return None;
    }
    let name = &parameter.name;
    Some(match (parameter.style, parameter.explode, kind) {
        (Style::Form, true, Type::Array) => "repeat the parameter for several".to_owned(),
        (Style::Form, true, _) => "each member is a parameter of its own".to_owned(),
        (Style::Form | Style::Simple, false, _) | (Style::Simple, true, Type::Array) => {
            "separated by commas".to_owned()
        }
        (Style::Simple, true, _) => "written as name=value, separated by commas".to_owned(),
        (Style::SpaceDelimited, ..) => "separated by spaces".to_owned(),
        (Style::PipeDelimited, ..) => "separated by |".to_owned(),
        (Style::DeepObject, ..) => format!("each member as {name}[member]"),
        (Style::Label, ..) => "with a dot before each".to_owned(),
        (Style::Matrix, ..) => format!("as ;{name}=…"),
    })
}
