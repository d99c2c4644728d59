-- What an owner decides about a key, who uses which of its secrets, and what was written to people about their ends.

alter table api_key
    -- Empty: calls may come from everywhere.
    add column allowed_networks cidr[]      not null default '{}',
    -- Calls in a minute; null: as many as the organization's keys may make.
    add column rate_limit       integer     null constraint api_key_rate_limit_positive check (rate_limit > 0),
    -- When the present end was decided.
    add column expiry_set_at    timestamptz null;

alter table organization
    -- Calls in a minute that each of its keys may make; null: what the portal allows everybody.
    add column key_rate_limit   integer     null constraint organization_key_rate_limit_positive check (key_rate_limit > 0);

alter table api_key_secret
    -- Set where a rotation was cancelled, and this secret with it: it never took over from another.
    add column cancelled_at     timestamptz null,
    -- Set where the secret was reported as leaked.
    add column leaked_at        timestamptz null;

drop trigger organization_changed on organization;
create trigger organization_changed after update of suspended_at, key_rate_limit on organization
    for each row execute function api_key_changed();

-- Calls by secret, hour and address. Some addresses of each hour are kept; all others are counted in one row, whose
-- address is empty.
create table api_key_use (
    secret_id       uuid        not null references api_key_secret on delete cascade,
    hour            timestamptz not null,
    address         text        not null,
    calls           bigint      not null,
    first_at        timestamptz not null,
    last_at         timestamptz not null,
    primary key (secret_id, hour, address)
);
create index api_key_use_hour on api_key_use (hour);

-- Which letters about an end were written: at most one row for each stage, with the end that the letter named.
create table api_key_notice (
    key_id          uuid        not null references api_key on delete cascade,
    -- Null: it was about the end of the key itself.
    secret_id       uuid        null references api_key_secret on delete cascade,
    stage           text        not null constraint api_key_notice_stage_known check (stage in ('week', 'day', 'end')),
    ends_at         timestamptz not null,
    told_at         timestamptz not null default now(),
    constraint api_key_notice_unique unique nulls not distinct (key_id, secret_id, stage)
);

-- What has ended before letters were written is not told after the fact.
insert into api_key_notice (key_id, secret_id, stage, ends_at)
select key_id, id, 'end', ends_at from api_key_secret where ends_at <= now()
union all
select id, null, 'end', expires_at from api_key where expires_at <= now();

create index api_key_secret_end on api_key_secret (ends_at) where ends_at is not null;
create index api_key_end on api_key (expires_at) where expires_at is not null;

alter table setting
    -- What happens to a key that somebody reports as leaked.
    add column leaked_keys      text        not null default 'revoke' constraint setting_leaked_keys_known check (leaked_keys in ('revoke', 'end_soon'));
