-- Who did what. Rows are only ever added, and each carries the hash of the one before, so that a change or a gap
-- shows. The database itself keeps both rules: a fault in the program cannot break them.

create table audit_entry (
    seq             bigint      primary key,
    id              uuid        not null constraint audit_entry_id_unique unique,
    at              timestamptz not null,
    actor_kind      text        not null constraint audit_entry_actor_known check (actor_kind in ('account', 'token', 'system', 'anonymous')),
    actor_id        text        null,
    actor_label     text        not null,
    action          text        not null,
    subject_kind    text        not null,
    subject_id      text        not null,
    subject_label   text        not null,
    -- Whose affair it is; null for the portal's own. No foreign key: the record outlives the organization.
    organization_id uuid        null,
    before          jsonb       null,
    after           jsonb       null,
    request_id      text        null,
    address         text        null,
    previous_hash   bytea       not null,
    hash            bytea       not null
);
create index audit_entry_organization on audit_entry (organization_id, seq desc);
create index audit_entry_subject on audit_entry (subject_kind, subject_id, seq desc);

-- jsonb prints the same value the same way, whatever order its keys came in: that is what makes it fit for hashing.
create function audit_entry_digest(entry audit_entry) returns bytea language sql stable as $$
    select sha256(entry.previous_hash || convert_to(jsonb_build_object(
        'seq', entry.seq, 'id', entry.id, 'at', extract(epoch from entry.at),
        'actor', jsonb_build_array(entry.actor_kind, entry.actor_id, entry.actor_label), 'action', entry.action,
        'subject', jsonb_build_array(entry.subject_kind, entry.subject_id, entry.subject_label),
        'organization', entry.organization_id, 'before', entry.before, 'after', entry.after,
        'request', entry.request_id, 'address', entry.address
    )::text, 'UTF8'))
$$;

create function audit_entry_chain() returns trigger language plpgsql as $$
declare last audit_entry;
begin
    -- Held to the end of the transaction: entries get their place in the chain one transaction at a time.
    perform pg_advisory_xact_lock(hashtext('audit_entry'));
    select * into last from audit_entry order by seq desc limit 1;
    new.seq := coalesce(last.seq, 0) + 1;
    new.at := clock_timestamp();
    new.previous_hash := coalesce(last.hash, '\x00'::bytea);
    new.hash := audit_entry_digest(new);
    return new;
end $$;
create trigger audit_entry_chain before insert on audit_entry for each row execute function audit_entry_chain();

create function audit_entry_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is append-only';
end $$;
create trigger audit_entry_append_only before update or delete on audit_entry for each row execute function audit_entry_refuse();
create trigger audit_entry_keep before truncate on audit_entry for each statement execute function audit_entry_refuse();
