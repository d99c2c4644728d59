//! Every piece in every state, on one page: what a change of the look is judged by.
use ::time::OffsetDateTime;
use leptos::prelude::*;

mod blocks;

use super::*;
use blocks::{Charts, CodeAndTabs, Dialogs, Notes, Regions, Schemas, Tables, Ways};

/// The content of the style guide.
#[component]
pub fn Styleguide(
    /// When the page is made.
    now: OffsetDateTime,
) -> impl IntoView {
    view! {
        <PageTitle
            title="Style guide"
            lead="Every component in every state. The class is the component, its state is an attribute."
        />
        <Foundations/>
        <Brands/>
        <Buttons/>
        <Signs/>
        <Fields/>
        <Notes/>
        <Regions now/>
        <Tables now/>
        <Charts/>
        <CodeAndTabs/>
        <Schemas/>
        <Ways/>
        <Dialogs/>
        <Icons/>
    }
}

const ROLES: [(&str, &str); 18] = [
    ("paper", "page"),
    ("sunken", "code, nested"),
    ("raised", "panels, dialogs"),
    ("hover", "under the pointer"),
    ("line", "hairlines"),
    ("line-strong", "edges of buttons"),
    ("line-control", "edges of fields"),
    ("text", "words"),
    ("text-soft", "second voice"),
    ("text-faint", "labels"),
    ("accent", "links"),
    ("accent-fill", "areas"),
    ("accent-tint", "selected"),
    ("ok", "works"),
    ("warn", "look at it"),
    ("bad", "broken"),
    ("plan", "planned"),
    ("none", "no evidence"),
];

#[component]
fn Foundations() -> impl IntoView {
    let roles = ROLES.map(|(role, meaning)| view! { <li><i data-role=role></i>{role}<small>{meaning}</small></li> });
    view! {
        <Section title="Type">
            <dl class="spec">
                <dt>"28 / 600"</dt><dd><p class="sample" data-size="2xl">"Create a shipment"</p></dd>
                <dt>"21 / 600"</dt><dd><p class="sample" data-size="xl">"Authentication"</p></dd>
                <dt>"17 / 600"</dt><dd><p class="sample" data-size="l">"Who still uses which secret"</p></dd>
                <dt>"15 / 400"</dt><dd><p class="prose">"Prose, 65 to 75 characters a line, 1.65 high."</p></dd>
                <dt>"14 / 400"</dt><dd>"Interface, 1.5 high; tables with tabular figures 0123456789"</dd>
                <dt>"13 / 400"</dt><dd><small class="faint">"Secondary lines"</small>" "<code>"shipments:write"</code></dd>
                <dt>"12 / 500"</dt><dd><Badge>"Labels and table heads"</Badge></dd>
            </dl>
        </Section>
        <Section title="Colour roles"><ul class="swatches">{roles.collect_view()}</ul></Section>
    }
}

#[component]
fn Brands() -> impl IntoView {
    let panel = |title: &'static str| {
        let items = vec![
            MenuItem::new("#create", "Create a shipment").method("post"),
            MenuItem::new("#get", "Get a shipment").method("get"),
        ];
        view! {
            <Panel title aside=view! { <Badge tone=Tone::Accent>"Accent"</Badge> }.into_any()>
                <Menu label=title current="#create" items/>
                <Progress label="6 of 8 points" done=6 of=8 rest="2 left"/>
                <p><a href="#brand">"A link in text"</a>", then buttons:"</p>
                <div class="actions">
                    <Button kind=ButtonKind::Primary>"Rotate secret"</Button>
                    <Button>"Cancel rotation"</Button>
                </div>
            </Panel>
        }
    };
    view! {
        <Section title="Branding" id="brand" aside=view! { <span class="note">"One property; lightness is ours, so contrast holds."</span> }.into_any()>
            <div class="split">
                <div>{panel("The portal's own colour")}</div>
                <div data-brand="copper">{panel("Copper, #a8481b")}</div>
            </div>
        </Section>
    }
}

#[component]
fn Buttons() -> impl IntoView {
    let row = |kind: ButtonKind, words: &'static str| {
        view! {
            <div class="actions">
                <Button kind>{words}</Button>
                <Button kind state=ButtonState::Busy>{words}</Button>
                <Button kind state=ButtonState::Disabled>{words}</Button>
                <Button kind size=Size::Small icon=Glyph::Turn>{words}</Button>
            </div>
        }
    };
    view! {
        <Section title="Buttons">
            <dl class="spec">
                <dt>"Primary"</dt><dd>{row(ButtonKind::Primary, "Rotate secret")}</dd>
                <dt>"Plain"</dt><dd>{row(ButtonKind::Plain, "Extend overlap")}</dd>
                <dt>"Quiet"</dt><dd>{row(ButtonKind::Quiet, "Reset the form")}</dd>
                <dt>"Danger"</dt><dd>{row(ButtonKind::Danger, "Revoke key")}</dd>
                <dt>"Leads to danger"</dt><dd>{row(ButtonKind::DangerPlain, "Revoke key…")}</dd>
                <dt>"Link, icon"</dt>
                <dd>
                    <div class="actions">
                        <LinkButton href="#brand" icon=Glyph::Key>"Get a key"</LinkButton>
                        <IconButton glyph=Glyph::Copy label="Copy the path"/>
                    </div>
                </dd>
            </dl>
        </Section>
    }
}

#[component]
fn Signs() -> impl IntoView {
    let methods = ["get", "post", "put", "patch", "delete", "head"].map(|method| view! { <MethodBadge method/> });
    view! {
        <Section title="Methods, badges, states">
            <dl class="spec">
                <dt>"Method"</dt><dd><div class="actions">{methods.collect_view()}</div></dd>
                <dt>"Badge"</dt>
                <dd>
                    <div class="actions">
                        <Badge>"Sandbox"</Badge>
                        <Badge tone=Tone::Accent>"3"</Badge>
                        <Badge tone=Tone::Ok icon=Glyph::Check>"Live"</Badge>
                        <Badge tone=Tone::Warn icon=Glyph::Clock>"Retiring"</Badge>
                        <Badge tone=Tone::Bad icon=Glyph::Warn>"Breaking"</Badge>
                        <Badge tone=Tone::Plan icon=Glyph::Calendar>"Planned"</Badge>
                    </div>
                </dd>
                <dt>"State"</dt>
                <dd>
                    <div class="actions">
                        <StateLabel is=Condition::Ok>"Working"</StateLabel>
                        <StateLabel is=Condition::Warn>"Slow"</StateLabel>
                        <StateLabel is=Condition::Bad>"Down"</StateLabel>
                        <StateLabel is=Condition::Plan>"Maintenance"</StateLabel>
                        <StateLabel is=Condition::None>"No evidence"</StateLabel>
                    </div>
                </dd>
            </dl>
        </Section>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let environments = vec![Choice::new("sandbox", "Sandbox"), Choice::new("live", "Live")];
    let scopes = vec![
        Choice::new("shipments:write", "shipments:write").hint("Book and cancel"),
        Choice::new("labels:read", "labels:read"),
    ];
    let overlaps = vec![Choice::new("1", "1 hour of overlap"), Choice::new("24", "24 hours of overlap")];
    view! {
        <Section title="Fields">
            <div class="split">
                <TextField name="g-name" label="Name" value="Checkout staging" hint="Only your organization sees it."/>
                <TextField
                    name="g-mail"
                    label="E-mail"
                    kind=Input::Email
                    value="tom@quillmere"
                    error="This is not an address: it has no domain after the @."
                    hint="We send one message to verify it."
                />
                <TextField name="g-reference" label="Reference" kind=Input::Code placeholder="order-20417" need=Need::Optional/>
                <TextField name="g-password" label="Password" kind=Input::Password autocomplete="off" need=Need::Optional/>
                <SelectField name="g-environment" label="Environment" options=environments selected="sandbox"/>
                <FileField name="g-file" label="API document" accept=".json,.yaml,.yml" hint="OpenAPI 3.0 or 3.1."/>
                <TextField name="g-off" label="Environment" value="live" editing=Editing::Disabled hint="Ask an owner for live keys."/>
                <TextField name="g-id" label="Key" kind=Input::Code value="key_01kaj7w2c9" editing=Editing::ReadOnly/>
                <TextField name="g-colour" label="Accent colour" kind=Input::Color value="#0c6a88"/>
                <TextArea name="g-note" label="Note" value="line one" rows=3 need=Need::Optional/>
                <Choices name="g-scopes" label="Scopes" options=scopes chosen=vec!["shipments:write".to_owned()]/>
                <Choices
                    name="g-overlap"
                    label="Overlap"
                    options=overlaps
                    pick=Pick::One
                    error="Choose how long the old secret works."
                />
                <Check name="g-stored" label="I have stored it" hint="It is not shown again."/>
            </div>
        </Section>
    }
}

#[component]
fn Icons() -> impl IntoView {
    let icons = Glyph::ALL.map(|glyph| view! { <li><Icon glyph/><small>{glyph.name()}</small></li> });
    view! { <Section title="Icons"><ul class="swatches icons">{icons.collect_view()}</ul></Section> }
}
