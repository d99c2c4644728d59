//! Every feature of OpenAPI that the reference promises, shown on the page of one operation of a document of our own.

use std::path::Path;

use axum::http::StatusCode;
use sqlx::PgPool;
use vestibule::{
    audit::Actor,
    reference::{ImportRequest, import},
};

use crate::{html::Page, portal::TestPortal};

/// A feature, the element whose words show it (empty for the whole page), and the words.
type Row = (&'static str, &'static str, &'static [&'static str]);

const OPERATION: &str = "operations/createBooking";

/// On the page of `createBooking`, in both documents.
const FEATURES: &[Row] = &[
    ("summary", "main", &["Create a booking"]),
    ("description: emphasis and struck-out text", "main", &["The price is fixed for ten twenty minutes."]),
    ("description: headings", "about-steps", &["Steps"]),
    ("description: tasks", "main", &["☑ Ask for a quote", "☐ Confirm it"]),
    ("description: tables", "main", &["Deck Vehicles A no B yes"]),
    ("description: HTML of the author", "main", &["Older clients", "They send"]),
    ("description: links elsewhere", "main", &["Read on: How to book"]),
    ("method and path", "main", &["POST /ports/{port}/sailings/{sailing}/decks/{deck}/bookings"]),
    (
        "deprecation and end",
        "main",
        &["This operation is deprecated and ends on 30 June 2027", "Use createBookingOffer."],
    ),
    (
        "authentication: scopes",
        "auth",
        &["OAuth 2", "bookings:write Make and cancel bookings", "sailings:read See sailings"],
    ),
    ("authentication: several together", "auth", &["All of these together"]),
    ("authentication: any of several", "auth", &["Any one of these will do.", "Bearer token (JWT)"]),
    ("authentication: none of them", "auth", &["It can also be called without."]),
    ("parameters of the path item", "path.port", &["port enum Required", "The port of departure."]),
    ("path style label", "path.sailing", &["with a dot before it"]),
    ("pattern", "path.sailing", &[r"pattern ^\d{8}-\d{4}$"]),
    ("example of a schema", "path.sailing", &["example 20270501-0830"]),
    (
        "path style matrix",
        "path.deck",
        &["array of enum Required", "as ;deck=…;deck=…", "A B C", "no item twice", "at least 1 item"],
    ),
    ("query style form, not exploded", "query.fields", &["separated by commas", "array of string"]),
    ("default", "query.fields", &[r#"default ["id","status"]"#]),
    (
        "query style form, exploded",
        "query.tags",
        &["repeat the parameter for several", "each up to 20 characters", "up to 5 items"],
    ),
    ("deepObject", "query.filter", &["each member as filter[member]", "carrier string", "cabin boolean"]),
    ("pipeDelimited", "query.seats", &["separated by |", "array of integer"]),
    ("spaceDelimited", "query.notes", &["separated by spaces"]),
    ("parameter with a content type", "query.where", &["written as application/json", "object · Search"]),
    ("recursion is expanded on demand", "query.where", &["and array of Search Search, 2 properties, as above"]),
    ("allowReserved", "query.return_to", &["reserved characters are sent as they are", "string · uri"]),
    ("deprecated parameter", "query.currency", &["Deprecated", "exactly 3 characters", "default EUR"]),
    (
        "named examples of a parameter",
        "query.quote",
        &["2 examples", "6f1d2a34-9b1c-4d0e-8a65-0d5f0a3c1b22 A quote of spring"],
    ),
    ("header parameter", "headers.Idempotency-Key", &["string Required", "up to 64 characters"]),
    ("header style simple, exploded", "headers.X-Channel", &["written as name=value, separated by commas"]),
    (
        "cookie parameter",
        "cookies.desk",
        &["integer", "The desk of the agent.", "more than 0", "a multiple of 10", "example 40"],
    ),
    (
        "body per content type",
        "body",
        &[
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "text/plain",
            "application/pdf",
        ],
    ),
    ("body: description", "body", &["The booking, in one of several forms."]),
    (
        "body: named examples",
        "body",
        &["3 examples", "Two people on foot", "Nobody brings a vehicle.", "A lorry", "LORRY-7"],
    ),
    ("body: example elsewhere", "body", &["The example is at https://ferries.example/examples/large.json"]),
    ("body: form", "body-application-x-www-form-urlencoded.decks", &["separated by spaces"]),
    ("body: parts as JSON", "body-multipart-form-data.booking", &["sent as application/json", "Required"]),
    (
        "body: file parts",
        "body-multipart-form-data.passport",
        &["file", "sent as image/png, image/jpeg", "A scan of the passport."],
    ),
    (
        "body: headers of parts",
        "body-multipart-form-data.passport",
        &["1 header of the part", "X-Checksum string Required SHA-256 of the file."],
    ),
    ("body: several files", "body-multipart-form-data.waivers", &["array of file"]),
    ("body: text", "body", &["string up to 500 characters"]),
    ("allOf is merged", "body.reference", &["reference string Required", "The partner's own reference."]),
    (
        "constraints of a list",
        "body.passengers",
        &["1 to 9 items", "array of Party Required", "name string Required As in the passport. 1 to 80 characters"],
    ),
    ("objects inside of objects", "body.vehicle.length", &["In metres.", "more than 0", "up to 20"]),
    (
        "oneOf as choices with discriminator",
        "body.payment",
        &[
            "CardPayment or InvoicePayment",
            "One of these, told apart by kind",
            "card object · CardPayment",
            "invoice object · InvoicePayment",
        ],
    ),
    ("writeOnly in requests", "body.secret", &["Asked for at check-in.", "write only"]),
    (
        "enum with descriptions and names",
        "body.class",
        &["deck OnDeck: Under the sky", "cabin InCabin: With a door", "default deck"],
    ),
    ("deprecated property", "body.berths", &["Deprecated", "Use cabins."]),
    ("oneOf of plain values", "body.luggage", &["integer or enum", "One of these"]),
    ("nullable", "body.remark", &["string or null"]),
    ("map with shaped values", "body.extras", &["map of boolean"]),
    ("map", "body.labels", &["map of string", "1 to 10 keys", "each up to 40 characters"]),
    ("not", "body.address", &["not: po_box is there"]),
    ("no other properties", "body.address", &["no other names"]),
    (
        "schema that refers to itself",
        "body.itinerary",
        &["object · Leg", "next object · Leg A part of the way. Leg, 2 properties, as above"],
    ),
    (
        "enumeration of a reference",
        "body.itinerary.from",
        &["LIS Lisbon: Doca de Alcântara", "CAD Cádiz: Dársena comercial"],
    ),
    (
        "responses by status",
        "responses",
        &["201 Created", "409 Conflict", "429 Too Many Requests", "4XX Client error", "default Any other"],
    ),
    ("headers of a response", "201.header.Location", &["string · uri-reference Required", "Where the booking is."]),
    ("example of a header", "201.header.X-RateLimit-Remaining", &["example 58"]),
    ("several content types of a response", "responses", &["application/json", "text/csv"]),
    ("named examples of a response", "responses", &["2 examples Made", "On the waiting list"]),
    ("readOnly in responses", "201.id", &["id string Required example bkg_1 read only"]),
    ("enum with listed descriptions", "201.status", &["held Held for twenty minutes", "waiting On the waiting list"]),
    ("anyOf", "201.gate", &["string or integer", "Where to board."]),
    (
        "links by operationId",
        "responses",
        &["3 next calls POST Cancel a booking Give the place back. id id in the body of this answer"],
    ),
    ("links by reference", "responses", &["GET List ports limit 10"]),
    (
        "links into another document",
        "responses",
        &[
            "invoice https://invoices.ferries.example/openapi.json#/paths/~1invoices/post",
            "body the body of this answer",
            "at https://invoices.ferries.example",
        ],
    ),
    ("errors with their codes", "errors", &["sailing_full 409 · do not repeat The sailing is full", "check_in_closed"]),
    (
        "callbacks",
        "callback.bookingChanged",
        &["POST {$request.body#/notify_url}", "A booking changed Sent within a minute of the change."],
    ),
    ("callbacks: parameters", "callback.bookingChanged.headers.X-Signature", &["string Required HMAC of the body."]),
    ("callbacks: body", "callback.bookingChanged.body.booking_id", &["string Required"]),
    ("callbacks: answers", "callback.bookingChanged", &["204 No Content Taken.", "410 Gone Send no more of these."]),
    ("previous and next", "main", &["List ports", "Cancel a booking"]),
];

/// On the same page, in the document of 3.1.
const LATER: &[Row] = &[
    ("mutual TLS", "auth", &["Client certificate"]),
    ("const", "body.kind", &["kind string always ferry"]),
    ("oneOf of constants as an enumeration", "path.port", &["enum Required", "LIS Lisbon: Doca de Alcântara"]),
    ("type arrays", "body.remark", &["string or null For the crew."]),
    ("content in a text", "body.photo", &["encoded as base64", "contains image/jpeg"]),
    ("files by content type", "body-multipart-form-data.passport", &["file · image/png"]),
    ("a body of bytes", "body", &["A file: its bytes as they are."]),
    (
        "prefixItems",
        "201.position",
        &["list of number, number", "[0] number Latitude -90 to 90", "[1] number Longitude", "no further items"],
    ),
    ("patternProperties", "body.extras", &["names that match integer", "^meal_", "up to 9", "any other name boolean"]),
    ("propertyNames", "body.extras", &["each name: up to 20 characters, pattern ^[a-z_]+$"]),
    ("contains", "body.passengers", &["at least one item where adult is true"]),
    ("if and then", "body.address", &["When country is PT: postcode is there"]),
    ("else", "body.address.region", &["Outside of Portugal."]),
    ("dependentRequired", "body.address", &["with card also cvc"]),
    ("dependentSchemas", "body.address.holder", &["As on the card."]),
    ("unevaluatedProperties", "body.address", &["no other names"]),
];

/// On other pages, in both documents.
const ELSEWHERE: &[(&str, Row)] = &[
    (
        "",
        (
            "servers with variables",
            "servers",
            &[
                "https://{region}.ferries.example/{basePath}",
                "{region} eu, or us: Where the data stays",
                "{basePath} v3",
                "For tests",
            ],
        ),
    ),
    ("", ("API key in a header", "authentication", &["API key partnerKey Send X-Partner-Key: <key>."])),
    ("", ("API key in the query", "authentication", &["Add key=<key> to the query."])),
    ("", ("API key in a cookie", "authentication", &["Send the cookie ferry_session."])),
    ("", ("HTTP authentication", "authentication", &["Bearer token (JWT)", "Basic authentication", "HTTP digest"])),
    (
        "",
        (
            "OpenID Connect",
            "authentication",
            &["It is described at https://id.ferries.example/.well-known/openid-configuration"],
        ),
    ),
    (
        "",
        (
            "OAuth flows",
            "authentication",
            &[
                "With a user's consent (authorization code) Ask for consent at https://id.ferries.example/authorize",
                "Renew them at https://id.ferries.example/refresh",
                "Between machines (client credentials)",
                "Tokens in the redirect",
                "With a user's password",
            ],
        ),
    ),
    ("", ("scopes", "authentication", &["bookings:write Make and cancel bookings"])),
    ("", ("errors in common", "errors", &["409, 429, 4XX", "application/problem+json"])),
    (
        "",
        (
            "rate limits",
            "rate-limits",
            &["2 operations answer 429", "Retry-After Seconds to wait.", "X-RateLimit-Remaining"],
        ),
    ),
    (
        "",
        (
            "pages of results",
            "pagination",
            &[
                "cursor Where to go on.",
                "limit How many at once.",
                "Link The next page",
                "next_cursor The cursor of the next page.",
            ],
        ),
    ),
    ("", ("groups of tags", "side", &["Trips", "Office"])),
    ("", ("tags", "operations", &["Everything about a booking.", "Read on: Booking rules"])),
    (
        "",
        (
            "contact, licence, terms",
            "main",
            &["Partner desk", "Apache 2.0", "Terms of service", "The partner handbook"],
        ),
    ),
    ("", ("webhooks", "webhooks", &["sailingCancelled A sailing was cancelled"])),
    (
        "/schemas/Report",
        ("discriminator without choices", "main", &["Its kinds, told apart by type", "delay is DelayReport"]),
    ),
    (
        "/schemas/Payment",
        (
            "choices on a schema's page",
            "properties",
            &["card object · CardPayment CardPayment, 2 properties", "token string Required"],
        ),
    ),
    ("/schemas/BookingRequest", ("external documentation of a schema", "main", &["Read on: What can be booked"])),
    (
        "/webhooks/sailingCancelled",
        ("a webhook's payload and answers", "main", &["Payload", "type string Required", "204 No Content Taken."]),
    ),
    ("/errors", ("the catalogue of errors", "main", &["sailing_full", "The sailing is full"])),
    ("/operations/listReports", ("no authentication", "auth", &["None is documented."])),
    (
        "/properties?at=%2Fcomponents%2Fschemas%2FSearch",
        ("what is expanded on demand, as a page", "properties", &["text string", "and array of Search"]),
    ),
];

async fn ferries(db: PgPool, file: &str) -> TestPortal {
    let portal = TestPortal::new(db).await;
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/documents").join(file)).unwrap();
    let request = ImportRequest {
        slug: "ferries".into(),
        file_name: file.into(),
        bytes,
        publish: true,
        ..ImportRequest::default()
    };
    let report = import(&portal.portal.db, &Actor::system("test"), request).await.unwrap();
    assert_eq!(report.reading.doubts, [], "the document has no doubtful part");
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    portal
}

async fn check(portal: &TestPortal, path: &str, rows: &[Row]) {
    let answer = portal.visitor().get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    let page = Page::parse(&answer.body);
    assert_eq!(page.faults(), [""; 0], "{path}");
    let mut missing = Vec::new();
    for (feature, id, words) in rows {
        let shown = if id.is_empty() { page.words() } else { page.words_of(id).unwrap_or_default() };
        for words in words.iter().filter(|words| !shown.contains(**words)) {
            let shown: String = shown.chars().take(600).collect();
            missing.push(format!("{feature}: #{id} does not say {words:?} but {shown:?}"));
        }
    }
    assert!(missing.is_empty(), "{path}\n{}", missing.join("\n"));
}

#[sqlx::test]
async fn every_feature_of_3_0_is_shown_on_one_page(db: PgPool) {
    let portal = ferries(db, "features-3.0.yaml").await;
    check(&portal, &format!("/docs/ferries/3.0/{OPERATION}"), FEATURES).await;
    for (path, row) in ELSEWHERE {
        check(&portal, &format!("/docs/ferries/3.0{path}"), &[*row]).await;
    }
}

#[sqlx::test]
async fn every_feature_of_3_1_is_shown_on_one_page(db: PgPool) {
    let portal = ferries(db, "features-3.1.yaml").await;
    let rows: Vec<Row> = FEATURES.iter().chain(LATER).copied().collect();
    check(&portal, &format!("/docs/ferries/3.1/{OPERATION}"), &rows).await;
    for (path, row) in ELSEWHERE {
        check(&portal, &format!("/docs/ferries/3.1{path}"), &[*row]).await;
    }
}

#[sqlx::test]
async fn what_does_not_travel_is_hidden(db: PgPool) {
    let portal = ferries(db, "features-3.1.yaml").await;
    let page = Page::parse(&portal.visitor().get(&format!("/docs/ferries/3.1/{OPERATION}")).await.body);
    assert!(page.words_of("body.booked_at").is_none(), "a read-only property is not in a request");
    assert!(page.words_of("201.secret").is_none(), "a write-only property is not in a response");
    assert!(page.words_of("201.booked_at").is_some() && page.words_of("body.secret").is_some());
}

#[sqlx::test]
async fn what_a_page_has_no_room_for_is_fetched_as_a_list(db: PgPool) {
    let portal = ferries(db, "features-3.1.yaml").await;
    let page = Page::parse(&portal.visitor().get(&format!("/docs/ferries/3.1/{OPERATION}")).await.body);
    let sources = page.values("details", "data-source");
    assert!(!sources.is_empty());
    for source in sources {
        let list = portal.visitor().get(source).await;
        assert_eq!(list.status, StatusCode::OK, "{source}");
        assert!(list.body.contains("class=\"props\"") && !list.body.contains("<html"), "{}", list.body);
        assert_eq!(Page::parse_body(&list.body).faults(), [""; 0], "{source}");
        assert!(!list.body.contains(" id="), "a fetched list brings no ids that the page may have");
    }
    for nowhere in ["/nowhere", "", "x", "/info/title"] {
        let path = format!("/docs/ferries/3.1/properties?at={}", nowhere.replace('/', "%2F"));
        let status = portal.visitor().get(&path).await.status;
        assert!(status == StatusCode::NOT_FOUND || nowhere.is_empty(), "{path} is {status}");
    }
}

#[sqlx::test]
async fn an_older_version_says_so_and_leads_to_the_newest_even_where_an_operation_is_gone(db: PgPool) {
    let portal = ferries(db, "features-3.1.yaml").await;
    let text = "openapi: 3.1.0\ninfo: {title: Ferries, version: '4'}\npaths: {/ports: {get: {operationId: listPorts, responses: {}}}}\n";
    let request = ImportRequest {
        slug: "ferries".into(),
        file_name: "4.yaml".into(),
        bytes: text.into(),
        publish: true,
        ..ImportRequest::default()
    };
    import(&portal.portal.db, &Actor::system("test"), request).await.unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    let kept = portal.visitor().get("/docs/ferries/3.1/operations/listPorts").await.body;
    assert!(
        kept.contains("There is a newer version, 4") && kept.contains("href=\"/docs/ferries/4/operations/listPorts\"")
    );
    let gone = portal.visitor().get(&format!("/docs/ferries/3.1/{OPERATION}")).await.body;
    assert!(gone.contains("This operation is not in 4: go to its overview"), "{gone}");
}
