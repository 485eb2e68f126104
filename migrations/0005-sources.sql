-- What became of everything each source sent, kept with every batch, so that nobody has to count the log to see it.

create table source_tally (
  organization_id integer not null,
  -- 0: what was refused and named no workspace that could be told
  workspace_id integer not null,
  source text not null,
  -- '' holds what was refused, which may be no record of any kind
  kind text not null,
  accepted bigint not null default 0,
  updated bigint not null default 0,
  duplicates bigint not null default 0,
  rejected bigint not null default 0,
  -- when the first and the last record arrived; duplicates count as a sign of life
  first_received_at timestamptz,
  last_received_at timestamptz,
  -- the newest time that a record says of itself, those ahead of our clock left out
  newest_at timestamptz,
  primary key (organization_id, workspace_id, source, kind)
) with (fillfactor = 50);

-- The source that a refused record named, else that of what brought it.
alter table dead_letter add column source text not null default 'api';
update dead_letter set source = 'chatgpt' where via in ('chatgpt-export', 'chatgpt-export:raw');
create index dead_letter_waiting on dead_letter (organization_id, workspace_id, number) include (source, via, code) where replayed_at is null;

-- What is there already. An item's first entry was accepted, its others updates; a message is the same one whatever source tells of it.
-- Duplicates left no trace and are counted from here on.
insert into source_tally (organization_id, workspace_id, source, kind, accepted, updated, first_received_at, last_received_at, newest_at)
select organization_id, workspace_id, source, kind, count(*) filter (where first), count(*) filter (where not first),
  min(received_at), max(received_at), max(occurred_at) filter (where not ahead)
from (
  select organization_id, workspace_id, source, kind, received_at, occurred_at, ahead,
    seq = min(seq) over (partition by organization_id, workspace_id, kind, id, case kind when 'message' then conversation::text else source end) as first
  from log where source <> 'daybook' and workspace_id is not null
) entry
group by organization_id, workspace_id, source, kind;

insert into source_tally (organization_id, workspace_id, source, kind, rejected)
select organization_id, coalesce(workspace_id, 0), source, '', count(*) from dead_letter group by organization_id, coalesce(workspace_id, 0), source;
