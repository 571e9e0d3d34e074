/** The Lua scripts that run inside Redis. Each is atomic. Written for Redis 6.2 and newer. */
import { BUS_NAMES } from '@pulsewire/shared-schema';
import type { RedisDialect } from './redis-dialect.js';

type PublishCommand = RedisDialect['publish'];

/**
 * Appends messages to the log and publishes them with the id that the log gave. Sequence numbers that were taken
 * before are skipped, so that sending a batch twice is safe; the last one taken is written even when an append
 * fails midway, so that a retry continues there.
 * KEYS: log, producer. ARGV: channel, log limit, producer key's seconds to live, then seq and payload in turns.
 * Returns how many were appended.
 */
export const appendScript = (publish: PublishCommand): string => `
local before = tonumber(redis.call('GET', KEYS[2]) or '0')
local last, appended, failure = before, 0, nil
for i = 4, #ARGV, 2 do
  local seq = tonumber(ARGV[i])
  if seq > last then
    local payload = ARGV[i + 1]
    local id = redis.pcall('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', '${BUS_NAMES.logField}', payload)
    if type(id) == 'table' then failure = id break end
    last, appended = seq, appended + 1
    local sent = redis.pcall('${publish}', ARGV[1], string.sub(payload, 1, -2) .. ',"id":"' .. id .. '"}')
    if type(sent) == 'table' then failure = sent break end
  end
end
if last > before then redis.call('SET', KEYS[2], string.format('%.0f', last), 'EX', ARGV[3]) end
if failure then return failure end
return appended
`;

/**
 * Publishes a probe that carries Redis's time and the newest position of each log, all of one moment, and what Redis
 * says to a write. The write is one that Redis judges like an append and that changes nothing: an append to a stream
 * that is not there, and is not to be made.
 * KEYS: logs, then the stream that is not there. ARGV: canary channel, nonce. The message is "nonce ms id id …
 * refusal", ids in the order of the keys; the refusal is an error text, and empty when writes are taken.
 */
export const canaryScript = (publish: PublishCommand): string => `
local now = redis.call('TIME')
local parts = { ARGV[2], string.format('%.0f', now[1] * 1000 + math.floor(now[2] / 1000)) }
local written = redis.pcall('XADD', KEYS[#KEYS], 'NOMKSTREAM', '*', '${BUS_NAMES.logField}', '')
local refusal = type(written) == 'table' and written.err or ''
for at = 1, #KEYS - 1 do
  local info = redis.pcall('XINFO', 'STREAM', KEYS[at])
  local id = '0-0'
  if info.err then
    if string.find(info.err, 'WRONGTYPE', 1, true) then refusal = info.err .. ' (' .. KEYS[at] .. ')' end
  else
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' then id = info[i + 1] end
    end
  end
  parts[#parts + 1] = id
end
parts[#parts + 1] = refusal
return redis.call('${publish}', ARGV[1], table.concat(parts, ' '))
`;

/**
 * The entries of one page that begin with a prefix. KEYS: log. ARGV: first position, entries to look at, field,
 * prefix. Returns where the page ended (empty when nothing comes after it), then ids and payloads in turn.
 */
export const FILTERED_PAGE_SCRIPT = `
local rows = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])
local reply = { #rows == tonumber(ARGV[2]) and rows[#rows][1] or '' }
for _, row in ipairs(rows) do
  local fields = row[2]
  for i = 1, #fields, 2 do
    if fields[i] == ARGV[3] then
      if string.sub(fields[i + 1], 1, #ARGV[4]) == ARGV[4] then
        reply[#reply + 1] = row[1]
        reply[#reply + 1] = fields[i + 1]
      end
      break
    end
  end
end
return reply
`;

/**
 * What a log says about a position. KEYS: log. ARGV: position, log limit.
 * Returns last id, 1 if trimmed, 1 if it contains the position, the newest payload (empty when none),
 * Redis's time in milliseconds, and how many entries there are.
 */
export const LOG_FACTS_SCRIPT = `
local now = redis.call('TIME')
local now_ms = now[1] * 1000 + math.floor(now[2] / 1000)
local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
if info.err then
  if string.find(info.err, 'WRONGTYPE', 1, true) then return { err = info.err .. ' (' .. KEYS[1] .. ')' } end
  return { '0-0', 0, 0, '', now_ms, 0 }
end
local facts = {}
for i = 1, #info, 2 do facts[info[i]] = info[i + 1] end
local trimmed = facts['length'] >= tonumber(ARGV[2])
if facts['entries-added'] then trimmed = facts['entries-added'] > facts['length'] end
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1], 'COUNT', 1)
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local payload = newest[1] and newest[1][2][2] or ''
return { facts['last-generated-id'], trimmed and 1 or 0, #found, payload, now_ms, facts['length'] }
`;
