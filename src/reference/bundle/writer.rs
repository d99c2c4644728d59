//! Writes the one document: the entry with its references rewritten, and what they lead to among its components.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    fmt::Write,
};

use super::{
    super::{
        document::{
            MAX_BYTES, pointer,
            tree::{Kind as Shape, Node},
        },
        reading::Doubt,
    },
    BundleError,
    files::{Content, ENTRY, Files, Lead},
    place::{Group, Kind, Place},
};
use crate::name::Unique;

/// Deeper, files include each other without end.
const MAX_DEPTH: usize = 2_000;
/// Chains of nothing but references that are followed before a part is named.
const LONGEST_CHAIN: usize = 64;
/// A fault in a part that many share is one fault.
const MOST_DOUBTS: usize = 100;
/// What is written at one level is written again at the next: this bounds the work, [`MAX_BYTES`] the document.
const MOST_WRITTEN: usize = 16 * MAX_BYTES;
/// The kind of doubt that a reference to nothing is.
pub(super) const MISSING: &str = "missing_file";

/// A place in a file.
type Spot = (usize, String);

/// What was written.
pub(super) struct Written {
    /// The document; `None` where nothing had to be changed.
    pub text: Option<String>,
    pub doubts: Vec<Doubt>,
    pub parts: usize,
}

pub(super) struct Writer {
    files: Files,
    /// What the components of other files are called here.
    names: HashMap<(Group, Spot), String>,
    taken: HashMap<Group, Unique>,
    /// Components that are still to be written.
    pending: VecDeque<(Group, String, Spot)>,
    /// What is being put in place now, to notice when it contains itself.
    open: Vec<Spot>,
    doubts: Vec<Doubt>,
    told: HashSet<(Spot, String)>,
    has_changed: bool,
    written: usize,
}

impl Writer {
    pub fn new(files: Files) -> Self {
        Self {
            files,
            names: HashMap::new(),
            taken: HashMap::new(),
            pending: VecDeque::new(),
            open: Vec::new(),
            doubts: Vec::new(),
            told: HashSet::new(),
            has_changed: false,
            written: 0,
        }
    }

    /// Writes the document. The components come last, as parts are found while the others are written, and stand where
    /// they stood.
    pub fn write(mut self) -> Result<Written, BundleError> {
        let Content::Values(tree) = self.files.content(ENTRY) else { return Ok(self.finished(None)) };
        let root = tree.root();
        let others = self.plan(root);
        let mut members: Vec<(String, String)> = Vec::new();
        for (key, node) in root.entries().filter(|(key, _)| *key != "components") {
            let text = self.value(ENTRY, node, Place::One(Kind::Root).member(key), 1)?;
            members.push((key.to_owned(), text));
        }
        let components = self.components(others)?;
        if let Some(components) = components {
            let at = root.entries().position(|(key, _)| key == "components").unwrap_or(members.len());
            members.insert(at, ("components".to_owned(), components));
        }
        let text = object(&members, 0) + "\n";
        Ok(self.finished(Some(text)))
    }

    fn finished(self, text: Option<String>) -> Written {
        let text = text.filter(|_| self.has_changed);
        Written { text, parts: self.files.parts(), doubts: self.doubts }
    }

    /// Takes down what the components are and where they stand, before anything else asks for a name. One that is nothing
    /// but a reference to another file becomes that file's part. Answers the members that are no groups.
    fn plan(&mut self, root: Node<'_>) -> Vec<(String, Spot)> {
        let mut others = Vec::new();
        let Some(components) = root.get("components") else { return others };
        let spot = self.settled((ENTRY, components.pointer()));
        for (key, spot) in self.members_of(&spot) {
            let Some(group) = Group::parse(&key) else {
                others.push((key, spot));
                continue;
            };
            let spot = self.settled(spot);
            for (name, spot) in self.members_of(&spot) {
                let spot = self.settled(spot);
                self.taken.entry(group).or_default().claim(&name, '_');
                if spot.0 != ENTRY {
                    self.names.entry((group, spot.clone())).or_insert_with(|| name.clone());
                }
                self.pending.push_back((group, name, spot));
            }
        }
        others
    }

    fn members_of(&self, (file, at): &Spot) -> Vec<(String, Spot)> {
        let Content::Values(tree) = self.files.content(*file) else { return Vec::new() };
        let Some(node) = tree.at(at) else { return Vec::new() };
        let members = node.entries().filter(|(key, _)| *key != "$ref");
        members.map(|(key, member)| (key.to_owned(), (*file, member.pointer()))).collect()
    }

    /// The place itself, or where it leads if it is nothing but a reference to another file.
    fn settled(&mut self, spot: Spot) -> Spot {
        let mut place = spot;
        for _ in 0..LONGEST_CHAIN {
            let Content::Values(tree) = self.files.content(place.0) else { return place };
            let Some(node) = tree.at(&place.1).filter(|node| node.entries().len() == 1) else { return place };
            let Some(reference) = node.text_of("$ref") else { return place };
            match self.files.follow(place.0, reference) {
                Lead::To(file, at) if file != ENTRY => {
                    self.has_changed = true;
                    place = (file, at);
                }
                _ => return place,
            }
        }
        place
    }

    fn components(&mut self, others: Vec<(String, Spot)>) -> Result<Option<String>, BundleError> {
        let mut groups: Vec<(Group, Vec<(String, String)>)> = Vec::new();
        while let Some((group, name, (file, at))) = self.pending.pop_front() {
            let Content::Values(tree) = self.files.content(file) else { continue };
            let Some(node) = tree.at(&at) else { continue };
            let text = self.value(file, node, Place::One(group.kind()), 3)?;
            match groups.iter_mut().find(|(known, _)| *known == group) {
                Some((_, members)) => members.push((name, text)),
                None => groups.push((group, vec![(name, text)])),
            }
        }
        let mut members: Vec<_> =
            groups.into_iter().map(|(group, members)| (group.as_str().to_owned(), object(&members, 2))).collect();
        for (key, (file, at)) in others {
            let Content::Values(tree) = self.files.content(file) else { continue };
            let Some(node) = tree.at(&at) else { continue };
            members.push((key, self.value(file, node, Place::Data, 2)?));
        }
        Ok((!members.is_empty()).then(|| object(&members, 1)))
    }

    /// A value as JSON, its references rewritten.
    fn value(&mut self, file: usize, node: Node<'_>, place: Place, depth: usize) -> Result<String, BundleError> {
        if depth + self.open.len() > MAX_DEPTH {
            return Ok("null".to_owned());
        }
        let text = match node.kind() {
            Shape::Object => match node.text_of("$ref").filter(|_| place != Place::Data) {
                Some(reference) => self.reference(file, node, reference, place, depth)?,
                None => self.members(file, node, place, depth, None)?,
            },
            Shape::List => {
                let items = node.items().map(|item| self.value(file, item, place, depth + 1));
                list(&items.collect::<Result<Vec<_>, _>>()?, depth)
            }
            Shape::Text if place == Place::Mapping => quoted(&self.mapped(file, node)),
            Shape::Text => quoted(node.text().unwrap_or_default()),
            _ => node.written().unwrap_or("null").to_owned(),
        };
        self.written = self.written.saturating_add(text.len());
        match text.len() > MAX_BYTES || self.written > MOST_WRITTEN {
            true => Err(BundleError::TooLarge),
            false => Ok(text),
        }
    }

    fn members(
        &mut self,
        file: usize,
        node: Node<'_>,
        place: Place,
        depth: usize,
        reference: Option<&str>,
    ) -> Result<String, BundleError> {
        let mut members = Vec::with_capacity(node.entries().len());
        for (key, member) in node.entries() {
            let text = match reference.filter(|_| key == "$ref") {
                Some(reference) => quoted(reference),
                None => self.value(file, member, place.member(key), depth + 1)?,
            };
            members.push((key.to_owned(), text));
        }
        Ok(object(&members, depth))
    }

    fn reference(
        &mut self,
        file: usize,
        node: Node<'_>,
        reference: &str,
        place: Place,
        depth: usize,
    ) -> Result<String, BundleError> {
        let (target, at) = match self.files.follow(file, reference) {
            Lead::Untouched => return self.members(file, node, place, depth, Some(reference)),
            Lead::Missing(reason) => {
                self.doubt(file, node, reference, &reason);
                return self.members(file, node, place, depth, Some(reference));
            }
            Lead::To(target, at) => (target, at),
        };
        self.has_changed = true;
        if target == ENTRY {
            return self.members(file, node, place, depth, Some(&fragment(&at)));
        }
        match place.group() {
            Some(group) => {
                let name = self.name(group, (target, at));
                self.members(file, node, place, depth, Some(&component(group, &name)))
            }
            None => self.put_in_place(file, node, (target, at), place, depth),
        }
    }

    /// The other file's part instead of the reference to it.
    fn put_in_place(
        &mut self,
        file: usize,
        node: Node<'_>,
        spot: Spot,
        place: Place,
        depth: usize,
    ) -> Result<String, BundleError> {
        if self.open.contains(&spot) {
            let reference = node.text_of("$ref").unwrap_or_default().to_owned();
            self.doubt(file, node, &reference, "it contains itself");
            return Ok("null".to_owned());
        }
        match self.files.content(spot.0) {
            Content::Prose(text) => Ok(quoted(&text)),
            Content::Values(tree) => {
                let Some(target) = tree.at(&spot.1) else { return Ok("null".to_owned()) };
                let target_file = spot.0;
                self.open.push(spot);
                let text = self.value(target_file, target, place, depth);
                self.open.pop();
                text
            }
        }
    }

    /// The value of a discriminator's mapping: the name of a schema, or a reference to one.
    fn mapped(&mut self, file: usize, node: Node<'_>) -> String {
        let written = node.text().unwrap_or_default();
        if !written.contains(['/', '#', '.']) {
            return written.to_owned();
        }
        match self.files.follow(file, written) {
            Lead::To(ENTRY, at) => {
                self.has_changed = true;
                fragment(&at)
            }
            Lead::To(target, at) => {
                self.has_changed = true;
                component(Group::Schemas, &self.name(Group::Schemas, (target, at)))
            }
            Lead::Untouched | Lead::Missing(_) => written.to_owned(),
        }
    }

    /// What another file's part is called among the components: by its own name, made unique.
    fn name(&mut self, group: Group, spot: Spot) -> String {
        if let Some(name) = self.names.get(&(group, spot.clone())) {
            return name.clone();
        }
        let (file, at) = &spot;
        let own = match at.as_str() {
            "" => {
                let file = self.files.path(*file).rsplit('/').next().unwrap_or_default();
                file.split_once('.').map_or(file, |(stem, _)| stem).to_owned()
            }
            at => pointer::last(at).into_owned(),
        };
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let own: String = own.chars().map(|c| if is_allowed(c) { c } else { '_' }).collect();
        let own = if own.is_empty() { "part".to_owned() } else { own };
        let name = self.taken.entry(group).or_default().claim(&own, '_');
        self.names.insert((group, spot.clone()), name.clone());
        self.pending.push_back((group, name.clone(), spot));
        name
    }

    fn doubt(&mut self, file: usize, node: Node<'_>, reference: &str, reason: &str) {
        let pointer = node.pointer();
        if self.doubts.len() >= MOST_DOUBTS || !self.told.insert(((file, pointer.clone()), reference.to_owned())) {
            return;
        }
        let (line, column) = self.files.position(file, node.offset());
        let message = format!("`{reference}` in {} leads to nothing: {reason}.", self.files.path(file));
        self.doubts.push(Doubt { code: MISSING.to_owned(), pointer, line, column, message });
    }
}

fn component(group: Group, name: &str) -> String {
    format!("#/components/{}/{name}", group.as_str())
}

/// A pointer as the fragment of a URL.
fn fragment(pointer: &str) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const ESCAPED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'%');
    format!("#{}", utf8_percent_encode(pointer, ESCAPED))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn object(members: &[(String, String)], depth: usize) -> String {
    let members: Vec<_> = members.iter().map(|(key, value)| format!("{}: {value}", quoted(key))).collect();
    enclosed('{', &members, '}', depth)
}

fn list(items: &[String], depth: usize) -> String {
    enclosed('[', items, ']', depth)
}

fn enclosed(open: char, parts: &[String], close: char, depth: usize) -> String {
    const INDENT: &str = "  ";
    let mut text = String::with_capacity(parts.iter().map(|part| part.len() + 2 + 2 * depth).sum());
    text.push(open);
    for (index, part) in parts.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(text, "{comma}\n{}{part}", INDENT.repeat(depth + 1));
    }
    if !parts.is_empty() {
        let _ = write!(text, "\n{}", INDENT.repeat(depth));
    }
    text.push(close);
    text
}
