-- Where an API's document is published by others, and what looking there brought.

create table api_source (
    api_id          uuid        primary key references api on delete cascade,
    url             text        not null constraint api_source_url_form check (url ~ '^https?://' and length(url) <= 2000),
    every           text        null constraint api_source_every_known check (every in ('hourly', 'daily', 'weekly')),
    policy          text        not null default 'draft'
                                constraint api_source_policy_known check (policy in ('draft', 'publish')),
    created_at      timestamptz not null default now(),
    -- What the server said of the document that was taken last, to ask only for a newer one.
    etag            text        null,
    last_modified   text        null,
    last_sha256     bytea       null,
    last_checked_at timestamptz null,
    last_outcome    text        null constraint api_source_outcome_known
                                check (last_outcome in ('unchanged', 'imported', 'published', 'refused', 'failed')),
    last_message    text        null,
    -- The version that the last change became.
    last_version    text        null,
    last_changed_at timestamptz null,
    failures        integer     not null default 0,
    next_check_at   timestamptz null,
    -- Whoever checks now has until then.
    checking_until  timestamptz null
);

create index api_source_due on api_source (next_check_at) where next_check_at is not null;
