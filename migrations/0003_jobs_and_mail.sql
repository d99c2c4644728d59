-- Everything that happens later, and the mail that is sent so.

create table job (
    id              uuid        primary key,
    kind            text        not null,
    payload         jsonb       not null,
    -- At most one waiting or running job with the same key: enqueuing twice does the work once.
    dedup_key       text        null,
    run_at          timestamptz not null default now(),
    attempts        integer     not null default 0,
    leased_until    timestamptz null,
    last_error      text        null,
    created_at      timestamptz not null default now(),
    finished_at     timestamptz null,
    abandoned_at    timestamptz null
);
create index job_due on job (run_at) where finished_at is null and abandoned_at is null;
create unique index job_dedup on job (dedup_key) where finished_at is null and abandoned_at is null;

create function job_notify() returns trigger language plpgsql as $$
begin
    perform pg_notify('job', new.kind);
    return null;
end $$;
create trigger job_notify after insert on job for each row execute function job_notify();

-- One row per recipient and message. Without SMTP the rows stay here, where staff can read them.
create table mail_message (
    id              uuid        primary key,
    kind            text        not null,
    recipient       text        not null,
    recipient_name  text        not null,
    subject         text        not null,
    text_body       text        not null,
    html_body       text        not null,
    -- Fixed when the row is made: a message that is sent twice after a crash carries the same Message-ID both times.
    message_id      text        not null constraint mail_message_id_unique unique,
    created_at      timestamptz not null default now(),
    attempts        integer     not null default 0,
    last_error      text        null,
    sent_at         timestamptz null,
    failed_at       timestamptz null
);
create index mail_message_created on mail_message (created_at desc);
