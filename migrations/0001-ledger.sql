-- The ledger: one append-only log per organization, and the current records that follow from it.
-- Every key starts with organization_id, so that a sharded PostgreSQL can distribute by it.

create table organization (
  organization_id integer primary key generated always as identity,
  id uuid not null unique,
  name text not null,
  -- the organization's secret, wrapped by the master key
  wrapped_key bytea not null,
  created_at timestamptz not null default now()
);

create table workspace (
  organization_id integer not null,
  workspace_id integer not null,
  id uuid not null unique,
  name text not null,
  kind text not null default 'empty',
  region text,
  seats integer,
  industry text,
  created_at timestamptz not null default now(),
  primary key (organization_id, workspace_id)
);

-- Where the organization's sequences stand; changed only under its advisory lock.
create table ledger_head (
  organization_id integer primary key,
  seq bigint not null default 0,
  item bigint not null default 0,
  committed_at timestamptz not null default '2000-01-01T00:00:00Z'
);

-- Salts stand apart from what they open: deleting one is the erasure, and backups keep them on a shorter horizon.
create schema salts;

create table log (
  organization_id integer not null,
  seq bigint not null,
  -- null: concerns the organization as a whole
  workspace_id integer,
  source text not null,
  kind text not null,
  id text not null,
  -- whom and what it is about, as item numbers
  conversation bigint,
  person bigint,
  gpt bigint,
  project bigint,
  -- what may be counted of it, content-free, as JSON: it stays when the payload is erased
  remains text,
  occurred_at timestamptz,
  received_at timestamptz not null,
  -- it names a time more than five minutes ahead of our clock
  ahead boolean not null default false,
  commitment bytea not null,
  -- sealed canonical bytes; null once erased
  payload bytea,
  primary key (organization_id, seq)
);
alter table log alter column payload set storage external;
-- The ledger's own entries (who read, changed or was denied what) are few among the records; this finds them.
create index log_own on log (organization_id, seq) where source = 'daybook';
create index log_kind on log (organization_id, kind, seq) where kind <> 'message';

create table salts.log (
  organization_id integer not null,
  seq bigint not null,
  salt bytea not null,
  primary key (organization_id, seq)
);

-- The current record of everything that is not a message. A row with seq null is only referred to: what it is has not arrived yet.
create table item (
  organization_id integer not null,
  number bigint not null,
  workspace_id integer not null,
  kind text not null,
  source text not null,
  id text not null,
  seq bigint,
  fingerprint bytea,
  updated_at timestamptz,
  created_at timestamptz,
  deleted_at timestamptz,
  person bigint,
  conversation bigint,
  -- the id on a provider's surface where the source's own is not unique or not well-formed there
  wire_id text collate "C",
  primary key (organization_id, number)
);
create unique index item_identity on item (organization_id, workspace_id, kind, id, source);
create unique index item_wire on item (organization_id, workspace_id, kind, wire_id) where wire_id is not null;

-- The provider's list of users is in the order of the ids it shows.
create index item_user on item (organization_id, workspace_id, (coalesce(wire_id, id)) collate "C") where kind = 'person' and seq is not null;

create table conversation (
  organization_id integer not null,
  number bigint not null,
  workspace_id integer not null,
  person bigint,
  -- the seq of its newest change, which orders the provider's list, and the time of that commit, which since_timestamp compares
  position bigint not null,
  changed_at timestamptz not null,
  created_at timestamptz,
  first_message_at timestamptz,
  last_active_at timestamptz,
  primary key (organization_id, number)
);
create unique index conversation_position on conversation (organization_id, workspace_id, position);
create index conversation_person on conversation (organization_id, workspace_id, person, position);

create table message (
  organization_id integer not null,
  conversation bigint not null,
  -- the seq it first arrived at: its place among the messages of its conversation, whatever is changed later
  first_seq bigint not null,
  -- its newest version; null while only its deletion has arrived
  seq bigint,
  workspace_id integer not null,
  id text not null,
  fingerprint bytea,
  updated_at timestamptz,
  created_at timestamptz,
  deleted_at timestamptz,
  person bigint,
  -- another conversation of the workspace had a message of this id before
  repeated_id boolean not null default false,
  primary key (organization_id, conversation, first_seq)
);
create unique index message_identity on message (organization_id, workspace_id, id, conversation);

-- Every version of an item, for everything that is "as of". What a version says is in the log at its seq.
create table version (
  organization_id integer not null,
  item bigint not null,
  seq bigint not null,
  valid_from timestamptz not null,
  updated_at timestamptz,
  fingerprint bytea,
  primary key (organization_id, item, seq)
);

-- The versions of messages that have more than one.
create table message_version (
  organization_id integer not null,
  conversation bigint not null,
  first_seq bigint not null,
  seq bigint not null,
  updated_at timestamptz,
  fingerprint bytea,
  primary key (organization_id, conversation, first_seq, seq)
);

create table person_version (
  organization_id integer not null,
  person bigint not null,
  seq bigint not null,
  valid_from timestamptz not null,
  role text,
  status text,
  seat boolean,
  primary key (organization_id, person, seq)
);

-- The members that one version of a group names; membership at a date is that of the version valid then.
create table group_member (
  organization_id integer not null,
  group_item bigint not null,
  seq bigint not null,
  person bigint not null,
  primary key (organization_id, group_item, seq, person)
);

-- Input that was refused: kept with its reason until it is replayed.
create table dead_letter (
  organization_id integer not null,
  number bigint not null,
  workspace_id integer,
  received_at timestamptz not null default now(),
  -- how it came: 'http' or the importer, and its place there
  via text not null,
  place text not null,
  record_id text,
  code text not null,
  message text not null,
  commitment bytea not null,
  payload bytea,
  replayed_at timestamptz,
  primary key (organization_id, number)
);
create table salts.dead_letter (
  organization_id integer not null,
  number bigint not null,
  salt bytea not null,
  primary key (organization_id, number)
);

-- File bytes: encrypted in the blob store under a keyed address; the salt goes with the last reference.
create table blob (
  organization_id integer not null,
  address text not null,
  size bigint not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, address)
);
create table salts.blob (
  organization_id integer not null,
  address text not null,
  salt bytea not null,
  primary key (organization_id, address)
);
create table file_bytes (
  organization_id integer not null,
  item bigint not null,
  address text not null,
  seq bigint not null,
  primary key (organization_id, item, seq)
);
create index file_bytes_address on file_bytes (organization_id, address);

-- How far an interrupted import came in one file of its input.
create table import_progress (
  organization_id integer not null,
  workspace_id integer not null,
  input text not null,
  file text not null,
  done bigint not null,
  changed_at timestamptz not null default now(),
  primary key (organization_id, workspace_id, input, file)
);
