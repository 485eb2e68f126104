-- Who may see what: members who come and go, invitations, second persons, break-glass, findings, keys with a maker and a network.

-- The primary owner's switches: off turns away every key of that API.
alter table organization
  add column compliance_api boolean not null default true,
  add column analytics_api boolean not null default true;

alter table member
  -- set: cannot come in, and what they made stays
  add column deactivated_at timestamptz,
  -- the directory's own id of the person; two members who share one are one person
  add column directory_id text;

alter table api_key
  -- who made it: 'person', 'key' or 'operator', their id and what they were called; null in keys from before
  add column maker_kind text,
  add column maker_id text,
  add column maker_name text,
  -- CIDR ranges it may be used from; empty: from anywhere
  add column networks text[] not null default '{}',
  -- the key this one follows
  add column rotated_from uuid,
  -- its maker was deactivated or removed: somebody has to look at it
  add column flagged_at timestamptz,
  add column last_used_address text,
  add column last_used_route text;

create table invitation (
  organization_id integer not null,
  id uuid not null,
  email text not null,
  roles text[] not null,
  -- null: the whole organization
  workspace_id integer,
  -- of the newest link; older ones are dead
  token_hash bytea not null,
  invited_by text not null,
  invited_by_name text not null,
  created_at timestamptz not null,
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  withdrawn_at timestamptz,
  accepted_at timestamptz,
  member_id uuid,
  primary key (organization_id, id)
);
create unique index invitation_token on invitation (organization_id, token_hash);
create unique index invitation_open on invitation (organization_id, lower(email)) where accepted_at is null and withdrawn_at is null;

-- What somebody asks a second person to agree to: the command it names runs when they do, in the same transaction.
create table approval (
  organization_id integer not null,
  id uuid not null,
  action text not null,
  -- JSON, as the command takes it
  input text not null,
  workspace_id integer,
  requester uuid not null,
  -- whom it is for; never one of the two
  beneficiary uuid,
  purpose text not null,
  requested_at timestamptz not null,
  expires_at timestamptz not null,
  state text not null default 'open',
  decided_by uuid,
  decided_at timestamptz,
  note text,
  primary key (organization_id, id)
);

-- A role of the record that an owner took alone, for an hour.
create table break_glass (
  organization_id integer not null,
  id uuid not null,
  member_id uuid not null,
  role text not null,
  reason text not null,
  started_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  -- its review
  finding_id uuid,
  primary key (organization_id, id)
);
create index break_glass_member on break_glass (organization_id, member_id, expires_at);

-- What somebody has to look at. It stays until somebody else has.
create table finding (
  organization_id integer not null,
  id uuid not null,
  workspace_id integer,
  kind text not null,
  severity text not null,
  -- what it is about: 'member' or 'key' and its id
  subject_kind text not null,
  subject_id text not null,
  -- the member whose act it was, who cannot close it; null: nobody's
  caused_by uuid,
  -- in whose words: the stated reason
  reason text,
  opened_at timestamptz not null,
  due_at timestamptz,
  closed_at timestamptz,
  closed_by text,
  closed_by_name text,
  note text,
  primary key (organization_id, id)
);
create index finding_open on finding (organization_id, opened_at) where closed_at is null;

-- Who changed a setting last. Its value stands where it belongs, in the organization or the workspace.
create table setting_change (
  organization_id integer not null,
  -- 0: the organization
  workspace_id integer not null,
  name text not null,
  changed_at timestamptz not null,
  changed_by text not null,
  changed_by_name text not null,
  primary key (organization_id, workspace_id, name)
);
