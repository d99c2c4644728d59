//! Builds a [`Tree`] from what a JSON or YAML reader finds, in reading order and without recursion.
//!
//! The limits stand here, so that both formats have the same ones. Of members with the same name the last one counts,
//! as in every common parser, and the fact is kept for a warning.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{
    super::ecma::Patterns,
    pointer,
    tree::{Kind, LARGE, Shape, Stored, Symbols, Tree},
};

/// Deeper than any schema that a person can read, and far below what a thread's stack holds when a value is walked.
pub(super) const MAX_DEPTH: usize = 1_000;

/// GitHub's 13 MB have well under a million values; 64 MiB of `[]` would take half a gigabyte without a limit.
pub(super) const MAX_VALUES: usize = 8_000_000;

/// A document with more of them than this has one fault, not many.
const MAX_DUPLICATES: usize = 100;

const NO_KEY: u32 = u32::MAX;

/// Collects values; after the root value [`Builder::finish`] gives the tree.
#[derive(Default)]
pub(super) struct Builder {
    nodes: Vec<Stored>,
    texts: Vec<Arc<str>>,
    symbols: Symbols,
    pending: Vec<Stored>,
    open: Vec<Open>,
    key: Option<u32>,
    duplicates: Vec<Duplicate>,
    large: HashMap<u32, HashMap<u32, u32>>,
}

/// A name that an object has twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Duplicate {
    pub pointer: String,
    pub offset: usize,
}

/// A limit that the document passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    Depth,
    Values,
    Aliases,
}

impl Excess {
    /// The same limit, passed because an earlier value is repeated.
    pub fn by_alias(self) -> Self {
        if self == Self::Values { Self::Aliases } else { self }
    }
}

struct Open {
    kind: Kind,
    start: usize,
    key: u32,
    offset: usize,
    merges: Vec<Stored>,
}

impl Builder {
    /// Starts an object or a list.
    pub fn open(&mut self, kind: Kind, offset: usize) -> Result<(), Excess> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Excess::Depth);
        }
        let key = self.key.take().unwrap_or(NO_KEY);
        self.open.push(Open { kind, start: self.pending.len(), key, offset, merges: Vec::new() });
        Ok(())
    }

    /// Names the next value of the open object.
    pub fn key(&mut self, key: &str) {
        self.key = Some(self.symbol(key));
    }

    /// Whether the next scalar of the open object is a name.
    pub fn wants_key(&self) -> bool {
        self.inside() == Some(Kind::Object) && self.key.is_none()
    }

    /// The name of the value that comes next.
    pub fn awaited_key(&self) -> Option<&str> {
        self.key.map(|symbol| &*self.texts[symbol as usize])
    }

    /// Adds null.
    pub fn null(&mut self, offset: usize) -> Result<(), Excess> {
        self.push(Shape::Null, offset)
    }

    /// Adds a boolean.
    pub fn boolean(&mut self, value: bool, offset: usize) -> Result<(), Excess> {
        self.push(Shape::Boolean(value), offset)
    }

    /// Adds a number, given as JSON writes it.
    pub fn number(&mut self, written: &str, offset: usize) -> Result<(), Excess> {
        let symbol = self.symbol(written);
        self.push(Shape::Number(symbol), offset)
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str, offset: usize) -> Result<(), Excess> {
        let symbol = self.symbol(text);
        self.push(Shape::Text(symbol), offset)
    }

    /// Ends the open object or list.
    pub fn close(&mut self) -> Result<(), Excess> {
        let merges = self.open.last_mut().map(|open| std::mem::take(&mut open.merges));
        for value in merges.into_iter().flatten() {
            self.merge(value).map_err(Excess::by_alias)?;
        }
        self.drop_duplicates();
        let open = self.open.pop().expect("a reader closes only what it opened");
        let first = self.nodes.len() as u32;
        let count = (self.pending.len() - open.start) as u32;
        for (index, child) in self.pending.drain(open.start..).enumerate() {
            let at = first + index as u32;
            if let Shape::List { first, count } | Shape::Object { first, count } = child.shape {
                for grandchild in &mut self.nodes[first as usize..(first + count) as usize] {
                    grandchild.parent = at;
                }
            }
            let key = if open.kind == Kind::List { index as u32 } else { child.key };
            self.nodes.push(Stored { key, ..child });
        }
        if open.kind == Kind::Object && count as usize > LARGE {
            let members = (first..first + count).map(|at| (self.nodes[at as usize].key, at));
            self.large.insert(first, members.collect());
        }
        let shape = match open.kind {
            Kind::Object => Shape::Object { first, count },
            _ => Shape::List { first, count },
        };
        self.key = (open.key != NO_KEY).then_some(open.key);
        self.push(shape, open.offset)
    }

    /// What the reader is in; nothing before and after the root value.
    pub fn inside(&self) -> Option<Kind> {
        self.open.last().map(|open| open.kind)
    }

    /// The value added last, with which an anchor can be remembered.
    pub fn last(&self) -> Option<Stored> {
        self.pending.last().copied()
    }

    /// Takes back the value added last.
    pub fn take_last(&mut self) -> Option<Stored> {
        self.pending.pop()
    }

    /// Adds, when the open object ends, those members of an earlier one that it does not have, as YAML's `<<` asks for.
    pub fn merge_at_end(&mut self, value: Stored) {
        self.key = None;
        if let Some(open) = self.open.last_mut() {
            open.merges.push(value);
        }
    }

    /// Adds a copy of an earlier value, as a YAML alias asks for.
    pub fn repeat(&mut self, value: Stored) -> Result<(), Excess> {
        let offset = value.offset as usize;
        let (Shape::List { first, count } | Shape::Object { first, count }) = value.shape else {
            return self.push(value.shape, offset);
        };
        let kind = if matches!(value.shape, Shape::List { .. }) { Kind::List } else { Kind::Object };
        self.open(kind, offset)?;
        for at in first..first + count {
            let child = self.nodes[at as usize];
            self.key = (kind == Kind::Object).then_some(child.key);
            self.repeat(child)?;
        }
        self.close()
    }

    /// The text of a scalar that was added, as written.
    pub fn written(&self, value: Stored) -> Option<&str> {
        match value.shape {
            Shape::Text(symbol) | Shape::Number(symbol) => Some(&self.texts[symbol as usize]),
            Shape::Boolean(true) => Some("true"),
            Shape::Boolean(false) => Some("false"),
            _ => None,
        }
    }

    /// The JSON pointer of the value that is read now.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for (index, open) in self.open.iter().enumerate() {
            let inner = self.open.get(index + 1);
            let end = inner.map_or(self.pending.len(), |inner| inner.start);
            let key = inner.map_or(self.key, |inner| (inner.key != NO_KEY).then_some(inner.key));
            match (open.kind, key) {
                (Kind::List, _) => pointer::push(&mut pointer, &(end - open.start).to_string()),
                (_, Some(key)) => pointer::push(&mut pointer, &self.texts[key as usize]),
                (_, None) => break,
            }
        }
        pointer
    }

    /// The tree, and the names that stood twice in an object.
    pub fn finish(mut self) -> (Tree, Vec<Duplicate>) {
        let root = self.pending.pop().expect("a reader that succeeds has added the root value");
        let at = self.nodes.len() as u32;
        if let Shape::List { first, count } | Shape::Object { first, count } = root.shape {
            for child in &mut self.nodes[first as usize..(first + count) as usize] {
                child.parent = at;
            }
        }
        self.nodes.push(Stored { parent: at, ..root });
        self.nodes.shrink_to_fit();
        let Self { nodes, texts, symbols, large, duplicates, .. } = self;
        (Tree { nodes, texts, symbols, large, patterns: Patterns::default() }, duplicates)
    }

    fn merge(&mut self, value: Stored) -> Result<(), Excess> {
        let start = self.open.last().map_or(0, |open| open.start);
        let (Shape::List { first, count } | Shape::Object { first, count }) = value.shape else {
            return Ok(());
        };
        let taken: HashSet<u32> = self.pending[start..].iter().map(|member| member.key).collect();
        for at in first..first + count {
            let child = self.nodes[at as usize];
            if matches!(value.shape, Shape::List { .. }) {
                self.merge(child)?;
            } else if !taken.contains(&child.key) {
                self.key = Some(child.key);
                self.repeat(child)?;
            }
        }
        Ok(())
    }

    fn push(&mut self, shape: Shape, offset: usize) -> Result<(), Excess> {
        if self.nodes.len() + self.pending.len() >= MAX_VALUES {
            return Err(Excess::Values);
        }
        let key = self.key.take().unwrap_or(NO_KEY);
        self.pending.push(Stored { shape, key, parent: 0, offset: offset as u32 });
        Ok(())
    }

    fn symbol(&mut self, text: &str) -> u32 {
        if let Some(symbol) = self.symbols.get(text) {
            return *symbol;
        }
        let symbol = self.texts.len() as u32;
        let text: Arc<str> = Arc::from(text);
        self.texts.push(Arc::clone(&text));
        self.symbols.insert(text, symbol);
        symbol
    }

    fn drop_duplicates(&mut self) {
        let Some(Open { kind: Kind::Object, start, .. }) = self.open.last() else {
            return;
        };
        let start = *start;
        let members = &self.pending[start..];
        let mut seen = HashMap::with_capacity(members.len());
        let mut twice: Vec<(usize, usize)> = Vec::new();
        for (index, member) in members.iter().enumerate() {
            if let Some(earlier) = seen.insert(member.key, index) {
                twice.push((earlier, index));
            }
        }
        if twice.is_empty() {
            return;
        }
        let parent = self.pointer();
        for (_, later) in twice.iter().take(MAX_DUPLICATES.saturating_sub(self.duplicates.len())) {
            let member = self.pending[start + later];
            let mut pointer = parent.clone();
            pointer::push(&mut pointer, &self.texts[member.key as usize]);
            self.duplicates.push(Duplicate { pointer, offset: member.offset as usize });
        }
        for (earlier, _) in twice {
            self.pending[start + earlier].key = NO_KEY;
        }
        let kept: Vec<_> = self.pending.drain(start..).filter(|member| member.key != NO_KEY).collect();
        self.pending.extend(kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_members_with_one_name_the_last_counts_and_the_fact_is_kept() {
        let mut builder = Builder::default();
        builder.open(Kind::Object, 0).unwrap();
        builder.key("info");
        builder.open(Kind::Object, 1).unwrap();
        for value in ["1", "2"] {
            builder.key("title");
            builder.number(value, 2).unwrap();
        }
        builder.close().unwrap();
        builder.close().unwrap();
        let (tree, duplicates) = builder.finish();
        assert_eq!(tree.root().to_json(), serde_json::json!({"info": {"title": 2}}));
        assert_eq!(duplicates, [Duplicate { pointer: "/info/title".into(), offset: 2 }]);
    }

    #[test]
    fn every_value_knows_its_pointer() {
        let mut builder = Builder::default();
        builder.open(Kind::Object, 0).unwrap();
        builder.key("a/b");
        builder.open(Kind::List, 0).unwrap();
        builder.null(0).unwrap();
        builder.text("x", 0).unwrap();
        assert_eq!(builder.pointer(), "/a~1b/2");
        builder.close().unwrap();
        builder.close().unwrap();
        let (tree, _) = builder.finish();
        assert_eq!(tree.at("/a~1b/1").unwrap().pointer(), "/a~1b/1");
        assert_eq!(tree.at("/a~1b/1").unwrap().text(), Some("x"));
        assert!(tree.at("/a~1b/2").is_none());
    }

    #[test]
    fn depth_has_an_end() {
        let mut builder = Builder::default();
        let opened = (0..=MAX_DEPTH).map(|_| builder.open(Kind::List, 0));
        assert_eq!(opened.last(), Some(Err(Excess::Depth)));
    }
}
