-- Tokens for /api/v1, answers kept for repeated writes, and what an administrator sets about the portal.

create table api_token (
    id              uuid        primary key,
    -- Null: a staff token, for the company's own automation.
    organization_id uuid        null references organization on delete cascade,
    name            text        not null,
    scopes          text[]      not null,
    mac             bytea       not null constraint api_token_mac_unique unique,
    last_four       text        not null,
    created_by      text        not null,
    created_at      timestamptz not null default now(),
    last_used_at    timestamptz null,
    revoked_at      timestamptz null
);
create index api_token_organization on api_token (organization_id);

create table idempotency_key (
    token_id        uuid        not null references api_token on delete cascade,
    endpoint        text        not null,
    key             text        not null,
    request_hash    bytea       not null,
    created_at      timestamptz not null default now(),
    -- Sealed: an answer may hold a secret that is shown only once.
    answer          bytea       null,
    answered_at     timestamptz null,
    primary key (token_id, endpoint, key)
);
create index idempotency_key_age on idempotency_key (created_at);

create table setting (
    -- One row: what is set about the portal as a whole.
    single          boolean     primary key default true constraint setting_single check (single),
    portal_name     text        not null default 'Vestibule',
    headline        text        not null default '',
    introduction    text        not null default '',
    accent          text        not null default '#0c6a88' constraint setting_accent_form check (accent ~ '^#[0-9a-f]{6}$'),
    logo_svg        text        null,
    support_email   text        not null default '',
    mail_from       text        not null default '',
    demo_loaded_at  timestamptz null
);
insert into setting default values;

create function setting_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('setting', '');
    return null;
end $$;
create trigger setting_changed after update on setting for each row execute function setting_changed();
