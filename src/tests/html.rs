//! A page as a browser understands it, and what is wrong with it.
//!
//! A page is valid when the parser of the HTML standard finds no error in it, every id is there once, every reference to
//! an id leads to one, and nothing stands where the content model does not allow it.

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use html5ever::{
    Attribute, LocalName, Namespace, ParseOpts, QualName,
    interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink},
    parse_document,
    tendril::{StrTendril, TendrilSink},
    tokenizer::TokenizerOpts,
};

/// The comment with which the renderer ends a list of views: an error to the parser, and nothing to a reader.
const MARKER: &str = "<!>";

const INTERACTIVE: [&str; 7] = ["a", "button", "input", "select", "textarea", "details", "summary"];

const FORBIDDEN: [&str; 7] = ["iframe", "object", "embed", "base", "applet", "frame", "portal"];

/// How the fault begins that a description has, which its author wrote for another page.
pub const DANGLING_IN_PROSE: &str = "a description leads to an id that";

/// A parsed page.
pub struct Page {
    nodes: Vec<Node>,
    errors: Vec<String>,
}

#[derive(Default)]
struct Node {
    name: Option<QualName>,
    attributes: Vec<(String, String)>,
    text: String,
    parent: Option<usize>,
    children: Vec<usize>,
}

impl Page {
    /// Parses a whole page.
    pub fn parse(html: &str) -> Self {
        let options = ParseOpts {
            tokenizer: TokenizerOpts { exact_errors: true, ..TokenizerOpts::default() },
            ..ParseOpts::default()
        };
        let document = Node::default();
        let sink = Sink { nodes: RefCell::new(vec![document]), errors: RefCell::default() };
        parse_document(sink, options).one(html.replace(MARKER, ""))
    }

    /// Parses what stands in the body of a page.
    pub fn parse_body(html: &str) -> Self {
        Self::parse(&format!(
            "<!DOCTYPE html><html lang=\"en\"><head><title>x</title></head><body>{html}</body></html>"
        ))
    }

    /// What is wrong with it; empty for a valid page.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.errors.clone();
        let mut ids = HashSet::new();
        for (at, _) in self.elements() {
            if let Some(id) = self.attribute(at, "id") {
                if id.is_empty() || id.contains(char::is_whitespace) {
                    faults.push(format!("the id {id:?} is none"));
                }
                if !ids.insert(id) {
                    faults.push(format!("the id {id:?} stands twice"));
                }
            }
        }
        let mut sets: HashMap<&str, Option<usize>> = HashMap::new();
        for (at, name) in self.elements() {
            self.check_place(at, name, &mut faults);
            self.check_attributes(at, name, &ids, &mut faults);
            if let Some(set) = self.attribute(at, "name").filter(|_| name == "details") {
                let parent = self.nodes[at].parent;
                if *sets.entry(set).or_insert(parent) != parent {
                    faults.push(format!("two sets of tabs are called {set:?}"));
                }
            }
        }
        faults
    }

    fn check_place(&self, at: usize, name: &str, faults: &mut Vec<String>) {
        let parent = self.nodes[at].parent.and_then(|parent| self.name(parent)).unwrap_or_default();
        let is_allowed = match parent {
            "ul" | "ol" => matches!(name, "li" | "template"),
            "dl" => matches!(name, "dt" | "dd" | "div" | "template"),
            _ => !FORBIDDEN.contains(&name),
        };
        if !is_allowed {
            faults.push(format!("<{name}> in <{parent}>"));
        }
        let around = ["a", "button"].into_iter().find(|around| self.ancestor(at, around).is_some());
        if let Some(around) = around.filter(|_| INTERACTIVE.contains(&name)) {
            faults.push(format!("<{name}> inside of <{around}>: {}", self.text(at)));
        }
        if name == "summary" && parent != "details" {
            faults.push("<summary> outside of <details>".to_owned());
        }
        if name == "script" && self.ancestor(at, "head").is_none() && !self.is_of_leptos(at) {
            faults.push(format!("a script in the body: {}", self.text(at)));
        }
        if name == "style" && self.ancestor(at, "head").is_none() {
            faults.push("a style sheet in the body".to_owned());
        }
    }

    /// Whether a script is one of the two that leptos puts behind every page, letter for letter.
    fn is_of_leptos(&self, at: usize) -> bool {
        const SCRIPTS: [&str; 2] = [
            "__RESOLVED_RESOURCES=[];__SERIALIZED_ERRORS=[];__PENDING_RESOURCES=[];__RESOURCE_RESOLVERS=[];",
            "__INCOMPLETE_CHUNKS=[];",
        ];
        let text: String = self.nodes[at].children.iter().map(|child| self.nodes[*child].text.as_str()).collect();
        SCRIPTS.contains(&text.as_str())
    }

    fn check_attributes(&self, at: usize, name: &str, ids: &HashSet<&str>, faults: &mut Vec<String>) {
        for (attribute, value) in &self.nodes[at].attributes {
            match attribute.as_str() {
                attribute if attribute.starts_with("on") => faults.push(format!("<{name} {attribute}=\"{value}\">")),
                "style" | "srcdoc" | "ping" => faults.push(format!("<{name} {attribute}=\"{value}\">")),
                "href" | "src" | "action" | "formaction" | "poster" | "cite" | "data-source" => {
                    if !is_harmless(value) {
                        faults.push(format!("<{name} {attribute}=\"{value}\">"));
                    }
                    if let Some(id) = value.strip_prefix('#').filter(|id| !id.is_empty() && !ids.contains(id)) {
                        let whose = if self.is_in_prose(at) { DANGLING_IN_PROSE } else { "a link leads to an id that" };
                        faults.push(format!("{whose} nothing here has: {id:?}"));
                    }
                }
                "for" | "aria-labelledby" | "aria-describedby" | "aria-controls" | "popovertarget" | "list"
                    if value.split_whitespace().any(|id| !ids.contains(id)) && name != "leptos-island" =>
                {
                    faults.push(format!("{attribute} names {value:?}, which is not here"));
                }
                _ => {}
            }
        }
        let needs = [("img", "alt"), ("html", "lang")];
        for (_, attribute) in needs.iter().filter(|(element, _)| *element == name) {
            if self.attribute(at, attribute).is_none() {
                faults.push(format!("<{name}> without {attribute}"));
            }
        }
    }

    /// The words of the element with an id, what stands in folds included, without needless space.
    pub fn words_of(&self, id: &str) -> Option<String> {
        Some(self.text(self.find("*", "id", id)?))
    }

    /// The words of the whole page.
    pub fn words(&self) -> String {
        self.text(0)
    }

    /// The values of an attribute of all elements of a name.
    pub fn values<'p>(&'p self, element: &str, attribute: &str) -> Vec<&'p str> {
        self.elements()
            .filter(|(_, name)| *name == element)
            .filter_map(|(at, _)| self.attribute(at, attribute))
            .collect()
    }

    fn find(&self, element: &str, attribute: &str, value: &str) -> Option<usize> {
        let mut elements = self.elements().filter(|(_, name)| element == "*" || *name == element);
        elements.find(|(at, _)| self.attribute(*at, attribute) == Some(value)).map(|(at, _)| at)
    }

    fn elements(&self) -> impl Iterator<Item = (usize, &str)> {
        (0..self.nodes.len()).filter_map(|at| Some((at, self.name(at)?)))
    }

    fn name(&self, at: usize) -> Option<&str> {
        self.nodes[at].name.as_ref().map(|name| &*name.local)
    }

    fn attribute(&self, at: usize, name: &str) -> Option<&str> {
        self.nodes[at].attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn above(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.nodes[at].parent, |above| self.nodes[*above].parent)
    }

    fn ancestor(&self, at: usize, name: &str) -> Option<usize> {
        self.above(at).find(|above| self.name(*above) == Some(name))
    }

    /// Whether it stands in a text that is not the portal's.
    fn is_in_prose(&self, at: usize) -> bool {
        let classes = self.above(at).filter_map(|above| self.attribute(above, "class"));
        classes.flat_map(str::split_whitespace).any(|class| class == "prose")
    }

    fn text(&self, at: usize) -> String {
        let mut text = String::new();
        let mut places = vec![at];
        while let Some(place) = places.pop() {
            let node = &self.nodes[place];
            text.push_str(&node.text);
            if node.name.is_some() {
                text.push(' ');
            }
            if !matches!(self.name(place), Some("script" | "style" | "template")) {
                places.extend(node.children.iter().rev());
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Whether following an address runs nothing: no scheme, or a known one.
fn is_harmless(address: &str) -> bool {
    let seen: String = address.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    match seen.split_once(':') {
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => {
            ["http", "https", "mailto", "tel"].contains(&scheme.to_ascii_lowercase().as_str())
        }
        _ => true,
    }
}

/// Builds the page while it is parsed.
struct Sink {
    nodes: RefCell<Vec<Node>>,
    errors: RefCell<Vec<String>>,
}

#[derive(Debug)]
struct Name(QualName);

impl html5ever::interface::ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl Sink {
    fn add(&self, node: Node) -> usize {
        self.nodes.borrow_mut().push(node);
        self.nodes.borrow().len() - 1
    }

    fn place(&self, parent: usize, before: Option<usize>, child: NodeOrText<usize>) {
        let child = match child {
            NodeOrText::AppendNode(child) => child,
            NodeOrText::AppendText(text) => self.add(Node { text: text.to_string(), ..Node::default() }),
        };
        let mut nodes = self.nodes.borrow_mut();
        nodes[child].parent = Some(parent);
        let siblings = &mut nodes[parent].children;
        let at = before.and_then(|before| siblings.iter().position(|sibling| *sibling == before));
        siblings.insert(at.unwrap_or(siblings.len()), child);
    }
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Page;
    type ElemName<'a> = Name;

    fn finish(self) -> Page {
        Page { nodes: self.nodes.into_inner(), errors: self.errors.into_inner() }
    }

    fn parse_error(&self, message: Cow<'static, str>) {
        self.errors.borrow_mut().push(message.into_owned());
    }

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> Name {
        Name(self.nodes.borrow()[*target].name.clone().expect("the parser asks for names of elements"))
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> usize {
        let attributes = attributes.into_iter().map(|it| (it.name.local.to_string(), it.value.to_string())).collect();
        self.add(Node { name: Some(name), attributes, ..Node::default() })
    }

    fn create_comment(&self, _: StrTendril) -> usize {
        self.add(Node::default())
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> usize {
        self.add(Node::default())
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        self.place(*parent, None, child);
    }

    fn append_based_on_parent_node(&self, element: &usize, previous: &usize, child: NodeOrText<usize>) {
        let parent = self.nodes.borrow()[*element].parent;
        match parent {
            Some(parent) => self.place(parent, Some(*element), child),
            None => self.place(*previous, None, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }

    fn same_node(&self, one: &usize, other: &usize) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        if mode != QuirksMode::NoQuirks {
            self.errors.borrow_mut().push("the page is in quirks mode".to_owned());
        }
    }

    fn append_before_sibling(&self, sibling: &usize, node: NodeOrText<usize>) {
        let parent = self.nodes.borrow()[*sibling].parent.expect("a sibling has a parent");
        self.place(parent, Some(*sibling), node);
    }

    fn add_attrs_if_missing(&self, _: &usize, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &usize) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[*target].parent.take() {
            nodes[parent].children.retain(|child| child != target);
        }
    }

    fn reparent_children(&self, node: &usize, parent: &usize) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*node].children);
        for child in &children {
            nodes[*child].parent = Some(*parent);
        }
        nodes[*parent].children.extend(children);
    }
}

#[test]
fn faults_are_found() {
    let cases = [
        ("<p>fine <a href=\"/x\">x</a></p>", None),
        ("<p><div>x</div></p>", Some("No <p> tag to close")),
        ("<i id=a></i><i id=a></i>", Some("stands twice")),
        ("<a href=/x><button type=button>x</button></a>", Some("inside of <a>")),
        ("<ul><p>x</p></ul>", Some("<p> in <ul>")),
        ("<a href=\"#nowhere\">x</a>", Some("a link leads to an id that nothing here has")),
        ("<p class=\"prose x\"><a href=\"#nowhere\">x</a></p>", Some(DANGLING_IN_PROSE)),
        ("<a href=\" java\tscript:x()\">x</a>", Some("script:x()")),
        ("<img src=/x alt=x onerror=x()>", Some("onerror")),
        ("<script>x()</script>", Some("a script in the body")),
        ("<p>\u{1}</p>", Some("Bad character")),
        ("<table><tr><td>x</td></tr><p>x</p></table>", Some("Unexpected token")),
        ("<p><details name=a></details></p>", Some("No <p> tag to close")),
        ("<i><details name=a></details></i><details name=a></details>", Some("two sets of tabs")),
    ];
    for (html, fault) in cases {
        let faults = Page::parse_body(html).faults();
        match fault {
            None => assert!(faults.is_empty(), "{html}: {faults:?}"),
            Some(fault) => {
                let is_found = faults.iter().any(|found| found.contains(fault));
                assert!(is_found, "{html}: {faults:?}");
            }
        }
    }
}
