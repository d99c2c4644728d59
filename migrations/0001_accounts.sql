-- People, the organizations they belong to, and the sessions in which they act.

create table account (
    id              uuid        primary key,
    email           text        not null,
    name            text        not null,
    password_hash   text        not null,
    -- Null for partners; staff of the company that runs the portal have one of these roles.
    staff_role      text        null constraint account_staff_role_known check (staff_role in ('admin', 'editor', 'support')),
    created_at      timestamptz not null default now(),
    closed_at       timestamptz null
);
-- Addresses are stored as typed and compared without case: nobody has two accounts that differ in capitals.
create unique index account_email_unique on account (lower(email));

create table organization (
    id              uuid        primary key,
    name            text        not null,
    email           text        not null,
    created_at      timestamptz not null default now(),
    suspended_at    timestamptz null
);

create table membership (
    organization_id uuid        not null references organization on delete cascade,
    account_id      uuid        not null references account on delete cascade,
    role            text        not null constraint membership_role_known check (role in ('owner', 'developer', 'viewer')),
    created_at      timestamptz not null default now(),
    primary key (organization_id, account_id)
);
create index membership_account on membership (account_id);

-- A sign-up is only a wish: account and organization are made when the link in the mail is confirmed, so that
-- nobody can occupy an address that is not theirs. Several may wait for the same address.
create table sign_up (
    id              uuid        primary key,
    email           text        not null,
    name            text        not null,
    organization    text        not null,
    password_hash   text        not null,
    token_hash      bytea       not null constraint sign_up_token_unique unique,
    created_at      timestamptz not null default now(),
    expires_at      timestamptz not null
);

create table password_reset (
    id              uuid        primary key,
    account_id      uuid        not null references account on delete cascade,
    token_hash      bytea       not null constraint password_reset_token_unique unique,
    created_at      timestamptz not null default now(),
    expires_at      timestamptz not null,
    used_at         timestamptz null
);

create table invitation (
    id              uuid        primary key,
    organization_id uuid        not null references organization on delete cascade,
    email           text        not null,
    role            text        not null constraint invitation_role_known check (role in ('owner', 'developer', 'viewer')),
    invited_by      uuid        null references account on delete set null,
    token_hash      bytea       not null constraint invitation_token_unique unique,
    created_at      timestamptz not null default now(),
    expires_at      timestamptz not null,
    accepted_at     timestamptz null,
    withdrawn_at    timestamptz null
);
create index invitation_organization on invitation (organization_id);

-- Only the hash of a session's token is stored: a copy of this table signs nobody in.
create table session (
    id              uuid        primary key,
    account_id      uuid        not null references account on delete cascade,
    organization_id uuid        null references organization on delete set null,
    token_hash      bytea       not null constraint session_token_unique unique,
    address         text        not null,
    user_agent      text        not null,
    created_at      timestamptz not null default now(),
    last_seen_at    timestamptz not null default now(),
    expires_at      timestamptz not null
);
create index session_account on session (account_id);

-- One row per thing that is counted (a login from an address, a mail to an account) and window.
-- Unlogged: after a crash everybody simply starts with a fresh window.
create unlogged table throttle (
    bucket          text        primary key,
    used            integer     not null,
    window_ends_at  timestamptz not null
);
