import { REST_PATHS } from '@pulsewire/shared-schema/rest';
import { describe, expect, it } from 'vitest';
import type { RestFailure } from '../../../rest/failure.js';
import type { RestAnswer, RestClient } from '../../../rest/rest-client.js';
import { createManualPageClock, START_MS } from '../../../testing/manual-clock.test-support.js';
import { loadHappenings } from '../load-marks.js';
import { loadRecording } from './load-replay.js';
import { ReplayPlayer } from './replay-player.js';

const SPAN = { fromMs: START_MS, toMs: START_MS + 60_000 };
const EMPTY = {
  data: [],
  series: [],
  gaps: [],
  resolution_s: 0,
  truncated: false,
  pagination: { page: 1, limit: 100, total: 0, totalPages: 1 },
};

/** Answers with nothing, but these paths with a failure. */
function failingAt(paths: readonly string[], kind: 'refused' | 'unreachable'): RestClient {
  const failure: RestFailure = { kind };
  return {
    get: async <T>(path: string): Promise<RestAnswer<T>> =>
      paths.includes(path) ? { ok: false, failure } : { ok: true, data: EMPTY as T },
  };
}
const load = (client: RestClient) => loadRecording(client, SPAN, SPAN.toMs, new AbortController().signal);

describe('a replay of what a key may read', () => {
  it.each([
    [[REST_PATHS.alerts], ['alerts']],
    [[REST_PATHS.containers, REST_PATHS.containerEvents], ['containers']],
    [[REST_PATHS.containerEvents], ['containers']],
    [[], []],
  ])('WB-185: %j refused, is played without %j', async (paths, refused) => {
    expect(await load(failingAt(paths, 'refused'))).toMatchObject({ ok: true, data: { refused } });
  });

  it('WB-185: samples refused, is refused', async () => {
    const answer = await load(failingAt([REST_PATHS.metrics], 'refused'));
    expect(answer).toEqual({ ok: false, failure: { kind: 'refused' } });
  });

  it('WB-185: alerts out of reach, is no replay without alerts', async () => {
    expect((await load(failingAt([REST_PATHS.alerts], 'unreachable'))).ok).toBe(false);
  });

  it('WB-185: what is not played, is not said to be empty', () => {
    const clock = createManualPageClock();
    const player = new ReplayPlayer(clock, SPAN, START_MS);
    const stop = player.start();
    player.load([], ['metrics']);
    clock.advance(250);
    expect(player.store.view().topics).toEqual(['metrics']);
    stop();
  });
});

describe('marks that a key may read', () => {
  it('WB-102: alerts refused, containers’ events are there, and it is said', async () => {
    const client = failingAt([REST_PATHS.alerts], 'refused');
    const answer = await loadHappenings(client, SPAN, new AbortController().signal);
    expect(answer).toMatchObject({ ok: true, data: { refused: true, events: [] } });
  });
});
