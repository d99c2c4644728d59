//! What one document says otherwise than another: operations, webhooks, schemas and scopes, removed, changed or added.
//!
//! A plain comparison of what is there, member by member, in whatever order it stands. Which change breaks whom is not
//! judged here.

mod parts;

use std::{
    collections::{BTreeMap, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
};

use super::{
    document::{
        Document,
        tree::{Kind, Node},
    },
    model::{Operation, Webhook},
    reading::grouped,
};

/// How one document differs from another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// What of the API as a whole is said otherwise.
    pub about: Vec<&'static str>,
    /// The groups in which something differs.
    pub groups: Vec<Group>,
}

/// Things of one kind that differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// Several of the kind, such as `operations`.
    pub kind: &'static str,
    pub removed: Vec<Item>,
    pub changed: Vec<Item>,
    pub added: Vec<Item>,
}

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The method of a call.
    pub method: Option<String>,
    /// Its path or name.
    pub name: String,
    /// What of it changed, a few words each.
    pub details: Vec<String>,
}

impl Changes {
    /// What `new` says otherwise than `old`.
    pub fn between(old: &Document, new: &Document) -> Self {
        let operation = |operation: &Operation| (Some(operation.method.as_str().to_owned()), operation.path.clone());
        let webhook = |webhook: &Webhook| (Some(webhook.operation.method.as_str().to_owned()), webhook.name.clone());
        let groups = [
            Group::of("operations", old.operations(), new.operations(), operation, parts::operation),
            Group::of("webhooks", old.webhooks(), new.webhooks(), webhook, |old, new| {
                parts::operation(&old.operation, &new.operation)
            }),
            Group::of("schemas", old.schemas(), new.schemas(), |named| (None, named.name.clone()), parts::schema),
            Group::of("scopes", old.scopes(), new.scopes(), |scope| (None, scope.name.clone()), parts::scope),
            Group::of(
                "ways to authenticate",
                old.security_schemes(),
                new.security_schemes(),
                |scheme| (None, scheme.name.clone()),
                parts::scheme,
            ),
        ];
        Self { about: parts::about(old.api(), new.api()), groups: groups.into_iter().flatten().collect() }
    }

    /// Whether both say the same.
    pub fn is_empty(&self) -> bool {
        self.about.is_empty() && self.groups.is_empty()
    }

    /// `operations: 2 removed, 1 changed; schemas: 3 added`.
    pub fn in_words(&self) -> String {
        let about = (!self.about.is_empty()).then(|| format!("{} changed", self.about.join(", ")));
        let groups = self.groups.iter().map(|group| format!("{}: {}", group.kind, group.in_words()));
        match groups.chain(about).collect::<Vec<_>>() {
            none if none.is_empty() => "nothing that pages show".to_owned(),
            some => some.join("; "),
        }
    }
}

impl Group {
    fn of<T>(
        kind: &'static str,
        old: &[T],
        new: &[T],
        name: impl Fn(&T) -> (Option<String>, String),
        details: impl Fn(&T, &T) -> Vec<String>,
    ) -> Option<Self> {
        let item = |thing: &T, details: Vec<String>| {
            let (method, name) = name(thing);
            Item { method, name, details }
        };
        let before: HashMap<_, &T> = old.iter().map(|thing| (name(thing), thing)).collect();
        let after: HashMap<_, &T> = new.iter().map(|thing| (name(thing), thing)).collect();
        let removed = old.iter().filter(|thing| !after.contains_key(&name(thing)));
        let mut group = Self {
            kind,
            removed: removed.map(|thing| item(thing, Vec::new())).collect(),
            changed: Vec::new(),
            added: Vec::new(),
        };
        for thing in new {
            match before.get(&name(thing)) {
                None => group.added.push(item(thing, Vec::new())),
                Some(earlier) => {
                    let details = details(earlier, thing);
                    if !details.is_empty() {
                        group.changed.push(item(thing, details));
                    }
                }
            }
        }
        (group.len() > 0).then_some(group)
    }

    /// How many things differ.
    pub fn len(&self) -> usize {
        self.removed.len() + self.changed.len() + self.added.len()
    }

    /// `2 removed, 1 changed, 5 added`.
    pub fn in_words(&self) -> String {
        let counts = [(self.removed.len(), "removed"), (self.changed.len(), "changed"), (self.added.len(), "added")];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        counts.map(|(count, word)| format!("{} {word}", grouped(*count as u64))).collect::<Vec<_>>().join(", ")
    }
}

/// A number that is the same for the same content, in whatever order an object's members stand.
fn fingerprint(node: Node<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    match node.kind() {
        Kind::Null => 0u8.hash(&mut hasher),
        Kind::Boolean | Kind::Number => (1u8, node.written()).hash(&mut hasher),
        Kind::Text => (2u8, node.text()).hash(&mut hasher),
        Kind::List => {
            3u8.hash(&mut hasher);
            node.items().for_each(|item| fingerprint(item).hash(&mut hasher));
        }
        Kind::Object => {
            let members: BTreeMap<&str, u64> = node.entries().map(|(name, value)| (name, fingerprint(value))).collect();
            (4u8, members).hash(&mut hasher);
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests;
