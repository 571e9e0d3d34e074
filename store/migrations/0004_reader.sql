-- Who reads from outside, such as a status bridge. It cannot log in until an operator gives it a password:
--   alter role pulsewire_reader login password '…';
-- Roles belong to the whole server, so another database of it may have made this one already, or an administrator
-- where whoever migrates may not.
do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'pulsewire_reader') then
    create role pulsewire_reader nologin nosuperuser nocreatedb nocreaterole noinherit noreplication nobypassrls;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise exception 'an administrator must first run: create role pulsewire_reader' using errcode = '42501';
end
$$;
-- Everybody may make temporary tables, and before PostgreSQL 15 tables in public, until this is taken back.
do $$
begin
  execute format('revoke temporary on database %I from public', current_database());
end
$$;
revoke create on schema public from public;
grant usage on schema public to pulsewire_reader;
grant select on series, layers, system_metrics, metrics_1m, metrics_15m, metrics_1d, alerts, containers,
  container_events, database_status, logs to pulsewire_reader;

-- Second lines of defence, where whoever migrates may draw them: every role may write large objects by default.
do $$
begin
  alter role pulsewire_reader set default_transaction_read_only = on;
  alter role pulsewire_reader set statement_timeout = '10s';
  alter role pulsewire_reader set idle_in_transaction_session_timeout = '10s';
  revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) from public;
exception when insufficient_privilege then null;
end
$$;
