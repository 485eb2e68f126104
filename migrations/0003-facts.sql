-- How far the facts follow the log, and what is to be done again after a crash.

create table facts_follow (
  organization_id integer primary key,
  -- everything up to here is in the facts
  cursor bigint not null default 0,
  -- the time of the commit the cursor stands at; null before anything was followed
  through timestamptz,
  -- the batch under way ends here; set before anything of it is written, so that it is done again in the same shape
  plan_to bigint,
  -- rows written so far: facts that have another number are not those this cursor is about, and are made anew
  message_rows bigint not null default 0,
  session_rows bigint not null default 0,
  coding_rows bigint not null default 0
);

-- A rebuild that is complete and only has to take its place; one that was not complete leaves nothing here.
create table facts_rebuild (
  organization_id integer primary key,
  -- marks the new tables
  id uuid not null,
  cursor bigint not null,
  through timestamptz,
  message_rows bigint not null,
  session_rows bigint not null,
  coding_rows bigint not null
);

-- Deletions of a conversation or of messages in it; few among the entries.
create index log_deletion on log (organization_id, conversation, seq) where kind = 'deletion' and conversation is not null;
