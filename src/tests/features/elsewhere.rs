//! What the other pages show.

use super::Row;

/// On other pages, in both documents.
pub const ELSEWHERE: &[(&str, Row)] = &[
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
