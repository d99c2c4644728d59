-- What partners called: the newest calls of each organization whole, and counts of all of them.

-- A call with its answer. Keys and other secrets are taken out before anything is written here. Each organization keeps
-- its newest thousand.
create table sandbox_call (
    id              uuid        primary key,
    organization_id uuid        not null references organization on delete cascade,
    app_id          uuid        not null,
    key_id          uuid        null,
    at              timestamptz not null,
    request_id      text        not null,
    address         text        not null,
    api             text        not null,
    version         text        not null,
    operation       text        null,
    method          text        not null,
    path            text        not null,
    query           text        not null,
    status          smallint    not null,
    code            text        null,
    took_us         bigint      not null,
    ending          text        not null constraint sandbox_call_ending_known
                                check (ending in ('complete', 'hung_up', 'broken')),
    -- Pairs of name and value, in their order.
    request_headers  jsonb      not null,
    -- Null where there is none, or where it is no text.
    request_body     text       null,
    request_size     bigint     not null,
    response_headers jsonb      not null,
    response_body    text       null,
    response_size    bigint     not null
);
create index sandbox_call_newest on sandbox_call (organization_id, id desc);

-- Calls by the hour. A call without a key has the nil UUID, and one that means no operation (or no API that there is)
-- has empty names, so that the primary key can name them.
create table usage_count (
    hour            timestamptz not null,
    organization_id uuid        not null,
    app_id          uuid        not null,
    key_id          uuid        not null,
    api             text        not null,
    version         text        not null,
    operation       text        not null,
    class           text        not null constraint usage_count_class_known
                                check (class in ('2xx', '3xx', '4xx', '429', '5xx')),
    calls           bigint      not null,
    -- How many calls took how long: see `usage/latency.rs` for the bounds. Zeros at the end are left out.
    latency         bigint[]    not null,
    primary key (hour, organization_id, app_id, key_id, api, version, operation, class)
) partition by range (hour);
create index usage_count_of_organization on usage_count (organization_id, hour);

-- Makes the partition of the month that a moment is in. Instances that do it at the same time wait for each other.
create function usage_make_partition(moment timestamptz) returns void language plpgsql as $$
declare
    first timestamptz := date_trunc('month', moment, 'UTC');
    past  timestamptz := date_trunc('month', first + interval '32 days', 'UTC');
    name  text        := 'usage_count_' || to_char(first at time zone 'UTC', 'YYYY_MM');
begin
    if to_regclass(name) is not null then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtext('usage_count'));
    execute format(
        'create table if not exists %I partition of usage_count for values from (%L) to (%L)',
        name, to_char(first at time zone 'UTC', 'YYYY-MM-DD') || ' 00:00:00+00',
        to_char(past at time zone 'UTC', 'YYYY-MM-DD') || ' 00:00:00+00'
    );
end $$;

-- Drops the partitions of the months that were over before a moment, and says how many there were.
create function usage_drop_partitions(before timestamptz) returns bigint language plpgsql as $$
declare
    oldest  text   := 'usage_count_' || to_char(before at time zone 'UTC', 'YYYY_MM');
    dropped bigint := 0;
    name    text;
begin
    perform pg_advisory_xact_lock(hashtext('usage_count'));
    for name in
        select c.relname::text from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'usage_count'::regclass and c.relname::text < oldest
    loop
        execute format('drop table %I', name);
        dropped := dropped + 1;
    end loop;
    return dropped;
end $$;
