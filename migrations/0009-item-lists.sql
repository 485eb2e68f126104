-- The export lists what is not a conversation by kind, and by person, in the order in which it was first heard of.
create index item_kind on item (organization_id, workspace_id, kind, number) where kind not in ('person', 'conversation');
create index item_person on item (organization_id, workspace_id, kind, person, number) where kind not in ('person', 'conversation') and person is not null;
