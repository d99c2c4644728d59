//! Example values: the document's own, else made from the schema.
//!
//! Made values are the same at every reading, plausible by format and name, and end even where schemas do not: depth and
//! number of values are bounded, and a reference back to itself is left out. Read-only properties are not in requests,
//! write-only ones not in responses.

#[cfg(test)]
mod conformance;
mod generator;
mod members;
#[cfg(test)]
mod mutation;
mod name;
mod number;
mod parts;
mod pattern;
mod refusal;
#[cfg(test)]
mod tests;
mod text;

use serde_json::Value;

use super::model::{Body, Example, Header, MediaType, Parameter, Response, Schema};

use self::{generator::Generator, refusal::Refusal};

/// Which way a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the caller to the API.
    Request,
    /// From the API to the caller.
    Response,
}

/// An example of a parameter's value; text where the document does not tell its shape.
pub fn of_parameter(parameter: &Parameter) -> Value {
    let own = own(&parameter.examples);
    let shaped = || Some(Generator::new(Direction::Request).root(parameter.shape()?, &parameter.name));
    let unshaped = || Value::String(text::of_name(&parameter.name));
    own.or_else(shaped).unwrap_or_else(unshaped)
}

/// An example of a header's value; text where the document does not tell its shape.
pub fn of_header(header: &Header) -> Value {
    let schema = header.schema.as_ref().or_else(|| header.content.as_ref()?.schema.as_ref());
    let shaped = || Some(Generator::new(Direction::Response).root(schema?, &header.name));
    let unshaped = || Value::String(text::of_name(&header.name));
    own(&header.examples).or_else(shaped).unwrap_or_else(unshaped)
}

/// An example of the body to send, in the content type to show first; none where there is nothing to go by.
pub fn of_body(body: &Body) -> Option<(&MediaType, Value)> {
    let media_type = body.preferred()?;
    Some((media_type, of_media_type(media_type, Direction::Request)?))
}

/// An example of a response's body, in the content type to show first; none for a response without a body.
pub fn of_response(response: &Response) -> Option<(&MediaType, Value)> {
    let media_type = response.preferred()?;
    Some((media_type, of_response_content(response, media_type)?))
}

/// An example of a response's body in one of its content types; an error's texts fit its status.
pub fn of_response_content(response: &Response, media_type: &MediaType) -> Option<Value> {
    let made = || {
        let generator = Generator::new(Direction::Response).refusing(Refusal::of(response.status));
        Some(generator.root(shape(media_type)?, ""))
    };
    own(&media_type.examples).or_else(made)
}

/// An example of one content type: the document's first, else one made from the schema.
pub fn of_media_type(media_type: &MediaType, direction: Direction) -> Option<Value> {
    own(&media_type.examples).or_else(|| Some(of_schema(shape(media_type)?, direction)))
}

/// An example of a schema: its own, else a made one.
pub fn of_schema(schema: &Schema, direction: Direction) -> Value {
    Generator::new(direction).root(schema, "")
}

/// The first of the document's own examples that has a value.
pub fn own(examples: &[Example]) -> Option<Value> {
    examples.iter().find_map(Example::to_json)
}

fn shape(media_type: &MediaType) -> Option<&Schema> {
    media_type.schema.as_ref().or(media_type.item_schema.as_ref())
}
