import type { LogEntry } from '@pulsewire/shared-schema/rest';
import { describe, expect, it } from 'vitest';
import type { Query, RestAnswer, RestClient } from '../../../rest/rest-client.js';
import { iso } from '../../../testing/fake-stream.test-support.js';
import {
  alertEntry,
  containerEntry,
  containerEvent,
  loadedSeries,
  logEntry,
} from '../../../testing/history.test-support.js';
import { createManualPageClock, START_MS } from '../../../testing/manual-clock.test-support.js';
import type { LogWindow } from '../../logs/load-logs.js';
import { loadContainerEvents } from './load-events.js';
import { deriveReplaySpan } from './load-replay.js';
import { ReplayLogs } from './replay-logs.js';
import { deriveReplay, type Recording } from './replay-messages.js';
import { ReplayPlayer } from './replay-player.js';

const at = (second: number) => START_MS + second * 1000;
const SPAN = { fromMs: START_MS, toMs: at(60) };
const NOTHING: Recording = {
  series: [],
  alerts: [],
  containers: [],
  events: [],
  lacksEvents: false,
  refused: [],
};
const seconds = (count: number) => Array.from({ length: count }, (_, index) => index);

function statuses(recording: Partial<Recording>): unknown[] {
  return deriveReplay({ ...NOTHING, ...recording }, SPAN).flatMap(({ timeMs, message }) =>
    message.type === 'container_status' ? [[(timeMs - START_MS) / 1000, message.data.status]] : [],
  );
}

describe('recordings', () => {
  it('WB-160: samples, alerts and containers, are messages in order of time', () => {
    const recording = {
      series: [loadedSeries(seconds(60))],
      alerts: [alertEntry(at(10), at(20))],
      containers: [containerEntry()],
      events: [],
      lacksEvents: false,
      refused: [],
    };
    const messages = deriveReplay(recording, SPAN);
    expect(messages.map(({ timeMs }) => timeMs)).toEqual(messages.map(({ timeMs }) => timeMs).toSorted());
    expect(new Set(messages.map(({ message }) => message.type)).size).toBe(3);
  });

  it('WB-160: a container without events, is as it is today if it has been so since', () => {
    expect(statuses({ containers: [containerEntry()] })[0]).toEqual([0, 'running']);
    expect(statuses({ containers: [containerEntry({ status_since: iso(at(90)) })] })).toEqual([]);
  });

  it('WB-160: a container with an event, was before what the event says', () => {
    const recording = {
      containers: [containerEntry({ status: 'exited', status_since: iso(at(30)) })],
      events: [containerEvent(at(30))],
    };
    expect(statuses(recording)).toEqual([
      [0, 'running'],
      [25, 'running'],
      [30, 'exited'],
      [55, 'exited'],
    ]);
  });

  it('WB-160: a container that was made within the span, is not there before', () => {
    const events = [containerEvent(at(40), { previous: null, status: 'created' })];
    expect(statuses({ events })[0]).toEqual([40, 'created']);
  });

  it('WB-160: a container that was removed, is told about no more', () => {
    expect(statuses({ events: [containerEvent(at(5), { removed: true })] }).at(-1)).toEqual([5, 'exited']);
  });

  it('WB-160: an alert that began before, is firing from the beginning', () => {
    const [first] = deriveReplay({ ...NOTHING, alerts: [alertEntry(at(-900), null)] }, SPAN);
    expect([first?.timeMs, first?.message.type]).toEqual([START_MS, 'alert']);
  });

  it('WB-163: an average of a minute, is told again within it', () => {
    const series = [loadedSeries([5], { resolutionMs: 60_000 })];
    expect(deriveReplay({ ...NOTHING, series }, SPAN)).toHaveLength(15);
  });

  it('WB-160: a moment just now, is played up to now', () => {
    expect(deriveReplaySpan(START_MS, at(60))).toEqual({ fromMs: at(-300), toMs: at(60) });
  });
});

describe('player', () => {
  function createPlayer() {
    const base = createManualPageClock();
    const player = new ReplayPlayer(base, SPAN, START_MS);
    const stop = player.start();
    const recording = {
      ...NOTHING,
      series: [loadedSeries(seconds(61))],
      alerts: [alertEntry(at(20), at(40))],
    };
    player.load(deriveReplay(recording, SPAN));
    const shown = () => {
      base.advance(250);
      const { hosts, firing } = player.store.view();
      return { cpu: hosts[0]?.gauges.cpu.value ?? null, firing: firing.length };
    };
    return { base, player, stop, shown };
  }

  it.each([1, 2, 5, 10] as const)('WB-161: at %i ×, so much passes in a second', (speed) => {
    const { base, player } = createPlayer();
    player.setSpeed(speed);
    player.setPlaying(true);
    base.advance(1000);
    expect(player.view().positionMs).toBe(at(speed));
  });

  it('WB-161: paused, nothing passes', () => {
    const { base, player } = createPlayer();
    base.advance(5000);
    expect(player.view().positionMs).toBe(START_MS);
  });

  it('WB-161: at the end, it stops, and plays from the beginning when asked to', () => {
    const { base, player } = createPlayer();
    player.setSpeed(10);
    player.setPlaying(true);
    base.advance(7000);
    expect(player.view()).toMatchObject({ positionMs: SPAN.toMs, playing: false });
    player.setPlaying(true);
    expect(player.view()).toMatchObject({ positionMs: START_MS, playing: true });
  });

  it('WB-161: played to a moment and jumped to it, either way, show the same', () => {
    const { base, player, shown } = createPlayer();
    player.setSpeed(10);
    player.setPlaying(true);
    base.advance(3000);
    player.setPlaying(false);
    const played = shown();
    player.seek(at(50));
    expect(shown()).toEqual({ cpu: 50, firing: 0 });
    player.seek(at(30));
    expect(shown()).toEqual(played);
    expect(played).toEqual({ cpu: 30, firing: 1 });
  });

  it('WB-161: alerts of a replay, make toasts nowhere after a jump', () => {
    const { player, shown } = createPlayer();
    player.seek(at(30));
    shown();
    expect(player.store.view().toasts).toEqual([]);
  });

  it('WB-161: ended, no timer is left', () => {
    const { base, stop } = createPlayer();
    stop();
    expect(base.scheduled).toBe(0);
  });
});

describe('logs of a replay', () => {
  function createLogs() {
    const clock = createManualPageClock();
    const waiting: { fromMs: number; toMs: number; answer: (answer: RestAnswer<LogWindow>) => void }[] = [];
    const logs = new ReplayLogs(
      clock,
      ({ fromMs, toMs }) => new Promise((answer) => waiting.push({ fromMs, toMs, answer })),
    );
    /** `toMs`: up to where these are all lines; by default the end of what was asked for. */
    const answer = async (index: number, lines: readonly LogEntry[], toMs = waiting[index]?.toMs ?? 0) => {
      waiting[index]?.answer({ ok: true, data: { lines, toMs } });
      for (let turn = 0; turn < 6; turn += 1) await Promise.resolve();
      clock.advance(200);
    };
    const seqs = () => logs.model.view().lines.map(({ seq }) => seq);
    return { clock, logs, waiting, answer, seqs };
  }

  it('WB-162: windows that come in any order, are shown in order and without a hole', async () => {
    const { logs, answer, seqs, clock } = createLogs();
    logs.seek(at(20));
    await answer(1, [logEntry(250)]);
    expect(seqs()).toEqual([]);
    await answer(0, [logEntry(10)]);
    expect(seqs()).toEqual([10]);
    logs.advance(at(30));
    clock.advance(200);
    expect(seqs()).toEqual([10, 250]);
  });

  it('WB-162: a line of the future, is not shown yet', async () => {
    const { logs, answer, seqs } = createLogs();
    logs.seek(at(5));
    await answer(0, []);
    await answer(1, [logEntry(10), logEntry(100)]);
    expect(seqs()).toEqual([10]);
  });

  it('WB-162: a window that failed, is asked for again after a pause', async () => {
    const { logs, waiting, clock } = createLogs();
    logs.seek(at(5));
    const before = waiting.length;
    waiting[0]?.answer({ ok: false, failure: { kind: 'unreachable' } });
    for (let turn = 0; turn < 6; turn += 1) await Promise.resolve();
    logs.advance(at(5.1));
    expect(waiting.length).toBe(before);
    clock.advance(3000);
    logs.advance(at(5.2));
    expect(waiting.length).toBe(before + 1);
  });

  it('WB-162: more lines than one question gives, the rest of the window is asked for from there on', async () => {
    const { logs, waiting, answer, seqs } = createLogs();
    logs.seek(at(5));
    await answer(0, []);
    await answer(1, [logEntry(10)], at(2));
    expect(waiting.at(-1)?.fromMs).toBe(at(2));
    await answer(waiting.length - 1, [logEntry(30)]);
    expect(seqs()).toEqual([10, 30]);
    expect(logs.isCut).toBe(false);
  });

  it('WB-164: more lines than a replay shows, it says so', async () => {
    const { logs, waiting, answer } = createLogs();
    logs.seek(at(5));
    await answer(0, []);
    for (const second of [1, 2, 3]) await answer(second === 1 ? 1 : waiting.length - 1, [], at(second));
    expect(logs.isCut).toBe(true);
  });
});

describe('container events of a replay', () => {
  async function load(count: number, maxPages: number) {
    const all = seconds(count).map((second) =>
      containerEvent(at(count - second), { container: `c${second}` }),
    );
    const client: RestClient = {
      get: async <T>(_path: string, query: Query): Promise<RestAnswer<T>> => {
        const wanted = all.filter(({ time }) => Date.parse(time) < Number(query['to']));
        const data = wanted.slice(0, Number(query['limit']));
        return { ok: true, data: { data, truncated: wanted.length > data.length } as T };
      },
    };
    const span = { fromMs: START_MS, toMs: at(count + 1) };
    const answer = await loadContainerEvents(client, span, maxPages, new AbortController().signal);
    return answer.ok ? [answer.data.events.length, answer.data.isCut] : [];
  }

  it('WB-164: more than the server gives at once, all are had, each once', async () => {
    expect(await load(350, 20)).toEqual([350, false]);
  });

  it('WB-164: more than can be asked for, it is said that some are missing', async () => {
    const [count, isCut] = await load(350, 2);
    expect([Number(count) < 350, isCut]).toEqual([true, true]);
  });
});
