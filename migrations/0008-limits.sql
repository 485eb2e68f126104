-- How many requests each caller and each organization has made in its running window: shared by every node, and there again after a restart.

create table request_window (
  organization_id integer not null,
  -- what is counted: a policy and whom it is about
  bucket text not null,
  -- the number of the window, counted from 1970
  number bigint not null,
  used bigint not null,
  primary key (organization_id, bucket)
);
