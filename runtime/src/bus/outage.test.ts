import { describe, expect, it } from 'vitest';
import type { Logger } from '../logger.js';
import { createManualClock } from '../manual-clock.js';
import { createOutage } from './outage.js';
import { type BusCause, type Trouble, troubleOf, writeTroubleOf } from './refusal.js';

const trouble = (cause: BusCause, detail: string | null = null): Trouble => ({ cause, detail });

function redisError(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

function createSetup() {
  const lines: string[] = [];
  const logger: Logger = {
    debug() {},
    info: (fields, message) => lines.push(`info ${message} ${JSON.stringify(fields)}`),
    warn: (fields, message) => lines.push(`warn ${message} ${JSON.stringify(fields)}`),
    error() {},
    child: () => logger,
  };
  const clock = createManualClock(0);
  const dropped = { samples: 0, transitions: 0 };
  const all = createOutage({ clock, logger, dropped: () => dropped });
  const outage = {
    ...all.addPlace(null),
    get state() {
      return all.state;
    },
  };
  const told: string[] = [];
  all.onState(({ status, cause }) => told.push(`${status} ${cause}`));
  return { all, outage, lines, told, clock, dropped };
}

describe('outage', () => {
  it('RT-144: a start with Redis there, is up without a warning', () => {
    const { outage, lines } = createSetup();
    expect(outage.state).toMatchObject({ status: 'down', cause: 'connecting' });
    outage.linkIs(null);
    expect(lines).toEqual(['info bus is up {}']);
  });

  it('RT-145: an outage with many failures, is one line and one change each way, with its first cause', () => {
    const { outage, lines, told, clock, dropped } = createSetup();
    outage.linkIs(null);
    outage.linkIs(trouble('canary_timeout'));
    for (let attempt = 0; attempt < 100; attempt += 1) outage.linkIs(trouble('connection_lost'));
    clock.advance(1500);
    dropped.samples += 3;
    expect(outage.state).toEqual({ status: 'down', sinceMs: 0, cause: 'canary_timeout' });
    outage.linkIs(null);
    expect(told).toEqual(['up null', 'down canary_timeout', 'up null']);
    expect(lines.slice(1)).toEqual([
      'warn bus is down {"cause":"canary_timeout"}',
      'info bus is back {"outage_ms":1500,"dropped_samples":3,"dropped_transitions":0}',
    ]);
  });

  it('RT-146: a link that is back while publishing is still refused, is not up yet', () => {
    const { outage, told } = createSetup();
    outage.linkIs(null);
    outage.publishingIs(trouble('out_of_memory'));
    outage.linkIs(trouble('connection_lost'));
    outage.linkIs(null);
    expect(outage.state.status).toBe('down');
    outage.publishingIs(null);
    expect(told).toEqual(['up null', 'down out_of_memory', 'up null']);
  });

  it('RT-89: writes that a probe found refused, are an outage until probes found them taken for half a second', () => {
    const { outage, told, clock } = createSetup();
    outage.linkIs(null);
    outage.probedIs(trouble('read_only'));
    outage.publishingIs(null);
    for (const refused of [true, false, true, false, false]) {
      clock.advance(150);
      outage.probedIs(refused ? trouble('read_only') : null);
      expect(outage.state.status).toBe('down');
    }
    clock.advance(200);
    outage.probedIs(null);
    expect(told).toEqual(['up null', 'down read_only', 'up null']);
  });

  it('RT-175: two places, the bus is up when both are, and the line names the channel of the one that is not', () => {
    const { lines, told, all, outage } = createSetup();
    const events = all.addPlace('system:events');
    outage.linkIs(null);
    expect(all.state.status).toBe('down');
    events.linkIs(null);
    events.linkIs(trouble('slot_moved'));
    outage.linkIs(trouble('connection_lost'));
    events.linkIs(null);
    expect(told).toEqual(['up null', 'down slot_moved']);
    outage.linkIs(null);
    expect(all.state.status).toBe('up');
    expect(lines[1]).toBe('warn bus is down {"cause":"slot_moved","channel":"system:events"}');
    expect(lines).toHaveLength(3);
  });

  it('RT-99: a refusal that comes later in an outage, is one more line and the cause, and no change', () => {
    const { outage, lines, told } = createSetup();
    outage.linkIs(null);
    outage.linkIs(trouble('connection_lost', 'read ECONNRESET'));
    for (let attempt = 0; attempt < 100; attempt += 1) {
      outage.linkIs(trouble('wrong_type', 'WRONGTYPE (system:metrics:log)'));
      outage.linkIs(trouble('connection_lost'));
      outage.linkIs(trouble('loading'));
    }
    expect(outage.state.cause).toBe('wrong_type');
    outage.linkIs(null);
    expect(told).toEqual(['up null', 'down connection_lost', 'up null']);
    expect(lines.slice(1, 3)).toEqual([
      'warn bus is down {"cause":"connection_lost","detail":"read ECONNRESET"}',
      'warn bus is still down {"cause":"wrong_type","detail":"WRONGTYPE (system:metrics:log)"}',
    ]);
    expect(lines).toHaveLength(4);
  });

  it.each([
    ["OOM command not allowed when used memory > 'maxmemory'.", 'out_of_memory'],
    ['LOADING Redis is loading the dataset in memory', 'loading'],
    ['MISCONF Redis is configured to save RDB snapshots', 'persistence_failing'],
    ["READONLY You can't write against a read only replica.", 'read_only'],
    ['NOAUTH Authentication required.', 'not_permitted'],
    ['WRONGPASS invalid username-password pair', 'not_permitted'],
    ['NOPERM this user has no permissions', 'not_permitted'],
    ["ERR The user executing the script can't run this command or subcommand", 'not_permitted'],
    ['BUSY Redis is busy running a script.', 'busy'],
    ['ERR Error running script: @user_script:9: OOM command not allowed', 'out_of_memory'],
    ['WRONGTYPE Operation against a key', 'wrong_type'],
    ['MOVED 10969 127.0.0.1:7002', 'slot_moved'],
    ['ASK 10969 127.0.0.1:7002', 'slot_moving'],
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'slot_moving'],
    ['CLUSTERDOWN The cluster is down', 'cluster_down'],
    ['ERR unknown command', 'redis_error'],
  ])('RT-147: the answer "%s", is the cause %s', (message, cause) => {
    expect(troubleOf(redisError(message))).toEqual({ cause, detail: message });
  });

  it('RT-148: any other error, is a lost connection', () => {
    expect([new Error('read ECONNRESET'), undefined].map(troubleOf)).toEqual([
      { cause: 'connection_lost', detail: 'read ECONNRESET' },
      { cause: 'connection_lost', detail: null },
    ]);
  });

  it('RT-98: only what holds for every producer, is said of writes', () => {
    const answers = [
      'OOM x',
      'MISCONF x',
      'NOREPLICAS x',
      'READONLY x',
      'WRONGTYPE x',
      'NOPERM x',
      'ERR x',
      '',
    ];
    expect(answers.map((answer) => writeTroubleOf(answer)?.cause ?? null)).toEqual([
      'out_of_memory',
      'persistence_failing',
      'persistence_failing',
      'read_only',
      'wrong_type',
      null,
      null,
      null,
    ]);
  });
});
