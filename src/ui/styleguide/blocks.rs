//! The larger pieces of the style guide: notes, regions, tables, code, schemas, ways through pages, dialogs.
use ::time::{Duration, OffsetDateTime};
use leptos::prelude::*;

use crate::ui::*;

#[component]
pub(super) fn Notes() -> impl IntoView {
    let before = "Partner developer portal".to_owned();
    view! {
        <Section title="Callouts and verdicts">
            <div class="flow tight">
                <Callout title="Good to know"><p>"A plain note, once in a while."</p></Callout>
                <Callout tone=Tone::Ok title="Key made"><p>"It works within a second."</p></Callout>
                <Callout tone=Tone::Warn title="Deprecated since 2026-09"><p>"Use the new call before 31 March 2027."</p></Callout>
                <Callout tone=Tone::Bad title="The key was not made">
                    <p>"The name is already used in this app. Choose another."</p>
                    <div class="actions"><Button size=Size::Small>"Choose another name"</Button></div>
                </Callout>
                <Callout tone=Tone::Plan title="Changes on 12 January 2027"><p>"The telephone number becomes required."</p></Callout>
            </div>
            <div class="flow tight gap-above">
                <Verdict is=Condition::Ok title="Safe to publish">"All 42 operations were read."</Verdict>
                <Verdict is=Condition::Warn title="Published with gaps">"Two references lead nowhere; their pages say so."</Verdict>
                <Verdict is=Condition::Bad title="Not an API document">"Nothing was stored."</Verdict>
            </div>
        </Section>
        <Section title="Findings and differences">
            <div class="split">
                <Findings findings=vec![
                    Finding {
                        gravity: Condition::Bad,
                        message: "The document ends in the middle of an object.".into(),
                        pointer: None,
                        place: Some((812, 1)),
                    },
                    Finding {
                        gravity: Condition::Warn,
                        message: "The reference leads nowhere. The page shows it as unresolved.".into(),
                        pointer: Some("/paths/~1shipments/post/requestBody".into()),
                        place: Some((214, 15)),
                    },
                    Finding {
                        gravity: Condition::None,
                        message: "The operation has no example; one is made from its schema.".into(),
                        pointer: Some("/paths/~1labels/get".into()),
                        place: None,
                    },
                ]/>
                <Diff changes=vec![
                    Change { field: "name".into(), before: Some("Checkout".into()), after: Some("Checkout staging".into()) },
                    Change { field: "support".into(), before: None, after: Some("help@larkfield.example".into()) },
                    Change { field: "tagline".into(), before: Some(before), after: None },
                ]/>
                <Delta items=vec![
                    DeltaItem {
                        kind: DeltaKind::Removed,
                        method: Some("GET".into()),
                        name: "/labels".into(),
                        details: Vec::new(),
                    },
                    DeltaItem {
                        kind: DeltaKind::Changed,
                        method: Some("POST".into()),
                        name: "/shipments".into(),
                        details: vec!["parameter query draft added".into(), "body changed".into()],
                    },
                    DeltaItem { kind: DeltaKind::Added, method: None, name: "Address".into(), details: Vec::new() },
                ]/>
            </div>
        </Section>
    }
}

#[component]
pub(super) fn Regions(now: OffsetDateTime) -> impl IntoView {
    let footer = view! { <span>"Shown once"</span><Button state=ButtonState::Disabled>"Finish"</Button> }.into_any();
    let copy = || view! { <Button kind=ButtonKind::Primary size=Size::Small icon=Glyph::Copy>"Copy secret"</Button> };
    view! {
        <Section title="Panels, facts, secrets">
            <div class="split">
                <Panel title="Your new secret" aside=view! { <Badge tone=Tone::Warn icon=Glyph::Eye>"Shown once"</Badge> }.into_any() footer>
                    <p class="soft">"Copy it into your secret store now. We keep only a fingerprint."</p>
                    <Secret value="vst_sandbox_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17" copy=copy().into_any()/>
                </Panel>
                <Panel title="Checkout staging">
                    <Facts layout=FactsLayout::Rows>
                        <Fact term="Last used"><Time at=now - Duration::minutes(3) now/></Fact>
                        <Fact term="Made"><Time at=now - Duration::days(200) now clock=Clock::Exact/></Fact>
                        <Fact term="Ends">"no end"</Fact>
                    </Facts>
                    <Progress label="6 of 8 points done" done=6 of=8 rest="2 left"/>
                </Panel>
            </div>
            <div class="gap-above">
                <Facts>
                    <Fact term="Key"><span class="mono">"key_01kaj7w2c9"</span></Fact>
                    <Fact term="Scopes">"shipments:write, labels:read"</Fact>
                    <Fact term="Calls, 24 hours">"1,491"</Fact>
                </Facts>
            </div>
        </Section>
    }
}

#[component]
pub(super) fn Tables(now: OffsetDateTime) -> impl IntoView {
    let columns =
        || vec![Column::text("Key"), Column::text("State"), Column::text("Last used"), Column::number("Calls")];
    let rows = move || {
        view! {
            <tr>
                <Cell label="Key"><a href="#brand">"Checkout staging"</a><small>"vst_sandbox_…Lq17"</small></Cell>
                <Cell label="State"><StateLabel is=Condition::Ok>"Live"</StateLabel></Cell>
                <Cell label="Last used"><Time at=now - Duration::minutes(3) now/></Cell>
                <Cell label="Calls" align=Align::Number>"1,796"</Cell>
            </tr>
            <tr>
                <Cell label="Key">"Old till"</Cell>
                <Cell label="State"><StateLabel is=Condition::None>"Never used"</StateLabel></Cell>
                <Cell label="Last used">"–"</Cell>
                <Cell label="Calls" align=Align::Number>"0"</Cell>
            </tr>
        }
    };
    let inside =
        view! { <Table label="Keys, in a panel" columns=columns() shape=Shape::Scroll>{rows()}</Table> }.into_any();
    view! {
        <Section title="Tables">
            <Table label="Keys" columns=columns()>{rows()}</Table>
            <div class="gap-above"><Panel title="In a panel" flush=inside/></div>
        </Section>
    }
}

#[component]
pub(super) fn CodeAndTabs() -> impl IntoView {
    let copy = || view! { <IconButton glyph=Glyph::Copy label="Copy the request"/> }.into_any();
    let curl = view! {
        <pre tabindex="0"><code>
            <span class="n">"curl"</span>" https://api.example.com/v1/ping "<span class="w">"-H"</span>" "
            <span class="s">"\"Authorization: Bearer "<span class="hole">"$SANDBOX_KEY"</span>"\""</span>
        </code></pre>
    };
    let python = view! { <pre tabindex="0"><code>"pong = ping()  "<span class="c">"# a comment"</span></code></pre> };
    view! {
        <Section title="Code and tabs">
            <div class="split">
                <div class="code">
                    <Tabs name="guide" label="Language" tool=copy() tabs=vec![Tab::new("curl", curl), Tab::new("Python", python)]/>
                </div>
                <Code title="Answer" copy=copy() footer="201 in 184 ms">
                    "{ "<span class="n">"\"name\""</span>": "<span class="s">"\"Ines\""</span>", "
                    <span class="n">"\"weight_grams\""</span>": "<span class="d">"840"</span>" }"
                </Code>
            </div>
        </Section>
    }
}

#[component]
pub(super) fn Schemas() -> impl IntoView {
    let services = vec![
        Value { value: "standard".into(), meaning: "2 to 3 working days".into() },
        Value { value: "express".into(), meaning: "Next working day before noon".into() },
    ];
    let limits = || vec!["1 to 64 characters".into_any(), view! { "pattern "<code>"^[\\w.-]+$"</code> }.into_any()];
    view! {
        <Section title="Properties">
            <Props>
                <Prop name="reference" kind="string" need=Need::Required>
                    <p>"Your own name for this shipment."</p>
                    <Limits limits=limits()/>
                </Prop>
                <Prop name="service" kind="enum" need=Need::Required><Values values=services/></Prop>
                <Prop name="recipient" kind="object · Address" need=Need::Required>
                    <Fold summary="Address, 2 properties" starts=Opening::Open>
                        <Props>
                            <Prop name="name" kind="string" need=Need::Required><p>"As printed on the label."</p></Prop>
                            <Prop name="phone" kind="string" need=Need::Optional/>
                        </Props>
                    </Fold>
                </Prop>
                <Prop name="insured_value" kind="number" need=Need::Optional life=PropLife::Deprecated/>
            </Props>
        </Section>
    }
}

#[component]
pub(super) fn Ways() -> impl IntoView {
    view! {
        <Section title="Ways: trail, sections, neighbours, steps">
            <div class="flow tight">
                <Crumbs trail=vec![Link::new("#brand", "Parcels API"), Link::new("#brand", "Shipments")]/>
                <Jump sections=vec![Link::new("#brand", "Authentication"), Link::new("#brand", "Responses")]/>
                <Pager before=Some(Link::new("#brand", "List shipments")) after=Some(Link::new("#brand", "Get a shipment"))/>
                <Steps>
                    <Step title="Make an account" state=StepState::Done><p>"With your work e-mail."</p></Step>
                    <Step title="Get a sandbox key"><p>"It is shown once."</p></Step>
                </Steps>
            </div>
        </Section>
    }
}

#[component]
pub(super) fn Dialogs() -> impl IntoView {
    view! {
        <Section title="Empty list, question, failure">
            <div class="split">
                <Empty icon=Glyph::Key title="No keys yet" text="A sandbox key lets one of your systems call the API with made-up data.">
                    <Button kind=ButtonKind::Primary icon=Glyph::Plus>"Make a sandbox key"</Button>
                </Empty>
                <Failure status=404 title="There is no such page" text="The address may be mistyped." request_id="req_01kaj8f9m0c2">
                    <LinkButton href="/docs">"Open the documentation"</LinkButton>
                </Failure>
                <Confirm
                    id="guide-revoke"
                    action="#"
                    opens_with="Revoke key…"
                    title="Revoke the key Checkout staging?"
                    name="Checkout staging"
                    yes="Revoke key"
                    no="Keep the key"
                >
                    <p class="soft">"Calls with it stop within a second. This cannot be undone."</p>
                </Confirm>
            </div>
        </Section>
    }
}

#[component]
pub(super) fn Charts() -> impl IntoView {
    const LOOKS: [(&str, Look, f64); 5] = [
        ("2xx", Look::Ok, 9.0),
        ("3xx", Look::Plan, 1.0),
        ("4xx", Look::Warn, 3.0),
        ("429", Look::None, 2.0),
        ("5xx", Look::Bad, 1.0),
    ];
    let hours = || (0..24).map(|hour| format!("18 Nov, {hour:02}:00")).collect::<Vec<_>>();
    let wave = |most: f64, hour: usize| (most * (1.0 + (hour as f64 / 4.0).sin()) * 60.0).round();
    let bars = LOOKS.map(|(label, look, most)| Series {
        label: label.to_owned(),
        look,
        values: (0..24).map(|hour| Some(wave(most, hour))).collect(),
    });
    let lines =
        [("p50", Look::Accent, 0.05), ("p95", Look::Warn, 0.2), ("p99", Look::Bad, 0.4)].map(|(label, look, most)| {
            let value = |hour: usize| (!(10..13).contains(&hour)).then(|| wave(most, hour) + 4.0);
            Series { label: label.to_owned(), look, values: (0..24).map(value).collect() }
        });
    view! {
        <Section title="Charts">
            <div class="flow">
                <BarChart data=ChartData {
                    id: "sample-bars".into(),
                    title: "Calls by class".into(),
                    description: "Calls of 24 hours, most of them answered.".into(),
                    head: "Hour (UTC)".into(),
                    labels: hours(),
                    series: bars.into(),
                    unit: Unit::Count,
                }/>
                <LineChart data=ChartData {
                    id: "sample-lines".into(),
                    title: "Time taken".into(),
                    description: "Half of the calls took less than 8 ms; there were none from 10 to 13 o'clock.".into(),
                    head: "Hour (UTC)".into(),
                    labels: hours(),
                    series: lines.into(),
                    unit: Unit::Milliseconds,
                }/>
            </div>
        </Section>
    }
}
