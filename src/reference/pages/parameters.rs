//! Parameters by place.

use leptos::prelude::*;

use super::{
    super::{
        example::{self, Direction},
        model::{Operation, Parameter, Place as At, Style, Type},
        reading::counted,
        shape,
    },
    Place,
    anchors::Anchors,
    examples, limits,
    phrase::Phrase,
    properties::{Lens, Named},
};
use crate::ui::{Fold, Link, Need, PropLife, Props, Section};

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
pub(super) fn sections(place: &Place, operation: &Operation, anchors: &Anchors) -> Vec<AnyView> {
    let mut sections = Vec::new();
    for (at, title, anchor) in PLACES {
        let mut lens = Lens::new(place, Some(Direction::Request), ROOM).at(anchors, anchor);
        let rows = rows(&mut lens, operation, at);
        if !rows.is_empty() {
            sections.push(view! { <Section title id=anchor><Props>{rows}</Props></Section> }.into_any());
        }
    }
    sections
}

/// The parameters of a request that the API sends, folded by place.
pub(super) fn folds(place: &Place, operation: &Operation, anchors: &Anchors, path: &str) -> Vec<AnyView> {
    let mut folds = Vec::new();
    for (at, title, anchor) in PLACES {
        let mut lens = Lens::new(place, Some(Direction::Request), ROOM).at(anchors, format!("{path}.{anchor}"));
        let rows = rows(&mut lens, operation, at);
        if !rows.is_empty() {
            let summary = format!("{title}, {}", counted(rows.len() as u64, "parameter", "parameters"));
            folds.push(view! { <Fold summary><Props>{rows}</Props></Fold> }.into_any());
        }
    }
    folds
}

fn rows(lens: &mut Lens<'_>, operation: &Operation, at: At) -> Vec<AnyView> {
    operation.parameters_in(at).map(|parameter| row(lens, parameter)).collect()
}

fn row(lens: &mut Lens<'_>, parameter: &Parameter) -> AnyView {
    let mut notes = Vec::new();
    notes.extend(writing(parameter).map(IntoAny::into_any));
    notes.extend(parameter.allow_reserved.then(|| "reserved characters are sent as they are".into_any()));
    let listed = examples::of_parameter(parameter);
    let example = example::own(&parameter.examples).filter(|_| listed.is_none());
    let example = example.filter(|example| !is_stated(parameter, example));
    notes.extend(example.map(|example| limits::valued("example", &example).view()));
    let content = parameter.content.as_ref();
    notes.extend(content.map(|content| Phrase::words("written as ").and_value(&content.name).view()));
    let need = if parameter.required { Need::Required } else { Need::Optional };
    let named = Named::new(&parameter.name, parameter.shape(), need);
    let life = if parameter.deprecated { PropLife::Deprecated } else { PropLife::Live };
    let description = parameter.description.as_deref();
    lens.named(Named { description, life, notes, more: listed, ..named }, 0)
}

/// Whether the schema says the same already.
fn is_stated(parameter: &Parameter, example: &serde_json::Value) -> bool {
    let Some(schema) = parameter.shape().and_then(shape::behind) else { return false };
    schema.default().as_ref() == Some(example) || schema.examples().first() == Some(example)
}

/// How a value is written, where one has to know.
fn writing(parameter: &Parameter) -> Option<String> {
    let kind = shape::behind(parameter.schema.as_ref()?)?.main_type().unwrap_or(Type::String);
    written(&parameter.name, parameter.style, parameter.explode, kind)
}

/// How a list, an object or a prefixed value is written.
pub(super) fn written(name: &str, style: Style, explode: bool, kind: Type) -> Option<String> {
    let is_many = matches!(kind, Type::Array | Type::Object);
    Some(match (style, explode, kind) {
        (Style::Label, ..) if !is_many => "with a dot before it".to_owned(),
        (Style::Matrix, ..) if !is_many => format!("as ;{name}=…"),
        _ if !is_many => return None,
        (Style::Form, true, Type::Array) => "repeat the parameter for several".to_owned(),
        (Style::Form, true, _) => "each member is a parameter of its own".to_owned(),
        (Style::Form | Style::Simple, false, Type::Object) => "as name,value,name,value".to_owned(),
        (Style::Form | Style::Simple, false, _) | (Style::Simple, true, Type::Array) => {
            "separated by commas".to_owned()
        }
        (Style::Simple, true, _) => "written as name=value, separated by commas".to_owned(),
        (Style::SpaceDelimited, ..) => "separated by spaces".to_owned(),
        (Style::PipeDelimited, ..) => "separated by |".to_owned(),
        (Style::DeepObject, ..) => format!("each member as {name}[member]"),
        (Style::Label, true, Type::Object) => "as .name=value.name=value".to_owned(),
        (Style::Label, true, _) => "with a dot before each".to_owned(),
        (Style::Label, false, _) => "with a dot before it, separated by commas".to_owned(),
        (Style::Matrix, true, Type::Object) => "as ;name=value;name=value".to_owned(),
        (Style::Matrix, true, _) => format!("as ;{name}=…;{name}=…"),
        (Style::Matrix, false, _) => format!("as ;{name}=…, separated by commas"),
    })
}
