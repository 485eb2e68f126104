-- Whom the counts of a workspace name, and to whom.

alter table workspace
  -- named; pseudonymous: people under stable pseudonyms; groups_only: no people at all
  add column privacy_mode text not null default 'named' check (privacy_mode in ('named', 'pseudonymous', 'groups_only')),
  -- what analytics viewers see: the same as everybody, or groups only
  add column viewer_detail text not null default 'same' check (viewer_detail in ('same', 'groups')),
  add column hide_gpt_analytics boolean not null default false;
