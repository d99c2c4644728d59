-- What can be searched: entries of each published version, of the portal's own API, and of the guides.

-- Typos are forgiven by trigrams. The extension is trusted, so a database's owner may make it; where it is missing all the
-- same, the search takes words as they are written.
do $$ begin
    create extension if not exists pg_trgm;
exception when others then
    raise warning 'searches will not forgive typos: the extension pg_trgm cannot be made: %', sqlerrm;
end $$;

create table search_source (
    id              integer     primary key generated always as identity,
    name            text        not null constraint search_source_name_unique unique,
    version_id      uuid        null references api_version on delete cascade,
    -- How its entries were made, and a fingerprint of what: where both are as they would be now, nothing is to be done.
    format          integer     not null,
    made_of         bytea       not null,
    indexed_at      timestamptz not null default now()
);
create index search_source_version on search_source (version_id);

create table search_entry (
    id              bigint      primary key generated always as identity,
    source_id       integer     not null references search_source on delete cascade,
    kind            text        not null
                                constraint search_entry_kind_known
                                check (kind in ('api', 'operation', 'schema', 'webhook', 'error', 'guide', 'change')),
    -- The same for the same thing in other versions of an API.
    key             text        not null,
    title           text        not null,
    summary         text        not null,
    method          text        null,
    path            text        not null,
    href            text        not null,
    -- Names inside of it, as they are written: parameters, properties, codes.
    names           text[]      not null,
    -- Texts that mean this entry and no other, in lower case.
    exact           text[]      not null,
    words           tsvector    not null
);
create index search_entry_source on search_entry (source_id);
create index search_entry_exact on search_entry using gin (exact);
create index search_entry_words on search_entry using gin (words);

-- Every word of a source once: what a mistyped word may have meant.
create table search_word (
    source_id       integer     not null references search_source on delete cascade,
    word            text        collate "C" not null,
    constraint search_word_once primary key (source_id, word)
);
do $$ begin
    create index search_word_trigrams on search_word using gin (word gin_trgm_ops);
exception when undefined_object then
    null;
end $$;
