//! Makes a value for a schema.

use serde_json::{Value, json};

use super::{
    super::{
        document::tree::Kind,
        fit::Fit,
        model::{Schema, Type},
    },
    Direction, number,
    parts::Parts,
    refusal::Refusal,
    text,
};

/// Levels of nesting that an example shows. What is deeper has only what it must have.
const SHOWN_DEPTH: usize = 6;

/// Levels at which even what must be there is left out.
const DEEPEST: usize = 24;

/// Values after which only what must be there is added, so that an example stays readable.
const SHOWN_VALUES: usize = 400;

/// Schemas looked at, after which everything is left out: a page must not wait for a document's tangle.
pub(super) const MOST_STEPS: usize = 20_000;

/// Schemas that values are held against, after which choices are taken as they come.
const MOST_FITTING: usize = 100_000;

/// Choices that are tried for one that fits.
const MOST_TRIES: usize = 16;

/// Values of an enumeration that are tried.
const MOST_LISTED: usize = 100;

/// A generator for one example.
pub(in crate::reference) struct Generator {
    pub(super) direction: Direction,
    pub(super) steps: usize,
    pub(super) values: usize,
    pub(super) ordinal: usize,
    /// The references that the value being made is inside of.
    inside: Vec<u32>,
    refusal: Option<Refusal>,
    pub(super) fit: Fit,
    /// What must be there and cannot be made gets a stand-in: the last resort.
    pub(super) forced: bool,
}

/// What a value is called and where it is.
#[derive(Clone, Copy)]
pub(super) struct Role<'a> {
    pub name: &'a str,
    pub owner: &'a str,
    pub depth: usize,
}

impl Generator {
    pub fn new(direction: Direction) -> Self {
        Self {
            direction,
            steps: 0,
            values: 0,
            ordinal: 0,
            inside: Vec::new(),
            refusal: None,
            fit: Fit::new(Some(direction)),
            forced: false,
        }
    }

    /// For the body of an error.
    pub fn refusing(self, refusal: Option<Refusal>) -> Self {
        Self { refusal, ..self }
    }

    /// The example; an empty value of the right kind where the schema allows none to be made.
    pub fn root(mut self, schema: &Schema, name: &str) -> Value {
        let owner = schema.reference().map(|reference| reference.name).or_else(|| schema.name().map(str::to_owned));
        let role = Role { name, owner: owner.as_deref().unwrap_or_default(), depth: 0 };
        let schemas = std::slice::from_ref(schema);
        self.value(schemas, role).or_else(|| self.forced(schemas, role)).unwrap_or_else(|| empty(&Parts::of(schemas)))
    }

    fn forced(&mut self, schemas: &[Schema], role: Role<'_>) -> Option<Value> {
        (self.forced, self.steps, self.values) = (true, 0, 0);
        self.inside.clear();
        self.value(schemas, role)
    }

    /// A value that fits all schemas, or none where it would have no end or nothing is allowed.
    pub(super) fn value(&mut self, schemas: &[Schema], role: Role<'_>) -> Option<Value> {
        let parts = Parts::of(schemas);
        self.steps += parts.list.len().max(1);
        if self.steps > MOST_STEPS || role.depth > DEEPEST || parts.impossible {
            return None;
        }
        if let Some(own) = self.stated(&parts) {
            self.values += 1;
            self.steps += weight(&own);
            return Some(own);
        }
        let owner = parts.owner.clone();
        self.entered(&parts, Role { owner: owner.as_deref().unwrap_or(role.owner), ..role }, schemas)
    }

    /// The value of parts whose references become those that it is inside of.
    fn entered(&mut self, parts: &Parts, role: Role<'_>, whole: &[Schema]) -> Option<Value> {
        let outside = self.inside.len();
        let fresh = |target: &&u32| !self.inside.contains(*target);
        let known_before = parts.targets.iter().filter(fresh).count() < parts.targets.len();
        if known_before {
            return None;
        }
        self.inside.extend(&parts.targets);
        let value = match parts.open_choices() {
            Some(_) => self.chosen(parts, role, whole),
            None => self.plain(parts, role),
        };
        self.inside.truncate(outside);
        value
    }

    /// The first choice with which the whole value fits. Where none does, as choices do not exclude each other, the first
    /// is the last resort.
    fn chosen(&mut self, parts: &Parts, role: Role<'_>, whole: &[Schema]) -> Option<Value> {
        let choices = parts.open_choices()?;
        let mut first = None;
        let offer = parts.list.get(choices.at)?.schema.clone();
        for option in choices.options.iter().take(MOST_TRIES) {
            let mut with_option = parts.settled(choices.at, option);
            self.steps += option.len().max(1);
            if self.steps > MOST_STEPS || with_option.impossible {
                continue;
            }
            if let Some(own) = option.first().and_then(|choice| self.stated(&Parts::of(std::slice::from_ref(choice))))
                && (!own.is_object() || with_option.list.iter().all(|part| part.schema.properties().is_empty()))
                && self.fits_all(whole, &own)
            {
                self.steps += weight(&own);
                return Some(own);
            }
            with_option.targets.drain(..parts.targets.len());
            let choice_name = option.first().and_then(Schema::reference).map(|reference| reference.name);
            let role = Role { owner: choice_name.as_deref().unwrap_or(role.owner), ..role };
            let Some(made) = self.entered(&with_option, role, whole) else { continue };
            let told = option.first().and_then(|choice| told_apart(&offer, choice, &made));
            for candidate in told.into_iter().chain([made]) {
                if self.fits_all(whole, &candidate) {
                    return Some(candidate);
                }
                first.get_or_insert(candidate);
            }
        }
        let null = Some(Value::Null).filter(|null| self.fits_all(whole, null));
        null.or_else(|| first.filter(|_| self.forced))
    }

    pub(super) fn fits_all(&mut self, schemas: &[Schema], value: &Value) -> bool {
        self.fit.steps() > MOST_FITTING || schemas.iter().all(|schema| self.fit.fits(schema, value))
    }

    /// What the schemas themselves give: a constant, an example, a default, a value of an enumeration.
    fn stated(&mut self, parts: &Parts) -> Option<Value> {
        let mut candidates: Vec<Value> = parts.schemas().rev().filter_map(Schema::constant).collect();
        let is_placeholder = |value: &Value| value.is_null() || *value == json!("string");
        let examples = parts.schemas().rev().flat_map(Schema::examples);
        candidates.extend(examples.filter(|value| !is_placeholder(value)));
        let is_useful =
            |value: &Value| !(is_placeholder(value) || value.is_object() || value.is_array() || *value == json!(""));
        candidates.extend(parts.schemas().rev().filter_map(Schema::default).filter(is_useful));
        let fitting = candidates.into_iter().find(|value| {
            self.steps += 1;
            parts.schemas().all(|schema| self.fit.fits(schema, value))
        });
        fitting.or_else(|| self.listed(parts))
    }

    /// A value of the enumeration: another one for each item of a list.
    fn listed(&mut self, parts: &Parts) -> Option<Value> {
        let owner = parts.enumeration()?;
        let values = owner.source().node().get("enum")?.items();
        let count = values.len();
        let mut in_turn = values.clone().cycle().skip(self.ordinal % count).take(count.min(MOST_LISTED));
        let found = in_turn.find_map(|node| {
            let value = node.to_json();
            let useful = node.kind() != Kind::Null && value != json!("");
            let fits = |schema: &Schema, fit: &mut Fit| {
                if schema == owner {
                    fit.misfit_beside_enum(schema, &value).is_none()
                } else {
                    fit.fits(schema, &value)
                }
            };
            (useful && parts.schemas().all(|schema| fits(schema, &mut self.fit))).then_some(value)
        });
        found.or_else(|| values.map(|node| node.to_json()).next())
    }

    fn plain(&mut self, parts: &Parts, role: Role<'_>) -> Option<Value> {
        self.values += 1;
        Some(match parts.main_type() {
            Some(Type::Object) => Value::Object(self.members(parts, role)?),
            Some(Type::Array) => Value::Array(self.items(parts, role)?),
            Some(Type::Boolean) => Value::Bool(is_likely(role.name)),
            Some(Type::Integer) => self.whole(parts, role),
            Some(Type::Number) => number::any(&parts.constraints(), role.name, self.ordinal),
            Some(Type::Null) => Value::Null,
            None if role.depth == 0 => json!({}),
            Some(Type::String) | None => Value::String(self.text(parts, role)),
        })
    }

    fn whole(&self, parts: &Parts, role: Role<'_>) -> Value {
        let of_refusal = self.refusal.and_then(|refusal| refusal.number(role.name));
        of_refusal.unwrap_or_else(|| number::whole(&parts.constraints(), parts.format(), role.name, self.ordinal))
    }

    fn text(&mut self, parts: &Parts, role: Role<'_>) -> String {
        let free = parts.constraints().is_empty() && matches!(parts.format(), None | Some("uri" | "uri-reference"));
        let of_refusal = self.refusal.filter(|_| free).and_then(|refusal| refusal.text(role.name));
        of_refusal.unwrap_or_else(|| text::of_parts(parts, role.name, role.owner, self.ordinal, &mut self.fit))
    }

    /// Whether there is room for what need not be there.
    pub(super) fn has_room(&self, schemas: &[Schema], role: Role<'_>) -> bool {
        self.values < SHOWN_VALUES && role.depth < SHOWN_DEPTH && !schemas.iter().any(Schema::is_deprecated)
    }
}

/// The value with the property that tells which choice was taken, where the schema names one.
fn told_apart(schema: &Schema, choice: &Schema, value: &Value) -> Option<Value> {
    let discriminator = schema.discriminator()?;
    let target = choice.resolved()?;
    let mapped = discriminator
        .mapping
        .iter()
        .find(|(_, lead)| lead.schema().and_then(Schema::resolved).is_some_and(|schema| schema == target));
    let told = mapped.map(|(value, _)| value.clone()).or_else(|| Some(choice.reference()?.name))?;
    let mut members = value.as_object()?.clone();
    members.insert(discriminator.property, Value::String(told));
    Some(Value::Object(members))
}

/// What stands for a value that must be there and cannot be made.
pub(super) fn stand_in(parts: &Parts) -> Value {
    if parts.is_nullable() && !parts.list.is_empty() { Value::Null } else { empty(parts) }
}

fn empty(parts: &Parts) -> Value {
    match parts.main_type() {
        Some(Type::Array) => json!([]),
        Some(Type::Object) => json!({}),
        _ => Value::Null,
    }
}

/// How many values a value is made of.
fn weight(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(weight).sum::<usize>() + 1,
        Value::Object(members) => members.values().map(weight).sum::<usize>() + 1,
        _ => 1,
    }
}

/// Flags are mostly set, but for those that tell of trouble or of an end.
fn is_likely(name: &str) -> bool {
    const UNLIKELY: [&str; 12] = [
        "deleted",
        "archived",
        "disabled",
        "error",
        "failed",
        "test",
        "draft",
        "locked",
        "blocked",
        "more",
        "revoked",
        "deprecated",
    ];
    !super::name::words(name).iter().any(|word| UNLIKELY.contains(&word.as_str()))
}
