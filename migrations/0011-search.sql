-- Search: which words stand in which entries, as keyed hashes, and searches that are kept.

-- How far the index follows the log. Whoever writes postings, or takes entries out of them, holds this row.
create table word_index (
  organization_id integer primary key,
  -- everything up to here is in the index
  cursor bigint not null default 0
);

-- The log is cut into segments of 8,192 entries and spans of 16 segments. Where a word stands in a segment is one row: the places of the entries
-- in it, in order, two bytes each. The span comes before the word, so that what is being written lies close together however much there is.
create table word_posting (
  organization_id integer not null,
  workspace_id integer not null,
  span integer not null,
  -- the first 64 bits of the keyed hash of a word
  word bigint not null,
  segment integer not null,
  offsets bytea not null,
  primary key (organization_id, workspace_id, span, word, segment)
);
-- Two-byte numbers that only grow hardly compress.
alter table word_posting alter column offsets set storage external;

-- What is searched for and why is sealed, and so is the name.
create table saved_search (
  organization_id integer not null,
  id uuid not null,
  workspace_id integer not null,
  sealed bytea not null,
  owner_id text not null,
  owner_name text not null,
  active boolean not null default true,
  created_at timestamptz not null,
  -- the entries it looks at: those that are recorded while it is active, whenever they are looked at
  spans int8multirange not null,
  primary key (organization_id, id)
);

create table saved_search_match (
  organization_id integer not null,
  saved_search uuid not null,
  seq bigint not null,
  -- its entry in the access record is written: only then it is shown
  recorded boolean not null default false,
  -- somebody was given it
  seen boolean not null default false,
  primary key (organization_id, saved_search, seq)
);
create index saved_search_match_seq on saved_search_match (organization_id, seq);
create index saved_search_match_new on saved_search_match (organization_id, seq) where not recorded;
