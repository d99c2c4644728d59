//! The icons: drawn for this project on a grid of 20 with strokes of 1.5, inlined so that they take the colour of
//! the words beside them. They repeat what the words say, so they are hidden from screen readers.
use leptos::prelude::*;

/// The icon of a glyph, as tall as the text around it.
#[component]
pub fn Icon(
    /// What it shows.
    glyph: Glyph,
) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" inner_html=glyph.shapes()></svg> }
}

/// What an icon can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// Search.
    Search,
    /// Copy to the clipboard.
    Copy,
    /// Done, chosen.
    Check,
    /// Close.
    Close,
    /// Goes deeper.
    Right,
    /// Goes on.
    Arrow,
    /// Keys.
    Key,
    /// Webhooks.
    Hook,
    /// Documentation.
    Book,
    /// Time, retiring.
    Clock,
    /// State: works.
    Ok,
    /// State: look at it.
    Warn,
    /// State: broken.
    Bad,
    /// State: no evidence.
    None,
    /// State: planned work.
    Plan,
    /// A note.
    Info,
    /// The menu on small screens.
    Menu,
    /// Light or dark.
    Theme,
    /// A feed.
    Feed,
    /// Mail.
    Mail,
    /// Send.
    Send,
    /// Rotate, repeat.
    Turn,
    /// Locked, needs a right.
    Lock,
    /// Delete.
    Bin,
    /// Add.
    Plus,
    /// A date.
    Calendar,
    /// A link to this place.
    Link,
    /// Shown, looked at.
    Eye,
    /// People, an organization.
    People,
    /// Usage.
    Gauge,
    /// Overview.
    Home,
    /// Help, support.
    Help,
}

impl Glyph {
    /// Every glyph, for the style guide.
    pub const ALL: [Self; 32] = [
        Self::Search,
        Self::Copy,
        Self::Check,
        Self::Close,
        Self::Right,
        Self::Arrow,
        Self::Key,
        Self::Hook,
        Self::Book,
        Self::Clock,
        Self::Ok,
        Self::Warn,
        Self::Bad,
        Self::None,
        Self::Plan,
        Self::Info,
        Self::Menu,
        Self::Theme,
        Self::Feed,
        Self::Mail,
        Self::Send,
        Self::Turn,
        Self::Lock,
        Self::Bin,
        Self::Plus,
        Self::Calendar,
        Self::Link,
        Self::Eye,
        Self::People,
        Self::Gauge,
        Self::Home,
        Self::Help,
    ];

    /// The name, as the style guide writes it.
    pub fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    const fn shapes(self) -> &'static str {
        match self {
            Self::Search => r#"<circle cx="9" cy="9" r="5.25"/><path d="m13 13 4 4"/>"#,
            Self::Copy => {
                r#"<rect x="7" y="7" width="9.5" height="9.5" rx="1.75"/><path d="M4.5 13H4a1 1 0 0 1-1-1V4.5A1.5 1.5 0 0 1 4.5 3H12a1 1 0 0 1 1 1v.5"/>"#
            }
            Self::Check => r#"<path d="m4 10.5 4 4 8-9"/>"#,
            Self::Close => r#"<path d="m5 5 10 10M15 5 5 15"/>"#,
            Self::Right => r#"<path d="m8 5 5 5-5 5"/>"#,
            Self::Arrow => r#"<path d="M3.5 10h13M12 5.5l4.5 4.5-4.5 4.5"/>"#,
            Self::Key => r#"<circle cx="6.75" cy="13.25" r="3.5"/><path d="m9.3 10.7 7.2-7.2M13 7l2.5 2.5"/>"#,
            Self::Hook => {
                r#"<circle cx="10" cy="5.5" r="2.5"/><circle cx="5" cy="14" r="2.5"/><circle cx="15" cy="14" r="2.5"/><path d="M8.8 7.7 6.2 11.8M7.5 14h5M11.2 7.7l2.6 4.1"/>"#
            }
            Self::Book => {
                r#"<path d="M10 5.5C8.5 4.2 6 3.8 3 4v11.5c3-.2 5.5.2 7 1.5 1.5-1.3 4-1.7 7-1.5V4c-3-.2-5.5.2-7 1.5ZM10 5.5V17"/>"#
            }
            Self::Clock => r#"<circle cx="10" cy="10" r="7"/><path d="M10 6v4l2.75 1.75"/>"#,
            Self::Ok => r#"<circle cx="10" cy="10" r="7"/><path d="m7 10.25 2.1 2.1L13.2 8"/>"#,
            Self::Warn => r#"<path d="M10 3.25 2.75 16.25h14.5L10 3.25Z"/><path d="M10 8.25v3.75M10 14.1v.1"/>"#,
            Self::Bad => {
                r#"<path d="M7 3h6l4 4v6l-4 4H7l-4-4V7l4-4Z"/><path d="m7.75 7.75 4.5 4.5M12.25 7.75l-4.5 4.5"/>"#
            }
            Self::None => r#"<circle cx="10" cy="10" r="7" stroke-dasharray="2.4 2"/><path d="M8 10h4"/>"#,
            Self::Plan => {
                r#"<path d="M12.8 3.3a4.25 4.25 0 0 0-5.3 5.5L3 13.3a1.75 1.75 0 0 0 0 2.5l1.2 1.2a1.75 1.75 0 0 0 2.5 0l4.5-4.5a4.25 4.25 0 0 0 5.5-5.3L14 9.9 10.9 9l-.8-3.1 2.7-2.6Z"/>"#
            }
            Self::Info => r#"<circle cx="10" cy="10" r="7"/><path d="M10 9.25v4.25M10 6.6v.1"/>"#,
            Self::Menu => r#"<path d="M3 5.5h14M3 10h14M3 14.5h14"/>"#,
            Self::Theme => r#"<circle cx="10" cy="10" r="7"/><path d="M10 3v14M10 6.5l5.5-1M10 10h7M10 13.5l5.5 1"/>"#,
            Self::Feed => {
                r#"<path d="M4 4.5A11.5 11.5 0 0 1 15.5 16M4 9.5A6.5 6.5 0 0 1 10.5 16"/><circle cx="5" cy="15" r="1"/>"#
            }
            Self::Mail => r#"<rect x="2.5" y="4.5" width="15" height="11" rx="1.75"/><path d="m3 6 7 5 7-5"/>"#,
            Self::Send => r#"<path d="M4 4.5v11l12.5-5.5L4 4.5Z"/><path d="M4 10h5"/>"#,
            Self::Turn => {
                r#"<path d="M16 8.5A6.25 6.25 0 0 0 4.8 6.5L3.5 8M4 11.5A6.25 6.25 0 0 0 15.2 13.5l1.3-1.5M3.5 4v4h4M16.5 16v-4h-4"/>"#
            }
            Self::Lock => {
                r#"<rect x="4" y="9" width="12" height="8" rx="1.75"/><path d="M6.75 9V6.5a3.25 3.25 0 0 1 6.5 0V9"/>"#
            }
            Self::Bin => r#"<path d="M3.5 5.5h13M8 5.5V3.5h4v2M5.25 5.5l.75 11h8l.75-11M8.5 8.5v5M11.5 8.5v5"/>"#,
            Self::Plus => r#"<path d="M10 4v12M4 10h12"/>"#,
            Self::Calendar => {
                r#"<rect x="3" y="4.5" width="14" height="12.5" rx="1.75"/><path d="M3 8.5h14M7 2.75v3M13 2.75v3"/>"#
            }
            Self::Link => {
                r#"<path d="M8.5 11.5a3.25 3.25 0 0 0 4.6 0l2.7-2.7a3.25 3.25 0 0 0-4.6-4.6l-.9.9M11.5 8.5a3.25 3.25 0 0 0-4.6 0l-2.7 2.7a3.25 3.25 0 0 0 4.6 4.6l.9-.9"/>"#
            }
            Self::Eye => {
                r#"<path d="M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5Z"/><circle cx="10" cy="10" r="2.25"/>"#
            }
            Self::People => {
                r#"<circle cx="7.5" cy="7" r="3"/><path d="M2 16.5c.4-3 2.6-4.5 5.5-4.5s5.1 1.5 5.5 4.5M13 4.25a3 3 0 0 1 0 5.5M15 12.5c1.7.6 2.7 2 3 4"/>"#
            }
            Self::Gauge => r#"<path d="M3.75 15.5a7.5 7.5 0 1 1 12.5 0M10 12l3-4.5"/>"#,
            Self::Home => r#"<path d="M3.5 9 10 3.5 16.5 9v7.5h-4.75v-4.5h-3.5v4.5H3.5V9Z"/>"#,
            Self::Help => {
                r#"<circle cx="10" cy="10" r="7"/><path d="M8 8a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M10 13.7v.1"/>"#
            }
        }
    }
}
