-- A series is one curve. Samples refer to it, so that a chart reads (series_id, time) and no JSON.
create table series (
  id integer generated always as identity primary key,
  key text not null unique,
  metric_type text not null,
  source text not null check (source in ('host', 'container')),
  host text,
  container text,
  mount text,
  core integer,
  unit text,
  meta jsonb not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null
);
create index series_by_container on series (container, host) where container is not null;

-- How far each roll-up is complete, and from when on a layer still has its rows.
create table layers (
  layer text primary key check (layer in ('raw', '1m', '15m', '1d')),
  complete_until timestamptz not null,
  kept_from timestamptz not null
);
insert into layers (layer, complete_until, kept_from)
select layer, '-infinity', '-infinity' from unnest(array['raw', '1m', '15m', '1d']) as layer;
