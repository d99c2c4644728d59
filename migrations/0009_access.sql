-- Who may see an API, and the revisions of what was published.

alter table api add column visibility text not null default 'public'
    constraint api_visibility_known check (visibility in ('public', 'partners', 'organizations'));

-- For whom an API is that is for named organizations. The names stay when it is opened to more, so that closing it again is one step.
create table api_organization (
    api_id          uuid        not null references api on delete cascade,
    organization_id uuid        not null references organization on delete cascade,
    created_at      timestamptz not null default now(),
    primary key (api_id, organization_id)
);
create index api_organization_organization on api_organization (organization_id);
create trigger api_organization_changed after insert or update or delete on api_organization
    for each statement execute function catalogue_changed();

-- A version's document, each time that it was given another. At most one revision of a version waits to be published.
create table api_revision (
    version_id      uuid        not null references api_version on delete cascade,
    number          integer     not null constraint api_revision_number_positive check (number > 0),
    file_name       text        not null,
    document        bytea       not null,
    sha256          bytea       not null,
    -- What was read and what was doubtful, as the administrator saw it at import.
    reading         jsonb       not null,
    imported_at     timestamptz not null default now(),
    imported_by     text        not null,
    -- Why what was published is corrected.
    note            text        not null default '',
    published_at    timestamptz null,
    published_by    text        null,
    primary key (version_id, number),
    constraint api_revision_correction_explained check (number = 1 or published_at is null or note <> '')
);
create unique index api_revision_one_draft on api_revision (version_id) where published_at is null;

insert into api_revision (version_id, number, file_name, document, sha256, reading, imported_at, imported_by, published_at)
select id, 1, file_name, document, sha256, reading, imported_at, imported_by, published_at from api_version;

-- The first publication stays on the version; the revision is the one that counts now, or the draft where nothing is published.
drop trigger api_version_immutable on api_version;
alter table api_version
    drop column file_name,
    drop column document,
    drop column sha256,
    drop column reading,
    drop column imported_at,
    drop column imported_by,
    add column revision integer not null default 1,
    add constraint api_version_revision_there foreign key (id, revision) references api_revision (version_id, number)
        deferrable initially deferred;

-- What was published stays as it was: it is neither changed nor removed, and what counts only moves on.
create or replace function api_version_immutable() returns trigger language plpgsql as $$
begin
    if old.published_at is null then
        return new;
    end if;
    if new.name <> old.name or new.api_id <> old.api_id or new.published_at is distinct from old.published_at then
        raise exception 'a published version is immutable';
    end if;
    if new.revision < old.revision or not exists (
        select from api_revision where version_id = new.id and number = new.revision and published_at is not null
    ) then
        raise exception 'a published version only moves on to a published revision';
    end if;
    return new;
end $$;
create trigger api_version_immutable before update on api_version for each row execute function api_version_immutable();

create function api_revision_immutable() returns trigger language plpgsql as $$
begin
    if old.published_at is not null then
        raise exception 'a published revision is immutable';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger api_revision_immutable before update or delete on api_revision
    for each row execute function api_revision_immutable();
create trigger api_revision_changed after insert or update or delete on api_revision
    for each statement execute function catalogue_changed();
