-- Content-free facts of one organization's ledger. Rows are signed: what changes is taken back with sign -1 and said anew with +1, so
-- every figure is a sum over `sign`, whatever the order of merges. Numbers of people, conversations, GPTs and projects are the
-- ledger's; 0 means none. Tables are not partitioned: one insert is one block, visible whole or not at all.

create table message_fact (
  sign Int8,
  organization UInt32,
  workspace UInt32,
  -- UTC day and second of the message; 1970-01-01 for one that has no time
  day Date,
  at DateTime('UTC'),
  timed Bool,
  person UInt64 comment 'the sender, else the owner of the conversation',
  conversation UInt64,
  message UInt64 comment 'first_seq of the message in the ledger',
  source LowCardinality(String),
  role Enum8('user' = 1, 'assistant' = 2, 'system' = 3, 'tool' = 4),
  unseen Bool comment 'hidden, or injected by the system',
  counted Bool comment 'a user message that counts: seen and timed',
  deleted Bool comment 'it or its conversation is deleted at the source or purged',
  model LowCardinality(String) comment 'of a user message: the model of its answer, else the default of the conversation, else unknown',
  gpt UInt64,
  project UInt64,
  client LowCardinality(String),
  -- tool messages that this row stands for, one entry each
  tool_results Array(LowCardinality(String)),
  -- used in this message itself; of a user message: in its whole turn, up to the next user message
  tools Array(LowCardinality(String)),
  skills Array(LowCardinality(String)),
  connectors Array(LowCardinality(String)),
  skill_uses UInt32,
  connector_calls UInt32,
  -- the names behind the two numbers, whatever the role: one entry for each activation and each call in this message itself
  skills_activated Array(LowCardinality(String)),
  connectors_called Array(LowCardinality(String)),
  input_tokens UInt64,
  output_tokens UInt64,
  cached_tokens UInt64
) engine = MergeTree order by (organization, workspace, day, person, conversation, message)
settings non_replicated_deduplication_window = 10000;

create table session_fact (
  sign Int8,
  organization UInt32,
  workspace UInt32,
  day Date comment 'the day it begins',
  at DateTime('UTC'),
  person UInt64,
  conversation UInt64,
  source LowCardinality(String),
  gpt UInt64,
  project UInt64,
  seconds UInt32 comment 'first to last message',
  messages UInt32 comment 'counted user messages in it'
) engine = MergeTree order by (organization, workspace, day, person, conversation, at)
settings non_replicated_deduplication_window = 10000;

-- The roll-up of people by day: sums of signed differences, so a row may be spread over several parts; add them up.
create table person_day (
  organization UInt32,
  workspace UInt32,
  day Date,
  person UInt64,
  messages Int64,
  gpt_messages Int64,
  project_messages Int64,
  tool_messages Int64,
  skill_uses Int64,
  connector_calls Int64
) engine = SummingMergeTree order by (organization, workspace, day, person)
settings non_replicated_deduplication_window = 10000;

create table coding_fact (
  sign Int8,
  organization UInt32,
  workspace UInt32,
  day Date,
  at DateTime('UTC'),
  person UInt64,
  session UInt64 comment 'item number of the coding session',
  source LowCardinality(String),
  surface LowCardinality(String),
  model LowCardinality(String),
  commits UInt64,
  pull_requests UInt64,
  lines_added UInt64,
  lines_removed UInt64,
  accepted UInt64,
  rejected UInt64,
  input_tokens UInt64,
  output_tokens UInt64,
  cached_tokens UInt64
) engine = MergeTree order by (organization, workspace, day, person, session)
settings non_replicated_deduplication_window = 10000;
