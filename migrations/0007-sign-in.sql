-- How people come in: their ways to sign in, their sessions as they see them, and what is tried at the door.

alter table session
  add column id uuid not null default gen_random_uuid(),
  -- link, password, passkey or provider
  add column way text not null default 'link',
  add column address text,
  -- what it was begun with, in words
  add column device text,
  -- of a sign-in by a provider: which one, whom it knows there, its session there, and the sealed token that signs out there
  add column provider text,
  add column subject text,
  add column provider_session text,
  add column id_token bytea;
create unique index session_id on session (organization_id, id);
create index session_member on session (organization_id, member_id);
create index session_provider on session (organization_id, provider, subject) where provider is not null;

-- What somebody comes in with goes when they do.

-- A password never stands alone: its codes begin with it and end with it.
create table password (
  organization_id integer not null,
  member_id uuid not null,
  -- argon2id with its parameters, keyed besides by a secret outside the database
  hash text not null,
  changed_at timestamptz not null,
  -- sealed
  totp_secret bytea not null,
  -- the newest time step of which a code was used: none works twice, nor an older one
  totp_step bigint not null,
  primary key (organization_id, member_id),
  foreign key (organization_id, member_id) references member (organization_id, id) on delete cascade
);

create table recovery_code (
  organization_id integer not null,
  member_id uuid not null,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (organization_id, member_id, code_hash),
  foreign key (organization_id, member_id) references member (organization_id, id) on delete cascade
);

create table passkey (
  organization_id integer not null,
  -- the credential's own id, base64url
  credential text not null,
  id uuid not null,
  member_id uuid not null,
  name text not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  -- it is kept in more than one device
  synced boolean not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  primary key (organization_id, credential),
  foreign key (organization_id, member_id) references member (organization_id, id) on delete cascade
);
create unique index passkey_id on passkey (organization_id, id);
create index passkey_member on passkey (organization_id, member_id);

-- Who somebody is at a provider.
create table identity (
  organization_id integer not null,
  issuer text not null,
  subject text not null,
  member_id uuid not null,
  provider text not null,
  email text,
  linked_at timestamptz not null,
  last_used_at timestamptz,
  primary key (organization_id, issuer, subject),
  foreign key (organization_id, member_id) references member (organization_id, id) on delete cascade
);
create unique index identity_member on identity (organization_id, member_id, issuer);

-- Who was asked to secure their account and put it off.
create table put_off_securing (
  organization_id integer not null,
  member_id uuid not null,
  at timestamptz not null,
  primary key (organization_id, member_id),
  foreign key (organization_id, member_id) references member (organization_id, id) on delete cascade
);

-- What may be used once: states of a sign-in under way, logout tokens. Kept until it would have ended anyway.
create table spent (
  organization_id integer not null,
  what bytea not null,
  expires_at timestamptz not null,
  primary key (organization_id, what)
);
create index spent_age on spent (organization_id, expires_at);

-- Tries at the door, counted by account and network, by network, or by device; names and addresses stand here as keyed hashes only.
create table door_try (
  organization_id integer not null,
  bucket bytea not null,
  tries integer not null,
  last_at timestamptz not null,
  blocked_until timestamptz,
  primary key (organization_id, bucket)
);
create index door_try_age on door_try (organization_id, last_at);
