-- What a partner calls the API with.

create table app (
    id              uuid        primary key,
    organization_id uuid        not null references organization on delete cascade,
    name            text        not null,
    created_at      timestamptz not null default now(),
    deleted_at      timestamptz null
);
create unique index app_name_unique on app (organization_id, lower(name)) where deleted_at is null;

-- A key is a stable id that a partner names and scopes; the secrets that prove it come and go.
create table api_key (
    id              uuid        primary key,
    app_id          uuid        not null references app on delete cascade,
    environment     text        not null constraint api_key_environment_known check (environment in ('sandbox', 'production')),
    name            text        not null,
    scopes          text[]      not null,
    created_by      text        not null,
    created_at      timestamptz not null default now(),
    expires_at      timestamptz null,
    disabled_at     timestamptz null,
    revoked_at      timestamptz null
);
create unique index api_key_name_unique on api_key (app_id, lower(name)) where revoked_at is null;

-- The secret itself is nowhere: only its MAC, and four characters for people to recognize it by.
create table api_key_secret (
    id              uuid        primary key,
    key_id          uuid        not null references api_key on delete cascade,
    mac             bytea       not null constraint api_key_secret_mac_unique unique,
    last_four       text        not null,
    created_at      timestamptz not null default now(),
    -- Set when a newer secret takes over; checked at every use, not by a sweeper.
    ends_at         timestamptz null,
    first_used_at   timestamptz null,
    last_used_at    timestamptz null,
    last_used_from  text        null
);
create index api_key_secret_key on api_key_secret (key_id, created_at desc);

-- Every instance keeps verified keys in memory; this tells all of them to forget one.
create function api_key_changed() returns trigger language plpgsql as $$
begin
    if tg_table_name = 'app' or tg_table_name = 'organization' then
        perform pg_notify('api_key', '*');
    elsif tg_table_name = 'api_key_secret' then
        perform pg_notify('api_key', coalesce(new.key_id, old.key_id)::text);
    else
        perform pg_notify('api_key', coalesce(new.id, old.id)::text);
    end if;
    return null;
end $$;
create trigger api_key_changed after update or delete on api_key for each row execute function api_key_changed();
create trigger api_key_secret_changed after update of ends_at or delete on api_key_secret for each row execute function api_key_changed();
create trigger app_changed after update of deleted_at on app for each row execute function api_key_changed();
create trigger organization_changed after update of suspended_at on organization for each row execute function api_key_changed();
