-- The explorer of the record walks a workspace and a person from the newest entry on, and finds a span of time by the time of the event.
create index log_workspace on log (organization_id, workspace_id, seq);
create index log_person on log (organization_id, person, seq) where person is not null;
create index log_event on log (organization_id, workspace_id, occurred_at) include (seq, kind)
  where kind not in ('access', 'change', 'tombstone');

-- From something erased to its receipt.
create index receipt_about on receipt (organization_id, kind, number);
