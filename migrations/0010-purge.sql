-- Deletion of single items from the record: what is gone keeps its place, its commitment and its receipt.

-- Set: its content was erased from the record. It is answered with 404, and is not taken again when it is sent again.
alter table item add column purged_at timestamptz;
alter table message add column purged_at timestamptz;
-- Of a conversation: nothing of it is shown. A message that arrives later and was not known brings it back, without what was erased.
alter table conversation add column purged_at timestamptz;

-- What belongs to a conversation besides its messages.
create index item_conversation on item (organization_id, conversation, kind) where conversation is not null;
-- Refused input under the id of something erased, or of a conversation that was, may hold what was erased.
alter table dead_letter add column conversation_id text;
create index dead_letter_conversation on dead_letter (organization_id, workspace_id, conversation_id) where payload is not null;
create index item_purged on item (organization_id, workspace_id, id) where purged_at is not null;
create index message_purged on message (organization_id, workspace_id, id) where purged_at is not null;
create index dead_letter_record on dead_letter (organization_id, workspace_id, record_id) where payload is not null;

-- Where the tombstone of each deletion stands in the log; what it says of it is sealed there.
create table receipt (
  organization_id integer not null,
  id uuid not null,
  workspace_id integer not null,
  seq bigint not null,
  kind text not null,
  -- item number; of a message the seq it first arrived at
  number bigint not null,
  at timestamptz not null,
  primary key (organization_id, id)
);
create unique index receipt_seq on receipt (organization_id, seq);

-- Blobs without a reference, whose file is to be removed: their salt went in the transaction that put them here.
create table released_blob (
  organization_id integer not null,
  address text not null,
  primary key (organization_id, address)
);
