//! What was posted: texts and files by the names of their fields.

use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request},
    http::header,
};

use super::form::{self, Content};
use crate::{
    portal::Portal,
    web::{Code, Error, Form, Result},
};

/// A posted form of any encoding.
#[derive(Clone, Debug, Default)]
pub(super) struct Posted {
    texts: Vec<(String, String)>,
    files: Vec<Attached>,
}

/// A file that came with a form.
#[derive(Clone, Debug)]
pub(super) struct Attached {
    pub field: String,
    pub name: String,
    pub content_type: String,
    pub bytes: Bytes,
}

impl Attached {
    /// A file of which only the name came: for the `curl` line, which needs no more.
    pub fn named(name: &str) -> Self {
        Self { field: String::new(), name: name.to_owned(), content_type: String::new(), bytes: Bytes::new() }
    }
}

impl Posted {
    #[cfg(test)]
    pub fn of(texts: &[(&str, &str)]) -> Self {
        let texts = texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Self { texts, files: Vec::new() }
    }

    #[cfg(test)]
    pub fn attach(&mut self, field: &str, name: &str, bytes: Bytes) {
        let (field, name, content_type) = (field.to_owned(), name.to_owned(), "application/pdf".to_owned());
        self.files.push(Attached { field, name, content_type, bytes });
    }

    /// The form as it is before anybody touches it.
    pub fn prefilled(form: &form::Form) -> Self {
        let mut posted = Self::default();
        let in_editors = form.editors.iter().filter_map(|editor| match &editor.content {
            Content::Fields(fields) => Some(fields),
            _ => None,
        });
        let parameters = form.parameters.iter().map(|parameter| &parameter.field);
        for field in parameters.chain(in_editors.flatten()) {
            let texts = field.prefill.iter().map(|text| (field.name.clone(), text.clone()));
            posted.texts.extend(texts);
        }
        posted
    }

    /// The first text of a field.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// Every text of a field.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        self.texts.iter().filter(|(known, _)| known == name).map(|(_, text)| text.as_str()).collect()
    }

    /// Puts a text in place of what a field has.
    pub fn set(&mut self, name: String, text: String) {
        self.texts.retain(|(known, _)| *known != name);
        self.texts.push((name, text));
    }

    /// The files of a field.
    pub fn files(&self, name: &str) -> Vec<&Attached> {
        self.files.iter().filter(|file| file.field == name).collect()
    }
}

impl FromRequest<Portal> for Posted {
    type Rejection = Error;

    async fn from_request(request: Request, portal: &Portal) -> Result<Self> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !content_type.is_some_and(|name| name.starts_with("multipart/form-data")) {
            let Form(texts) = Form::<Vec<(String, String)>>::from_request(request, portal).await?;
            return Ok(Self { texts, files: Vec::new() });
        }
        let form = Multipart::from_request(request, portal).await.map_err(|_| unreadable())?;
        read(form).await
    }
}

async fn read(mut form: Multipart) -> Result<Posted> {
    let mut posted = Posted::default();
    while let Some(field) = form.next_field().await.map_err(|_| too_large())? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(|name| name.chars().take(200).collect::<String>()) {
            None => {
                // Browsers write line breaks in forms as two characters.
                let text = field.text().await.map_err(|_| too_large())?.replace("\r\n", "\n");
                posted.texts.push((name, text));
            }
            Some(file_name) => {
                let content_type = field.content_type().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(|_| too_large())?;
                // A file field that was left empty comes without a name.
                if !file_name.is_empty() {
                    posted.files.push(Attached { field: name, name: file_name, content_type, bytes });
                }
            }
        }
    }
    Ok(posted)
}

fn unreadable() -> Error {
    Error::new(Code::InvalidRequest, "The form could not be read. Open the page again and send it from there.")
}

fn too_large() -> Error {
    Error::new(Code::PayloadTooLarge, "The form did not arrive whole, or is larger than 10 MiB with its files.")
}
