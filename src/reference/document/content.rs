//! Reads what travels: media types, examples, headers, links.

use super::{
    super::model::{Encoding, Example, Header, Link, MediaType, Schema},
    reader::{Exemplified, Reader, text},
    tree::{Kind, Node},
    warning::WarningCode,
};

/// More examples of one thing than this are not meant for readers.
const MOST_EXAMPLES: usize = 1_000;

impl<'s> Reader<'s> {
    /// The `content` of a body, a response, a parameter or a header.
    pub fn content(&mut self, node: Node<'s>) -> Vec<MediaType> {
        let named = self.parts(node, "content");
        named.into_iter().filter_map(|(name, node)| self.media_type(name, node)).collect()
    }

    /// A header may be called `x-…` as well; what is no object is an extension.
    pub fn headers(&mut self, node: Node<'s>) -> Vec<Header> {
        let listed = self.part(node, "headers", Kind::Object).into_iter().flat_map(Node::entries);
        let named: Vec<_> = listed.filter(|(_, header)| header.kind() == Kind::Object).collect();
        named.into_iter().filter_map(|(name, node)| self.header(name, node)).collect()
    }

    pub fn links(&mut self, node: Node<'s>) -> Vec<Link> {
        let named = self.parts(node, "links");
        named.into_iter().filter_map(|(name, node)| self.link(name, node)).collect()
    }

    /// The document's own examples: `examples` by name, then the single `example`.
    pub fn examples(&mut self, node: Node<'s>) -> Vec<Example> {
        let mut examples = Vec::new();
        match node.get("examples").map(|listed| (listed, listed.kind())) {
            Some((listed, Kind::Object)) => {
                let named = listed.entries().take(MOST_EXAMPLES).filter_map(|(name, node)| self.example(name, node));
                examples.extend(named);
            }
            Some((listed, Kind::List)) => {
                let values = listed.items().take(MOST_EXAMPLES).map(|node| plain_example(self, node));
                examples.extend(values);
            }
            _ => {}
        }
        if let Some(value) = node.get("example") {
            examples.push(plain_example(self, value));
        }
        examples
    }

    fn media_type(&mut self, name: &str, node: Node<'s>) -> Option<MediaType> {
        let node = self.follow(node)?;
        let schema = self.schema(node, "schema");
        let examples = self.examples(node);
        let encodings = self.parts(node, "encoding");
        let media_type = MediaType {
            name: name.to_owned(),
            item_schema: self.schema(node, "itemSchema"),
            encodings: encodings.into_iter().map(|(property, node)| self.encoding(property, node)).collect(),
            schema,
            examples,
            source: self.source(node),
        };
        if media_type.is_json() {
            self.exemplify(media_type.schema.as_ref(), &media_type.examples, node);
        }
        Some(media_type)
    }

    /// Remembers examples for the review; those of a shared part once.
    pub fn exemplify(&mut self, schema: Option<&Schema>, examples: &[Example], node: Node<'s>) {
        if let Some(schema) = schema.filter(|_| !examples.is_empty())
            && self.seen.insert(node.index())
        {
            self.exemplified.push(Exemplified { schema: schema.clone(), examples: examples.to_vec() });
        }
    }

    fn encoding(&mut self, property: &str, node: Node<'s>) -> Encoding {
        Encoding {
            property: property.to_owned(),
            content_type: text(node, "contentType"),
            style: super::operation::style(node),
            explode: node.get("explode").and_then(Node::boolean),
            headers: self.headers(node),
        }
    }

    fn header(&mut self, name: &str, node: Node<'s>) -> Option<Header> {
        let node = self.follow(node)?;
        let schema = self.schema(node, "schema");
        let examples = self.examples(node);
        self.exemplify(schema.as_ref(), &examples, node);
        Some(Header {
            name: name.to_owned(),
            description: text(node, "description"),
            required: node.flag("required"),
            deprecated: node.flag("deprecated"),
            content: self.content(node).into_iter().next(),
            schema,
            examples,
            source: self.source(node),
        })
    }

    fn link(&mut self, name: &str, node: Node<'s>) -> Option<Link> {
        let node = self.follow(node)?;
        let parameters = self.parts(node, "parameters");
        let server = self.part(node, "server", Kind::Object);
        Some(Link {
            name: name.to_owned(),
            description: text(node, "description"),
            operation_id: text(node, "operationId"),
            operation_ref: text(node, "operationRef"),
            parameters: parameters.into_iter().map(|(name, value)| (name.to_owned(), value.to_json())).collect(),
            request_body: node.get("requestBody").map(Node::to_json),
            server: server.and_then(|server| self.server(server)),
            source: self.source(node),
        })
    }

    fn example(&mut self, name: &str, node: Node<'s>) -> Option<Example> {
        let node = self.follow_example(node)?;
        if node.kind() != Kind::Object {
            let message = "A named example should be an object with a `value`; it is taken as the value itself.";
            self.warn(WarningCode::MalformedPart, node, message);
            return Some(Example { name: Some(name.to_owned()), ..plain_example(self, node) });
        }
        let value = node.get("value").or_else(|| node.get("dataValue"));
        Some(Example {
            name: Some(name.to_owned()),
            summary: text(node, "summary"),
            description: text(node, "description"),
            external: text(node, "externalValue"),
            value: value.map(|value| self.source(value)),
            serialized: text(node, "serializedValue"),
        })
    }

    fn follow_example(&mut self, node: Node<'s>) -> Option<Node<'s>> {
        if node.text_of("$ref").is_some() { self.follow(node) } else { Some(node) }
    }
}

fn plain_example<'s>(reader: &Reader<'s>, value: Node<'s>) -> Example {
    let source = Some(reader.source(value));
    Example { name: None, summary: None, description: None, external: None, value: source, serialized: None }
}
