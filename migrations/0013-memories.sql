-- Memories are listed by person, also by one of whom no record has arrived: the index serves them and the users alike.
drop index item_user;
create index item_user on item (organization_id, workspace_id, (coalesce(wire_id, id)) collate "C") where kind = 'person';
-- Whose memories changed since a time.
create index item_memory on item (organization_id, workspace_id, seq) where kind = 'memory';
