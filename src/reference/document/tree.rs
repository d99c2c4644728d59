//! The generic tree that every API document is read into, JSON and YAML alike.
//!
//! One flat table of small nodes and one table of distinct texts: GitHub's 13 MB are under 30 MB here, where a tree of
//! boxed values takes several times that. Nodes know their parent, so any of them can say its JSON pointer. Nothing is
//! ever dereferenced: a `$ref` is a text like any other, and [`Tree::resolve`] says where it leads.

use std::{collections::HashMap, fmt, sync::Arc};

use serde_json::{Map, Number, Value};

use super::{super::ecma::Patterns, pointer};

/// A document as it was read: values, keys in their order, and where each stood in the file.
pub struct Tree {
    pub(super) nodes: Vec<Stored>,
    pub(super) texts: Vec<Arc<str>>,
    pub(super) symbols: Symbols,
    /// Members by name of the objects that are too large to look through, by the place of their first member.
    pub(super) large: HashMap<u32, HashMap<u32, u32>>,
    /// Filled by calls.
    pub(super) patterns: Patterns,
}

/// The number of each distinct text. Every step into a document asks here, which the standard hasher would slow down.
pub(super) type Symbols = HashMap<Arc<str>, u32, foldhash::fast::RandomState>;

/// Looking through this many members is about as fast as looking one up.
pub(super) const LARGE: usize = 64;

/// A place in a tree.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    at: u32,
}

/// A place in a tree that keeps the tree alive: what the model's types hold.
#[derive(Clone)]
pub struct Source {
    tree: Arc<Tree>,
    at: u32,
}

/// What a `$ref` leads to.
#[derive(Clone, Copy)]
pub enum Target<'t> {
    /// A place in the same document.
    Inside(Node<'t>),
    /// The same document, but nothing is there.
    Nowhere,
    /// Another document, which is never fetched.
    Outside,
}

/// The six kinds of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number of any size.
    Number,
    /// A text.
    Text,
    /// A list of values.
    List,
    /// Values by name, in the document's order.
    Object,
}

/// A node as it lies in the table; `key` is a text of the parent object or an index in the parent list.
#[derive(Clone, Copy)]
pub(super) struct Stored {
    pub shape: Shape,
    pub key: u32,
    pub parent: u32,
    pub offset: u32,
}

#[derive(Clone, Copy)]
pub(super) enum Shape {
    Null,
    Boolean(bool),
    Number(u32),
    Text(u32),
    List { first: u32, count: u32 },
    Object { first: u32, count: u32 },
}

impl Tree {
    /// The document itself.
    pub fn root(&self) -> Node<'_> {
        let last = self.nodes.len() - 1; // the builder puts the root last
        Node { tree: self, at: last as u32 }
    }

    /// The value at a JSON pointer (RFC 6901).
    pub fn at(&self, pointer: &str) -> Option<Node<'_>> {
        pointer::tokens(pointer)?.try_fold(self.root(), |node, token| node.child(&token))
    }

    /// Where a `$ref` leads. References are looked up, never followed: the value found may be one again.
    pub fn resolve(&self, reference: &str) -> Target<'_> {
        // A document of OpenAPI 3.2 may say its own address, and refer to itself by it.
        let of_own_address = || reference.strip_prefix(self.root().text_of("$self")?)?.strip_prefix('#');
        let Some(fragment) = reference.strip_prefix('#').or_else(of_own_address) else {
            return Target::Outside;
        };
        self.at(&pointer::from_fragment(fragment)).map_or(Target::Nowhere, Target::Inside)
    }

    /// The place that a handle of this tree keeps.
    pub fn node(&self, source: &Source) -> Node<'_> {
        Node { tree: self, at: source.at }
    }

    /// Whether a text stands anywhere in the document, as a name or as a value.
    pub fn has_text(&self, text: &str) -> bool {
        self.symbols.contains_key(text)
    }

    /// The regular expressions that calls have asked for, for as long as the document is there.
    pub fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// How many values the document has.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never: a tree has at least its root.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn text(&self, symbol: u32) -> &str {
        &self.texts[symbol as usize]
    }
}

impl<'t> Node<'t> {
    /// What kind of value this is.
    pub fn kind(self) -> Kind {
        match self.stored().shape {
            Shape::Null => Kind::Null,
            Shape::Boolean(_) => Kind::Boolean,
            Shape::Number(_) => Kind::Number,
            Shape::Text(_) => Kind::Text,
            Shape::List { .. } => Kind::List,
            Shape::Object { .. } => Kind::Object,
        }
    }

    /// The member of an object by its name.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        let Shape::Object { first, count } = self.stored().shape else {
            return None;
        };
        let symbol = *self.tree.symbols.get(key)?;
        if count as usize > LARGE {
            return Some(self.sibling(*self.tree.large.get(&first)?.get(&symbol)?));
        }
        let members = &self.tree.nodes[first as usize..(first + count) as usize];
        let index = members.iter().position(|member| member.key == symbol)?;
        Some(self.sibling(first + index as u32))
    }

    /// The member of an object by its name, or of a list by its index.
    pub fn child(self, token: &str) -> Option<Node<'t>> {
        match self.stored().shape {
            Shape::List { .. } => self.item(token.parse().ok()?),
            _ => self.get(token),
        }
    }

    /// The member of a list by its index.
    pub fn item(self, index: usize) -> Option<Node<'t>> {
        match self.stored().shape {
            Shape::List { first, count } if index < count as usize => Some(self.sibling(first + index as u32)),
            _ => None,
        }
    }

    /// The members of a list; none for anything else.
    pub fn items(self) -> impl DoubleEndedIterator<Item = Node<'t>> + ExactSizeIterator + Clone {
        let (first, count) = match self.stored().shape {
            Shape::List { first, count } => (first, count),
            _ => (0, 0),
        };
        (first..first + count).map(move |at| self.sibling(at))
    }

    /// The members of an object in the document's order; none for anything else.
    pub fn entries(self) -> impl DoubleEndedIterator<Item = (&'t str, Node<'t>)> + ExactSizeIterator {
        let (first, count) = match self.stored().shape {
            Shape::Object { first, count } => (first, count),
            _ => (0, 0),
        };
        (first..first + count).map(move |at| {
            let member = self.sibling(at);
            (self.tree.text(member.stored().key), member)
        })
    }

    /// A text's content.
    pub fn text(self) -> Option<&'t str> {
        match self.stored().shape {
            Shape::Text(symbol) => Some(self.tree.text(symbol)),
            _ => None,
        }
    }

    /// A text, number or boolean as it is written: `version: 1.0` means "1.0".
    pub fn written(self) -> Option<&'t str> {
        match self.stored().shape {
            Shape::Text(symbol) | Shape::Number(symbol) => Some(self.tree.text(symbol)),
            Shape::Boolean(true) => Some("true"),
            Shape::Boolean(false) => Some("false"),
            _ => None,
        }
    }

    /// A boolean's value.
    pub fn boolean(self) -> Option<bool> {
        match self.stored().shape {
            Shape::Boolean(value) => Some(value),
            _ => None,
        }
    }

    /// A number's value; what no 64 bits can hold comes as the nearest float.
    pub fn number(self) -> Option<Number> {
        match self.stored().shape {
            Shape::Number(symbol) => {
                let written = self.tree.text(symbol);
                let largest = if written.starts_with('-') { f64::MIN } else { f64::MAX };
                serde_json::from_str(written).ok().or_else(|| Number::from_f64(largest))
            }
            _ => None,
        }
    }

    /// The text member of an object.
    pub fn text_of(self, key: &str) -> Option<&'t str> {
        self.get(key)?.text()
    }

    /// The boolean member of an object; absent and malformed are false, as everywhere in OpenAPI.
    pub fn flag(self, key: &str) -> bool {
        self.get(key).and_then(Node::boolean).unwrap_or(false)
    }

    /// The name of this member in its object.
    pub fn key(self) -> Option<&'t str> {
        let parent = self.parent()?;
        (parent.kind() == Kind::Object).then(|| self.tree.text(self.stored().key))
    }

    /// The object or list that holds this value.
    pub fn parent(self) -> Option<Node<'t>> {
        let parent = self.stored().parent;
        (parent != self.at).then(|| self.sibling(parent))
    }

    /// The JSON pointer of this value.
    pub fn pointer(self) -> String {
        let mut places = vec![self];
        while let Some(parent) = places[places.len() - 1].parent() {
            places.push(parent);
        }
        let mut pointer = String::new();
        for place in places.iter().rev().skip(1) {
            match place.key() {
                Some(key) => pointer::push(&mut pointer, key),
                None => pointer::push(&mut pointer, &place.stored().key.to_string()),
            }
        }
        pointer
    }

    /// The number of the byte in the file where this value starts.
    pub fn offset(self) -> usize {
        self.stored().offset as usize
    }

    /// The number of this node in its tree: equal for the same place only.
    pub fn index(self) -> u32 {
        self.at
    }

    /// The tree around this node.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// This value and all below it as a JSON value of its own.
    pub fn to_json(self) -> Value {
        match self.stored().shape {
            Shape::Null => Value::Null,
            Shape::Boolean(value) => Value::Bool(value),
            Shape::Number(_) => self.number().map_or(Value::Null, Value::Number),
            Shape::Text(symbol) => Value::String(self.tree.text(symbol).to_owned()),
            Shape::List { .. } => Value::Array(self.items().map(Node::to_json).collect()),
            Shape::Object { .. } => {
                let entries = self.entries().map(|(key, node)| (key.to_owned(), node.to_json()));
                Value::Object(entries.collect::<Map<_, _>>())
            }
        }
    }

    fn stored(self) -> &'t Stored {
        &self.tree.nodes[self.at as usize]
    }

    fn sibling(self, at: u32) -> Node<'t> {
        Node { tree: self.tree, at }
    }
}

impl Source {
    /// The root of a tree.
    pub fn root(tree: &Arc<Tree>) -> Source {
        let at = tree.root().at;
        Source { tree: Arc::clone(tree), at }
    }

    /// The place itself.
    pub fn node(&self) -> Node<'_> {
        Node { tree: &self.tree, at: self.at }
    }

    /// Another place in the same tree.
    pub fn beside(&self, node: Node<'_>) -> Source {
        Source { tree: Arc::clone(&self.tree), at: node.at }
    }

    /// The JSON pointer of this place.
    pub fn pointer(&self) -> String {
        self.node().pointer()
    }

    /// The value here as JSON.
    pub fn to_json(&self) -> Value {
        self.node().to_json()
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.tree, &other.tree) && self.at == other.at
    }
}

impl Eq for Source {}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.pointer())
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.pointer())
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tree of {} values", self.len())
    }
}
