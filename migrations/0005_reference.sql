-- The APIs that the portal shows, each in versions, each from an OpenAPI document whose bytes are kept as they came.

create table api (
    id              uuid        primary key,
    slug            text        not null constraint api_slug_unique unique
                                constraint api_slug_form check (slug ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$'),
    name            text        not null,
    summary         text        not null default '',
    created_at      timestamptz not null default now()
);

create table api_version (
    id              uuid        primary key,
    api_id          uuid        not null references api on delete cascade,
    name            text        not null
                                constraint api_version_name_form check (name ~ '^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$'),
    state           text        not null default 'stable'
                                constraint api_version_state_known check (state in ('beta', 'stable', 'deprecated', 'retired')),
    sunset_on       date        null,
    file_name       text        not null,
    document        bytea       not null,
    sha256          bytea       not null,
    -- What was read and what was doubtful, as the administrator saw it at import.
    reading         jsonb       not null,
    imported_at     timestamptz not null default now(),
    imported_by     text        not null,
    published_at    timestamptz null,
    constraint api_version_name_unique unique (api_id, name)
);

-- What is published does not change: a correction is a new version.
create function api_version_immutable() returns trigger language plpgsql as $$
begin
    if old.published_at is not null and (new.document <> old.document or new.name <> old.name) then
        raise exception 'a published version is immutable';
    end if;
    return new;
end $$;
create trigger api_version_immutable before update on api_version for each row execute function api_version_immutable();

create function catalogue_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('catalogue', '');
    return null;
end $$;
create trigger api_changed after insert or update or delete on api for each statement execute function catalogue_changed();
create trigger api_version_changed after insert or update or delete on api_version for each statement execute function catalogue_changed();
