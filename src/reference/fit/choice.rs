//! Schemas that are put together of others: all of them, one of them, none of them.

use serde_json::Value;

use super::{
    Asked, At, Fault, Fit,
    fault::alternatives,
    keyword::Stated,
    place::{followed, is_schema, schemas},
};
use crate::reference::{
    document::{pointer, tree::Node},
    model::Discriminator,
};

/// Faults that tell how far a choice is from a value.
const COUNTED: usize = 20;

/// Choices that are compared by what is wrong with them.
const COMPARED: usize = 100;

/// What a discriminator says of a value.
enum Named<'t> {
    /// It is this choice.
    Choice(Node<'t>),
    /// It names none.
    Unknown,
    /// The property that tells is not there.
    Missing,
}

impl Fit {
    pub(super) fn composition<'t>(
        &mut self,
        asked: &Asked<'t>,
        (key, stated): Stated<'t>,
        value: &Value,
        at: &At<'_>,
    ) -> bool {
        match key {
            "allOf" => self.every(schemas(stated), |fit, part| fit.look(&asked.part(part), value, at)),
            "anyOf" => {
                let mut choices = schemas(stated).peekable();
                choices.peek().is_none()
                    || choices.any(|choice| self.ask(&asked.part(choice), value, at))
                    || self.no_choice(asked, stated, value, at)
            }
            "oneOf" => self.one_of(asked, stated, value, at),
            "not" if is_schema(stated) => {
                let is_excluded = self.ask(&asked.negated(stated), value, at) && !self.is_exhausted();
                !is_excluded
                    || self.wrong(at, Fault::Excluded, || "This is what the document excludes here.".to_owned())
            }
            "if" if is_schema(stated) => {
                let holds = self.ask(&asked.negated(stated), value, at);
                let consequence = asked.schema.get(if holds { "then" } else { "else" });
                consequence.filter(|node| is_schema(*node)).is_none_or(|node| self.look(&asked.part(node), value, at))
            }
            _ => true,
        }
    }

    fn one_of<'t>(&mut self, asked: &Asked<'t>, stated: Node<'t>, value: &Value, at: &At<'_>) -> bool {
        let fitting = schemas(stated).filter(|choice| self.ask(&asked.part(*choice), value, at)).take(2).count();
        match fitting {
            0 => schemas(stated).next().is_none() || self.no_choice(asked, stated, value, at),
            1 => true,
            // Choices may be told apart by what they do not know; and what was not looked at counts as fitting.
            _ if self.is_exhausted() || !self.refuses_unknown(asked) => true,
            _ => self.wrong(at, Fault::SeveralChoices, || "This fits more than one of the choices.".to_owned()),
        }
    }

    /// Says what is wrong with the choice that was probably meant.
    fn no_choice<'t>(&mut self, asked: &Asked<'t>, stated: Node<'t>, value: &Value, at: &At<'_>) -> bool {
        if self.room == 0 {
            return false;
        }
        let choices: Vec<_> = schemas(stated).filter(|choice| choice.text_of("type") != Some("null")).collect();
        if let (Some(discriminator), Value::Object(_)) = (asked.model().discriminator(), value) {
            let property = At::Member(at, &discriminator.property);
            match named(&discriminator, &choices, value) {
                Named::Choice(choice) => return self.only(asked, choice, value, at),
                Named::Unknown => {
                    let message = || format!("This must be {}.", alternatives(names(&discriminator, &choices)));
                    return self.wrong(&property, Fault::UnknownChoice, message);
                }
                Named::Missing => {
                    let message = || format!("The property {} is missing.", discriminator.property);
                    return self.wrong(at, Fault::MissingProperty, message);
                }
            }
        }
        match choices.as_slice() {
            [only] => self.only(asked, *only, value, at),
            // A choice inside of one that is only measured counts as one fault: else each level would multiply the work.
            several => match (!self.is_measuring).then(|| self.nearest(asked, several, value, at)).flatten() {
                Some(nearest) => self.only(asked, nearest, value, at),
                None => self.wrong(at, Fault::NoChoice, || format!("This is none of the {} choices.", several.len())),
            },
        }
    }

    fn only<'t>(&mut self, asked: &Asked<'t>, choice: Node<'t>, value: &Value, at: &At<'_>) -> bool {
        let fits = self.look(&asked.part(choice), value, at);
        if fits { self.wrong(at, Fault::NoChoice, || "This is none of the choices.".to_owned()) } else { false }
    }

    /// The one choice that is nearer than all others: its type and constants fit, and the least differs.
    fn nearest<'t>(&mut self, asked: &Asked<'t>, choices: &[Node<'t>], value: &Value, at: &At<'_>) -> Option<Node<'t>> {
        let own = at.pointer();
        let (found, known) = (std::mem::take(&mut self.found), std::mem::take(&mut self.known));
        let room = self.room;
        self.is_measuring = true;
        let mut ranked = Vec::new();
        for choice in choices.iter().take(COMPARED) {
            self.room = COUNTED;
            self.look(&asked.part(*choice), value, at);
            // What is said here is not said in the end.
            self.known.clear();
            let misfits = std::mem::take(&mut self.found);
            let count = |fault: Fault| misfits.iter().filter(|misfit| misfit.fault == fault).count();
            let is_other = misfits.iter().any(|it| it.fault == Fault::WrongType && it.pointer == own);
            let distance = (is_other, count(Fault::UnlistedValue), count(Fault::WrongType), misfits.len());
            ranked.extend((!misfits.is_empty()).then_some((distance, *choice)));
        }
        self.is_measuring = false;
        (self.found, self.known, self.room) = (found, known, room);
        let least = ranked.iter().map(|(distance, _)| *distance).min()?;
        let mut nearest = ranked.into_iter().filter(|(distance, _)| *distance == least);
        let (_, only) = nearest.next()?;
        nearest.next().is_none().then_some(only)
    }
}

/// The choice that the discriminator's property names: by its mapping, by the name of a component, or as what is left.
fn named<'t>(discriminator: &Discriminator, choices: &[Node<'t>], value: &Value) -> Named<'t> {
    let stated = value.get(&discriminator.property).and_then(Value::as_str);
    let mapped = discriminator.mapping.iter().find(|(name, _)| Some(name.as_str()) == stated).map(|(_, lead)| lead);
    let lead = mapped.or(discriminator.fallback.as_ref()).and_then(|lead| lead.schema());
    let reference = |choice: &Node<'t>| choice.text_of("$ref");
    let is_led_to = |choice: &Node<'t>| {
        let target = reference(choice).and_then(|reference| followed(*choice, reference)).unwrap_or(*choice);
        lead.is_some_and(|lead| {
            let lead = lead.source().node();
            let end = lead.text_of("$ref").and_then(|reference| followed(lead, reference)).unwrap_or(lead);
            end.index() == target.index()
        })
    };
    let is_called = |choice: &Node<'t>| stated.is_some_and(|stated| last(reference(choice)) == stated);
    let found = match mapped {
        Some(_) => choices.iter().find(|choice| is_led_to(choice)),
        None => choices.iter().find(|choice| is_called(choice)).or_else(|| choices.iter().find(|it| is_led_to(it))),
    };
    match (found, value.get(&discriminator.property)) {
        (Some(choice), _) => Named::Choice(*choice),
        (None, None) => Named::Missing,
        (None, Some(_)) => Named::Unknown,
    }
}

/// What may stand in the discriminator's property.
fn names(discriminator: &Discriminator, choices: &[Node<'_>]) -> Vec<String> {
    let mapped: Vec<String> = discriminator.mapping.iter().map(|(name, _)| name.clone()).collect();
    match mapped.is_empty() {
        true => choices.iter().map(|choice| last(choice.text_of("$ref"))).filter(|name| !name.is_empty()).collect(),
        false => mapped,
    }
}

fn last(reference: Option<&str>) -> String {
    reference.map(|reference| pointer::last(reference).into_owned()).unwrap_or_default()
}
