//! The operations of a version in the order of its menu: by group of tags, by tag, as the document lists them.

use std::collections::{HashMap, HashSet};

use super::{document::Document, model::Operation};
use crate::markdown;

/// A menu of more is longer than anybody reads; it shows the current tag and leads to the others.
pub const LONGEST_MENU: usize = 150;

/// The order of a version's operations.
#[derive(Debug, Clone, Default)]
pub struct Navigation {
    /// Groups of tags; without `x-tagGroups` one without a name.
    pub groups: Vec<Group>,
    order: Vec<usize>,
    places: HashMap<usize, usize>,
}

/// A group of tags.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its heading.
    pub name: Option<String>,
    /// Its tags, none of them empty.
    pub tags: Vec<TagEntry>,
}

/// A tag with its operations.
#[derive(Debug, Clone)]
pub struct TagEntry {
    /// Its name in the document; empty for operations without a tag.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Markdown.
    pub description: Option<String>,
    /// Names its section on the overview.
    pub anchor: String,
    /// Positions among the document's operations. An operation belongs to the first of its tags.
    pub operations: Vec<usize>,
}

impl Navigation {
    /// The order of a document's operations.
    pub fn of(document: &Document) -> Self {
        let tags = tags(document);
        let mut left: Vec<Option<TagEntry>> = tags.into_iter().map(Some).collect();
        let mut groups = Vec::new();
        for group in &document.api().tag_groups {
            let wanted = group.tags.iter();
            let own = wanted.filter_map(|name| {
                left.iter_mut().find(|tag| tag.as_ref().is_some_and(|tag| tag.name == *name))?.take()
            });
            let own: Vec<_> = own.collect();
            if !own.is_empty() {
                groups.push(Group { name: Some(group.name.clone()), tags: own });
            }
        }
        let rest: Vec<_> = left.into_iter().flatten().collect();
        if !rest.is_empty() {
            let name = (!groups.is_empty()).then(|| "More".to_owned());
            groups.push(Group { name, tags: rest });
        }
        let order: Vec<usize> =
            groups.iter().flat_map(|group| &group.tags).flat_map(|tag| tag.operations.clone()).collect();
        let places = order.iter().enumerate().map(|(place, operation)| (*operation, place)).collect();
        Self { groups, order, places }
    }

    /// Every tag in order.
    pub fn tags(&self) -> impl Iterator<Item = &TagEntry> {
        self.groups.iter().flat_map(|group| &group.tags)
    }

    /// A tag by its name in the document.
    pub fn tag(&self, name: &str) -> Option<&TagEntry> {
        self.tags().find(|tag| tag.name == name)
    }

    /// The tag under which an operation is listed.
    pub fn tag_of(&self, document: &Document, operation: &Operation) -> Option<&TagEntry> {
        let at = document.operations().iter().position(|other| other.id == operation.id)?;
        self.tags().find(|tag| tag.operations.contains(&at))
    }

    /// The operations before and after one.
    pub fn neighbours<'d>(
        &self,
        document: &'d Document,
        operation: &Operation,
    ) -> (Option<&'d Operation>, Option<&'d Operation>) {
        let at = document.operations().iter().position(|other| other.id == operation.id);
        let Some(place) = at.and_then(|at| self.places.get(&at)) else { return (None, None) };
        let at = |place: usize| self.order.get(place).and_then(|at| document.operations().get(*at));
        (place.checked_sub(1).and_then(at), at(place + 1))
    }

    /// Whether a menu can show every operation.
    pub fn is_short(&self) -> bool {
        self.order.len() <= LONGEST_MENU
    }
}

fn tags(document: &Document) -> Vec<TagEntry> {
    let mut by_tag: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, operation) in document.operations().iter().enumerate() {
        by_tag.entry(operation.tags.first().map_or("", String::as_str)).or_default().push(at);
    }
    let untagged = by_tag.remove("");
    let has_tags = !by_tag.is_empty();
    let mut anchors: HashSet<String> = HashSet::new();
    let mut anchor = |title: &str| {
        let wanted = format!("tag-{}", markdown::slug(title));
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        let free = std::iter::once(wanted.clone()).chain(numbered).find(|anchor| anchors.insert(anchor.clone()));
        free.expect("there are more numbers than tags")
    };
    let mut tags: Vec<TagEntry> = Vec::new();
    for tag in &document.api().tags {
        if let Some(operations) = by_tag.remove(tag.name.as_str()) {
            let title = tag.title.clone().unwrap_or_else(|| tag.name.clone());
            let anchor = anchor(&title);
            tags.push(TagEntry {
                name: tag.name.clone(),
                description: tag.description.clone(),
                title,
                anchor,
                operations,
            });
        }
    }
    if let Some(operations) = untagged {
        let title = if has_tags { "Other operations" } else { "Operations" }.to_owned();
        let anchor = anchor(&title);
        tags.push(TagEntry { name: String::new(), title, description: None, anchor, operations });
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(tail: &str) -> Document {
        let paths: String = [("a", "Two"), ("b", "One"), ("c", ""), ("d", "One")]
            .map(|(id, tag)| {
                let tags = if tag.is_empty() { String::new() } else { format!("tags: [{tag}], ") };
                format!("  /{id}: {{get: {{operationId: {id}, {tags}responses: {{}}}}}}\n")
            })
            .concat();
        Document::read(
            format!("openapi: 3.1.0\ntags: [{{name: One}}, {{name: Empty}}]\n{tail}paths:\n{paths}").as_bytes(),
        )
        .unwrap()
    }

    fn titles(navigation: &Navigation) -> Vec<(&str, usize)> {
        navigation.tags().map(|tag| (tag.title.as_str(), tag.operations.len())).collect()
    }

    #[test]
    fn tags_are_in_the_documents_order_and_none_is_empty() {
        let document = document("");
        let navigation = Navigation::of(&document);
        assert_eq!(titles(&navigation), [("One", 2), ("Two", 1), ("Other operations", 1)]);
        let (before, after) = navigation.neighbours(&document, document.operation("a").unwrap());
        assert_eq!((before.unwrap().id.as_str(), after.unwrap().id.as_str()), ("d", "c"));
        assert_eq!(navigation.tag_of(&document, document.operation("d").unwrap()).unwrap().anchor, "tag-one");
    }

    #[test]
    fn groups_of_tags_are_honoured_and_nothing_is_lost() {
        let document = document("x-tagGroups: [{name: First, tags: [Two, Nobody]}]\n");
        let navigation = Navigation::of(&document);
        let groups: Vec<_> = navigation.groups.iter().map(|group| group.name.as_deref()).collect();
        assert_eq!(groups, [Some("First"), Some("More")]);
        assert_eq!(titles(&navigation), [("Two", 1), ("One", 2), ("Other operations", 1)]);
    }
}
