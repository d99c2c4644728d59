-- Since when a version is deprecated.

alter table api_version add column deprecated_at timestamptz null;

-- What is deprecated now became so when the trail says; where it does not, the moment is not known.
update api_version v
set deprecated_at = (
    select max(e.at)
    from audit_entry e
    where e.subject_kind = 'api_version' and e.subject_id = v.id::text
      and e.after ->> 'state' = 'deprecated' and e.before ->> 'state' is distinct from 'deprecated'
)
where v.state in ('deprecated', 'retired');
