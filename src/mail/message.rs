//! What a message says: written once, rendered as text and as HTML.

use leptos::prelude::*;

/// A message to one person.
#[derive(Clone, Debug)]
pub struct Message {
    /// What kind of message it is, e.g. `verify_address`.
    pub kind: &'static str,
    /// The address.
    pub recipient: String,
    /// The person's name.
    pub recipient_name: String,
    /// The subject.
    pub subject: String,
    /// The body, part by part.
    pub parts: Vec<Part>,
}

/// One part of a message's body.
#[derive(Clone, Debug)]
pub enum Part {
    /// A paragraph.
    Text(String),
    /// What there is to do: words and an absolute URL.
    Action(&'static str, String),
    /// A less important paragraph.
    Note(String),
}

/// Both forms of a body.
pub(super) struct Rendered {
    pub(super) text: String,
    pub(super) html: String,
}

impl Message {
    pub(super) fn render(&self, portal_name: &str) -> Rendered {
        Rendered { text: self.text(portal_name), html: self.html(portal_name) }
    }

    fn text(&self, portal_name: &str) -> String {
        let parts = self.parts.iter().map(|part| match part {
            Part::Text(text) | Part::Note(text) => text.clone(),
            Part::Action(words, url) => format!("{words}:\n{url}"),
        });
        let body = parts.collect::<Vec<_>>().join("\n\n");
        format!("Hello {},\n\n{body}\n\n-- \n{portal_name}\n", self.recipient_name)
    }

    /// Mail programs know neither style sheets nor new CSS: this is as plain as it can be and still look made.
    fn html(&self, portal_name: &str) -> String {
        const PARAGRAPH: &str = "margin:0 0 16px";
        const NOTE: &str = "margin:0 0 16px;color:#5c686c;font-size:13px";
        const BUTTON: &str = "display:inline-block;padding:9px 16px;border-radius:6px;background:#0c6a88;color:#ffffff;text-decoration:none";
        let parts = self.parts.clone().into_iter().map(|part| match part {
            Part::Text(text) => view! { <p style=PARAGRAPH>{text}</p> }.into_any(),
            Part::Note(text) => view! { <p style=NOTE>{text}</p> }.into_any(),
            Part::Action(words, url) => view! {
                <p style=PARAGRAPH><a style=BUTTON href=url.clone()>{words}</a></p>
                <p style=NOTE>"Or open "<a href=url.clone()>{url.clone()}</a></p>
            }
            .into_any(),
        });
        let view = view! {
            <html lang="en">
                <body style="margin:0;padding:24px;color:#12191b;font:15px/1.6 -apple-system,'Segoe UI',Roboto,Arial,sans-serif">
                    <p style=PARAGRAPH>"Hello " {self.recipient_name.clone()} ","</p>
                    {parts.collect_view()}
                    <p style=NOTE>{portal_name.to_owned()}</p>
                </body>
            </html>
        };
        format!("<!DOCTYPE html>{}", view.to_html())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same_and_names_cannot_inject_markup() {
        let message = Message {
            kind: "test",
            recipient: "ines@example.com".into(),
            recipient_name: "<b>Ines</b>".into(),
            subject: "Confirm your address".into(),
            parts: vec![
                Part::Text("One step is left.".into()),
                Part::Action("Confirm", "https://x.example/?a=1&b=2".into()),
            ],
        };
        let rendered = message.render("Larkfield");
        assert!(rendered.text.contains("https://x.example/?a=1&b=2"));
        assert!(rendered.html.contains("https://x.example/?a=1&amp;b=2"));
        assert!(!rendered.html.contains("<b>Ines"), "{}", rendered.html);
        for form in [&rendered.text, &rendered.html] {
            assert!(form.contains("One step is left.") && form.contains("Larkfield"));
        }
    }
}
