//! The operations that an answer leads to, and where their parameters come from.

use std::borrow::Cow;

use leptos::prelude::*;
use serde_json::Value as Json;

use super::{
    super::{
        document::pointer,
        model::{Link as NextCall, Operation},
        reading::counted,
    },
    Place, limits, words,
};
use crate::ui::{Fold, MethodBadge, Value, Values};

/// The links of a response.
pub(super) fn of_response(place: &Place, links: &[NextCall]) -> Option<impl IntoView + use<>> {
    let rows: Vec<AnyView> = links.iter().map(|link| row(place, link)).collect();
    let summary = counted(rows.len() as u64, "next call", "next calls");
    (!rows.is_empty()).then(|| view! { <Fold summary><ul class="next-calls">{rows}</ul></Fold> })
}

fn row(place: &Place, link: &NextCall) -> AnyView {
    let head = match target(place, link) {
        Some(operation) => {
            let (method, href) = (operation.method.as_str().to_owned(), place.operation_path(operation));
            view! { <MethodBadge method/><a href=href>{operation.title()}</a> }.into_any()
        }
        None => {
            let elsewhere = link.operation_ref.clone().or(link.operation_id.clone());
            view! { <b>{link.name.clone()}</b>{elsewhere.map(|target| view! { <code>{target}</code> })} }.into_any()
        }
    };
    let mut values: Vec<Value> = Vec::new();
    for (name, value) in &link.parameters {
        values.push(Value { value: name.clone(), meaning: told(value) });
    }
    values.extend(link.request_body.as_ref().map(|body| Value { value: "body".to_owned(), meaning: told(body) }));
    let values = (!values.is_empty()).then(|| view! { <Values values/> });
    let server =
        link.server.as_ref().map(|server| view! { <p class="note">"at "<code>{server.default_url()}</code></p> });
    view! {
        <li>
            <div class="endpoint">{head}</div>
            {words(link.description.as_deref())}
            {values}
            {server}
        </li>
    }
    .into_any()
}

/// By the operation's id, or by a reference such as `#/paths/~1ports/get`.
fn target<'p>(place: &'p Place, link: &NextCall) -> Option<&'p Operation> {
    let mut operations = place.document().operations().iter();
    if let Some(id) = &link.operation_id {
        return operations.find(|operation| operation.operation_id.as_ref() == Some(id));
    }
    let fragment = link.operation_ref.as_deref()?.strip_prefix('#')?;
    let pointer = pointer::from_fragment(fragment);
    let steps: Vec<Cow<'_, str>> = pointer::tokens(&pointer)?.collect();
    let [paths, path, method] = steps.as_slice() else { return None };
    let is_it =
        |operation: &&Operation| operation.path == *path && operation.method.as_str().eq_ignore_ascii_case(method);
    operations.find(is_it).filter(|_| paths == "paths")
}

/// Where a value comes from: "`id` of this answer's body".
fn told(value: &Json) -> String {
    let Json::String(expression) = value else { return limits::shortly(value) };
    let Some(rest) = expression.strip_prefix('$') else { return expression.clone() };
    match rest {
        "url" => return "the address that was called".to_owned(),
        "method" => return "the method that was called".to_owned(),
        "statusCode" => return "the status of this answer".to_owned(),
        _ => {}
    }
    let Some((side, part)) = rest.split_once('.') else { return expression.clone() };
    let side = match side {
        "request" => "the request",
        "response" => "this answer",
        _ => return expression.clone(),
    };
    let (place, name) = part.split_once(['.', '#']).unwrap_or((part, ""));
    let name = name.trim_start_matches('/').replace('/', ".");
    match (place, name.as_str()) {
        ("body", "") => format!("the body of {side}"),
        ("body", name) => format!("{name} in the body of {side}"),
        ("header", name) => format!("the header {name} of {side}"),
        ("query" | "path", name) => format!("{name} in the {place} of {side}"),
        _ => expression.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_told_in_words() {
        let cases = [
            ("$response.body#/id", "id in the body of this answer"),
            ("$response.body#/data/0/id", "data.0.id in the body of this answer"),
            ("$request.body", "the body of the request"),
            ("$request.path.port", "port in the path of the request"),
            ("$request.query.q", "q in the query of the request"),
            ("$response.header.Location", "the header Location of this answer"),
            ("$statusCode", "the status of this answer"),
            ("LIS", "LIS"),
            ("$surprise", "$surprise"),
        ];
        for (expression, words) in cases {
            assert_eq!(told(&Json::String(expression.to_owned())), words);
        }
    }
}
