-- Two more roll-ups of the message facts. As in person_day, rows are sums of signed differences: add them up. They begin with what the
-- message facts hold already.

create table conversation_day (
  organization UInt32,
  workspace UInt32,
  day Date,
  person UInt64,
  conversation UInt64,
  gpt UInt64,
  project UInt64,
  source LowCardinality(String),
  model LowCardinality(String),
  messages Int64 comment 'user messages that count'
) engine = SummingMergeTree order by (organization, workspace, day, person, conversation, gpt, project, source, model)
settings non_replicated_deduplication_window = 10000;

create table used_day (
  organization UInt32,
  workspace UInt32,
  day Date,
  person UInt64,
  kind LowCardinality(String) comment 'tool, skill or connector',
  name LowCardinality(String),
  uses Int64 comment 'entries of tool_results, skills_activated or connectors_called, whatever the role'
) engine = SummingMergeTree order by (organization, workspace, kind, day, person, name)
settings non_replicated_deduplication_window = 10000;

insert into conversation_day
select organization, workspace, day, person, conversation, gpt, project, source, model, sign
from message_fact where counted
settings max_execution_time = 0;

insert into used_day
select organization, workspace, day, person, used.1, used.2, sign
from message_fact
array join arrayConcat(
  arrayMap(x -> ('tool', toString(x)), tool_results),
  arrayMap(x -> ('skill', toString(x)), skills_activated),
  arrayMap(x -> ('connector', toString(x)), connectors_called)) as used
where timed
settings max_execution_time = 0;
