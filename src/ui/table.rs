//! Tables that become labelled lists on a phone.
use leptos::prelude::*;

/// A table; its rows are `<tr>` with a `<Cell>` for each column.
#[component]
pub fn Table(
    /// What the rows are.
    #[prop(into)]
    label: String,
    /// The heads.
    columns: Vec<Column>,
    /// What happens where it does not fit.
    #[prop(optional)]
    shape: Shape,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let heads = columns.into_iter().map(|column| match column.label.is_empty() {
        // A head without words is no head: it would be read aloud as an empty one.
        true => view! { <td></td> }.into_any(),
        false => view! { <th scope="col" class=column.align.class()>{column.label}</th> }.into_any(),
    });
    let scrolls = shape == Shape::Scroll;
    view! {
        <div
            class="table"
            data-stack=!scrolls
            tabindex=scrolls.then_some("0")
            role=scrolls.then_some("region")
            aria-label=scrolls.then_some(label.clone())
        >
            <table aria-label=label.clone()>
                <thead><tr>{heads.collect_view()}</tr></thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

/// One cell.
#[component]
pub fn Cell(
    /// The head of its column, said again where the table is a list.
    #[prop(into)]
    label: String,
    /// Where its content stands.
    #[prop(optional)]
    align: Align,
    /// The content; `<small>` is a second line.
    children: Children,
) -> impl IntoView {
    view! { <td data-label=label class=align.class()><div>{children()}</div></td> }
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    label: String,
    align: Align,
}

impl Column {
    /// A column of words.
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), align: Align::Start }
    }

    /// A column of numbers.
    pub fn number(label: impl Into<String>) -> Self {
        Self { label: label.into(), align: Align::Number }
    }
}

/// Where the content of a cell stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the start, as words do.
    #[default]
    Start,
    /// At the end, as numbers do.
    Number,
}

impl Align {
    const fn class(self) -> Option<&'static str> {
        match self {
            Self::Start => None,
            Self::Number => Some("num"),
        }
    }
}

/// What a table does where it does not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// Each row becomes a list of labelled values.
    #[default]
    Stack,
    /// It stays a table and scrolls sideways.
    Scroll,
}
