//! What surrounds every page: skip link, top bar, side menu, text, foot. It renders the inside of `<body>`; the
//! document around it sets `data-theme` and the brand's colour.
use leptos::prelude::*;

use super::{
    badge::Tone,
    callout::Callout,
    icon::{Glyph, Icon},
    search::SearchField,
    words::Words,
};

/// The page around its content.
#[component]
pub fn Shell(
    /// Who is looking, at what, and whose portal it is.
    frame: Frame,
    /// Menus of the side column; without them the page is one centred column.
    #[prop(optional)]
    side: Option<AnyView>,
    /// How wide the text runs.
    #[prop(optional)]
    width: Width,
    /// Replaces the plain switch of light and dark, to answer without loading the page again.
    #[prop(optional)]
    theme_switch: Option<AnyView>,
    /// Replaces the plain field that searches, to answer while somebody types.
    #[prop(optional)]
    search: Option<AnyView>,
    /// The content.
    children: Children,
) -> impl IntoView {
    let search = search.unwrap_or_else(|| view! { <SearchField/> }.into_any());
    let switch = theme_switch.unwrap_or_else(|| view! { <ThemeSwitch back=frame.path.clone()/> }.into_any());
    let parts = frame.parts();
    let flash = frame.flash.clone().map(|flash| {
        view! {
            <Callout tone=flash.tone title=flash.title role="status">
                {flash.text.0.map(|text| view! { <p>{text}</p> })}
            </Callout>
        }
    });
    let class = if side.is_some() { width.beside_menu() } else { width.alone() };
    let main = view! { <main class=class id="main">{flash}{children()}</main> };
    view! {
        <a class="skip button" href="#main">"Skip to the text"</a>
        <TopBar frame=frame.clone() search switch/>
        {match side {
            Some(side) => view! {
                <div class="frame">
                    <aside class="side" id="side" popover="auto" aria-label="Menu">
                        {side}
                        <SmallMenu parts visitor=frame.visitor.clone()/>
                    </aside>
                    {main}
                </div>
            }.into_any(),
            None => view! {
                <div class="pop sheet" id="side" popover="auto">
                    <SmallMenu parts visitor=frame.visitor.clone()/>
                </div>
                {main}
            }.into_any(),
        }}
        <Foot frame/>
    }
}

#[component]
fn TopBar(frame: Frame, search: AnyView, switch: AnyView) -> impl IntoView {
    let links = frame.parts().into_iter().map(Part::link);
    view! {
        <header class="topbar">
            <button class="icon-button menu-button" type="button" popovertarget="side" aria-label="Menu">
                <Icon glyph=Glyph::Menu/>
            </button>
            <a class="brand" href="/">
                {frame.brand.logo.mark()}
                <span>{frame.brand.name}" "<span>"Developers"</span></span>
            </a>
            <nav aria-label="Main">{links.collect_view()}</nav>
            {search}
            <div class="end">{switch}<Account visitor=frame.visitor/></div>
        </header>
    }
}

#[component]
fn Account(visitor: Visitor) -> impl IntoView {
    let Some(label) = visitor.label() else {
        return view! {
            <a class="button wide" data-kind="quiet" href=SIGN_IN>"Sign in"</a>
            <a class="button wide" data-kind="primary" href=SIGN_UP>"Get a key"</a>
        }
        .into_any();
    };
    view! {
        <button class="button wide" type="button" data-kind="quiet" popovertarget="account">
            <Icon glyph=Glyph::People/>
            {label}
        </button>
        <div class="pop account" id="account" popover="auto">
            {visitor.person().map(|person| view! { <p>{person}</p> })}
            <nav class="menu" aria-label="Account">
                <a href=ACCOUNT>"Your account"</a>
                <SignOut/>
            </nav>
        </div>
    }
    .into_any()
}

#[component]
fn SmallMenu(parts: Vec<Part>, visitor: Visitor) -> impl IntoView {
    let links = parts.into_iter().map(Part::link);
    let account = match visitor {
        Visitor::Guest => view! { <a href=SIGN_IN>"Sign in"</a><a href=SIGN_UP>"Get a key"</a> }.into_any(),
        _ => view! { <a href=ACCOUNT>"Your account"</a><SignOut/> }.into_any(),
    };
    view! { <nav class="menu menu-button" aria-label="Main, small screens">{links.collect_view()}{account}</nav> }
}

#[component]
fn SignOut() -> impl IntoView {
    view! { <form method="post" action=SIGN_OUT><button>"Sign out"</button></form> }
}

/// The half circle: a form that asks the server for the other theme. Which of its two buttons is in view is decided
/// by the stylesheet, as only the browser knows what "the other" is.
#[component]
pub fn ThemeSwitch(
    /// The path to come back to.
    #[prop(into)]
    back: String,
) -> impl IntoView {
    let button = |value: Theme, label: &'static str| {
        view! {
            <button class="icon-button" name="theme" value=value.name() aria-label=label title=label>
                <Icon glyph=Glyph::Theme/>
            </button>
        }
    };
    view! {
        <form class="theme" method="post" action=THEME>
            <input type="hidden" name="back" value=back/>
            {button(Theme::Dark, "Use dark colours")}
            {button(Theme::Light, "Use light colours")}
        </form>
    }
}

#[component]
fn Foot(frame: Frame) -> impl IntoView {
    let support = frame.brand.support.map(|address| view! { <a href=format!("mailto:{address}")>"Ask support"</a> });
    view! {
        <footer class="foot">
            {support}
            <form class="theme-system" method="post" action=THEME>
                <input type="hidden" name="back" value=frame.path/>
                <button name="theme" value="system">"Use the colours of your system"</button>
            </form>
            <span>"Portal by Vestibule"</span>
        </footer>
    }
}

const SIGN_IN: &str = "/login";
const SIGN_OUT: &str = "/logout";
const SIGN_UP: &str = "/signup";
const ACCOUNT: &str = "/dashboard/account";
const THEME: &str = "/theme";

/// What a page needs to know of its surroundings.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Whose portal it is.
    pub brand: Brand,
    /// Which part of it this page belongs to.
    pub place: Place,
    /// Who is looking.
    pub visitor: Visitor,
    /// This page's path and query, to come back to.
    pub path: String,
    /// What the last action did, said once.
    pub flash: Option<Flash>,
}

impl Frame {
    /// The parts the visitor may enter.
    fn parts(&self) -> Vec<Part> {
        const DOCS: (&str, &str, Place) = ("/docs", "Docs", Place::Docs);
        const GUIDES: (&str, &str, Place) = ("/guides", "Guides", Place::Guides);
        const DASHBOARD: (&str, &str, Place) = ("/dashboard", "Dashboard", Place::Dashboard);
        const ADMIN: (&str, &str, Place) = ("/admin", "Administration", Place::Admin);
        let open: &[_] = match self.visitor {
            Visitor::Guest => &[DOCS, GUIDES],
            Visitor::Partner { .. } => &[DOCS, GUIDES, DASHBOARD],
            Visitor::Staff { .. } => &[DOCS, GUIDES, ADMIN],
        };
        let part = |&(href, label, place)| Part { href, label, here: (place == self.place).then_some("true") };
        open.iter().map(part).collect()
    }
}

/// A part of the portal in the main menu; `here` is its `aria-current`.
#[derive(Clone, Copy)]
struct Part {
    href: &'static str,
    label: &'static str,
    here: Option<&'static str>,
}

impl Part {
    fn link(self) -> impl IntoView {
        view! { <a href=self.href aria-current=self.here>{self.label}</a> }
    }
}

/// How a company presents itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Brand {
    /// The company's name, before "Developers".
    pub name: String,
    /// What stands before the name.
    pub logo: Logo,
    /// The accent colour as `#rrggbb`, already validated; the product's own where it is left out.
    pub accent: Option<String>,
    /// The address of support.
    pub support: Option<String>,
}

impl Brand {
    /// The rule for a `<style>` in the head, if the company has a colour of its own.
    pub fn css(&self) -> Option<String> {
        self.accent.as_ref().map(|accent| format!(":root{{--brand:{accent}}}"))
    }
}

/// What stands before a company's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Logo {
    /// The doorway of Vestibule, in the accent colour.
    #[default]
    Mark,
    /// One to three letters on the accent colour.
    Letters(String),
}

impl Logo {
    /// The logo itself, inside an element of class `brand`.
    pub fn mark(self) -> AnyView {
        match self {
            Self::Mark => view! { <svg viewBox="0 0 24 24" aria-hidden="true" inner_html=MARK></svg> }.into_any(),
            Self::Letters(letters) => view! { <b aria-hidden="true">{letters}</b> }.into_any(),
        }
    }
}

const MARK: &str = r#"<path d="M4 2h16a2 2 0 0 1 2 2v16a2 2 0 0 1-2 2h-3V10a5 5 0 0 0-10 0v12H4a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2Z"/><path d="M10 10a2 2 0 0 1 4 0v12h-4Z"/>"#;

/// The parts of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The front page, accounts, errors.
    Home,
    /// The reference.
    Docs,
    /// The guides.
    Guides,
    /// A partner's own pages.
    Dashboard,
    /// The staff's pages.
    Admin,
}

/// Who is looking at a page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Visitor {
    /// Somebody who is not signed in.
    Guest,
    /// A member of a partner.
    Partner {
        /// The person's name.
        name: String,
        /// The partner's name.
        organization: String,
    },
    /// Somebody of the company.
    Staff {
        /// The person's name.
        name: String,
    },
}

impl Visitor {
    fn label(&self) -> Option<String> {
        match self {
            Self::Guest => None,
            Self::Partner { organization, .. } => Some(organization.clone()),
            Self::Staff { name } => Some(name.clone()),
        }
    }

    fn person(&self) -> Option<String> {
        match self {
            Self::Guest => None,
            Self::Partner { name, .. } => Some(format!("Signed in as {name}")),
            Self::Staff { name } => Some(format!("Signed in as {name}, staff")),
        }
    }
}

/// What the last action did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    /// What kind of news it is.
    pub tone: Tone,
    /// What happened.
    pub title: String,
    /// What follows from it.
    pub text: Words,
}

/// How wide the text of a page runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// As wide as reads well.
    #[default]
    Page,
    /// One narrow column, for a single form or message.
    Narrow,
    /// All there is, for a page that lays out its own columns.
    Full,
}

impl Width {
    /// The class of a text that has the page to itself.
    const fn alone(self) -> &'static str {
        match self {
            Self::Page => "center flow",
            Self::Narrow => "narrow flow",
            Self::Full => "main flow",
        }
    }

    /// The class of a text beside a menu.
    const fn beside_menu(self) -> &'static str {
        match self {
            Self::Page => "main flow wide-main",
            Self::Narrow => "narrow flow",
            Self::Full => "main flow",
        }
    }
}

/// Light or dark, where the reader chose; without a choice it is the system's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The value of `data-theme`, of the cookie and of the form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of that name; `system` and anything else is no choice.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }
}
