-- Who may come in: people of Daybook itself (not the people of the record), their links and sessions, and API keys.

create table member (
  organization_id integer not null,
  id uuid not null,
  email text not null,
  roles text[] not null,
  -- null: the whole organization
  workspace_id integer,
  primary_owner boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (organization_id, id)
);
create unique index member_email on member (organization_id, lower(email));

create table sign_in_link (
  organization_id integer not null,
  token_hash bytea not null,
  member_id uuid not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (organization_id, token_hash)
);

create table session (
  organization_id integer not null,
  token_hash bytea not null,
  member_id uuid not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (organization_id, token_hash)
);

create table api_key (
  organization_id integer not null,
  id uuid not null,
  workspace_id integer,
  name text not null,
  kind text not null,
  last_four text not null,
  key_hash bytea not null unique,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (organization_id, id)
);

-- The positions at which a page's last id was handed out to a key, so that an item that moves between two pages neither skips nor repeats the rest.
create table page_position (
  organization_id integer not null,
  key_id uuid not null,
  -- the list and the parameters that select in it
  list text not null,
  last_id text not null,
  -- the parameter that says where a walk begins
  start text not null,
  position bigint not null,
  handed_out_at timestamptz not null,
  -- how often a walk went on from here, and whether all that could have done so
  continued integer not null default 0,
  spent boolean not null default false,
  primary key (organization_id, key_id, list, last_id, start, position)
);
create index page_position_age on page_position (organization_id, handed_out_at);
