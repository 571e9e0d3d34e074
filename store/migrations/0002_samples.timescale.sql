-- For TimescaleDB 2.9 or newer. The columns time, type, value and meta are a contract with other programs: never
-- renamed, never changed in type. Retention is the recorder's, by drop_chunks, so that its settings hold here too.
create table system_metrics (
  time timestamptz not null,
  type text not null,
  value double precision not null,
  meta jsonb not null,
  series_id integer
);
select create_hypertable('system_metrics', 'time', chunk_time_interval => interval '1 day');
create index system_metrics_by_series on system_metrics (series_id, time);
alter table system_metrics set (
  timescaledb.compress,
  timescaledb.compress_segmentby = 'series_id',
  timescaledb.compress_orderby = 'time'
);
select add_compression_policy('system_metrics', compress_after => interval '2 days');

create materialized view metrics_1m with (timescaledb.continuous, timescaledb.materialized_only = false) as
select series_id, time_bucket(interval '1 minute', time) as bucket, min(value) as min, max(value) as max,
  sum(value) as sum, count(*) as count, min(time) as first_at, max(time) as last_at
from system_metrics
group by series_id, time_bucket(interval '1 minute', time)
with no data;

create materialized view metrics_15m with (timescaledb.continuous, timescaledb.materialized_only = false) as
select series_id, time_bucket(interval '15 minutes', bucket) as bucket, min(min) as min, max(max) as max,
  sum(sum) as sum, sum(count) as count, min(first_at) as first_at, max(last_at) as last_at
from metrics_1m
group by series_id, time_bucket(interval '15 minutes', bucket)
with no data;

create materialized view metrics_1d with (timescaledb.continuous, timescaledb.materialized_only = false) as
select series_id, time_bucket(interval '1 day', bucket) as bucket, min(min) as min, max(max) as max,
  sum(sum) as sum, sum(count) as count, min(first_at) as first_at, max(last_at) as last_at
from metrics_15m
group by series_id, time_bucket(interval '1 day', bucket)
with no data;

-- What changed behind these is found by TimescaleDB itself, late samples included.
select add_continuous_aggregate_policy('metrics_1m', start_offset => interval '3 days',
  end_offset => interval '1 minute', schedule_interval => interval '1 minute');
select add_continuous_aggregate_policy('metrics_15m', start_offset => interval '4 days',
  end_offset => interval '15 minutes', schedule_interval => interval '5 minutes');
select add_continuous_aggregate_policy('metrics_1d', start_offset => interval '8 days',
  end_offset => interval '1 day', schedule_interval => interval '1 hour');

-- With real-time aggregation every layer is always complete.
update layers set complete_until = 'infinity';
