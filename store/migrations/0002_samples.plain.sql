-- The columns time, type, value and meta are a contract with other programs: never renamed, never changed in type.
-- Partitions of one day (UTC) are made by the recorder, and dropped whole when their time is over.
create table system_metrics (
  time timestamptz not null,
  type text not null,
  value double precision not null,
  meta jsonb not null,
  series_id integer
) partition by range (time);
create index system_metrics_by_series on system_metrics (series_id, time);

-- What a bucket held: enough to put buckets together into wider ones, and to see a gap between two of them.
create table metrics_1m (
  series_id integer not null,
  bucket timestamptz not null,
  min double precision not null,
  max double precision not null,
  sum double precision not null,
  count bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (series_id, bucket)
);
create table metrics_15m (like metrics_1m including all);
create table metrics_1d (like metrics_1m including all);
