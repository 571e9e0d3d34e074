import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualPageClock, START_MS } from '../testing/manual-clock.test-support.js';
import { CAN_RECOVER, deriveFailure, type RestFailure } from './failure.js';
import { pageThrough } from './page-through.js';
import { readMetrics, readSeriesList } from './read-body.js';
import { Resource } from './resource.js';
import { createRestClient, type RestAnswer } from './rest-client.js';

const OUTAGE: RestFailure = { kind: 'outage', code: 'database_unavailable', sinceMs: START_MS };

function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const asked: { url: string; init: RequestInit | undefined }[] = [];
  const fetch = async (url: unknown, init?: RequestInit) => {
    asked.push({ url: String(url), init });
    return new Response(body, { status, headers });
  };
  return {
    client: createRestClient({ key: () => 'the-key', fetch: fetch as typeof globalThis.fetch }),
    asked,
  };
}

const settle = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));

function createResource(answers: RestAnswer<number>[], refreshMs: number | null = null) {
  const clock = createManualPageClock();
  let asked = 0;
  const resource = new Resource<number>({
    clock,
    load: async () => answers[Math.min(asked++, answers.length - 1)] as RestAnswer<number>,
    refreshMs: () => refreshMs,
  });
  return { clock, resource, asked: () => asked };
}

describe('failures', () => {
  it.each([
    [401, {}, 'refused'],
    [403, {}, 'refused'],
    [404, { error: 'not_found' }, 'absent'],
    [404, { error: 'incident_unknown', message: 'm' }, 'rejected'],
    [400, { error: 'bad_request', message: 'm' }, 'rejected'],
    [429, {}, 'throttled'],
    [500, {}, 'broken'],
    [503, { error: 'query_timed_out' }, 'too_wide'],
    [503, { error: 'database_unavailable' }, 'outage'],
    [502, '<html>', 'broken'],
  ])('WB-110: status %i with %j, is %s', (status, body, kind) => {
    expect(deriveFailure(status, body, null).kind).toBe(kind);
  });

  it('WB-110: a database outage, tells since when', () => {
    const body = { error: 'database_unavailable', since: new Date(START_MS).toISOString() };
    expect(deriveFailure(503, body, null)).toEqual(OUTAGE);
  });

  it('WB-110: any status with any body, is a failure that is known', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.anything(), fc.option(fc.string()), (...given) => {
        expect(CAN_RECOVER).toHaveProperty(deriveFailure(...given).kind);
      }),
    );
  });

  it('WB-110: an answer that is not what was asked for, is broken and no data', async () => {
    const { client } = answering(200, '{"series":null}');
    expect(await client.get('/x', {}, readMetrics)).toEqual({ ok: false, failure: { kind: 'broken' } });
  });

  it('WB-110: no answer at all, is unreachable', async () => {
    const fetch = () => Promise.reject(new TypeError('refused'));
    const client = createRestClient({ key: () => null, fetch });
    expect(await client.get('/x', {}, readMetrics)).toEqual({ ok: false, failure: { kind: 'unreachable' } });
  });
});

describe('questions', () => {
  it('WB-113: the key, travels in a header, and not with a redirect', async () => {
    const { client, asked } = answering(200, '{"data":[]}');
    await client.get('/api/x', { a: 1, b: undefined }, readSeriesList);
    expect(asked[0]?.url).toBe('/api/x?a=1');
    expect(asked[0]?.init).toMatchObject({ headers: { 'x-api-key': 'the-key' }, redirect: 'error' });
  });

  it('WB-114: a list of several pages, is asked for page by page', async () => {
    const pagination = { page: 1, limit: 100, total: 3, totalPages: 3 };
    const { client, asked } = answering(200, JSON.stringify({ data: [1], pagination }));
    const read = readSeriesList;
    const answer = await pageThrough(client, { path: '/x', query: {}, read, maxPages: 2 });
    expect(answer).toEqual({ ok: true, data: [1, 1] });
    expect(asked.map(({ url }) => url)).toEqual(['/x?page=1&limit=100', '/x?page=2&limit=100']);
  });

  it('WB-111: an outage, is asked about again after 2, 5, 10 and 30 s', async () => {
    const { clock, resource, asked } = createResource([{ ok: false, failure: OUTAGE }]);
    resource.subscribe(() => undefined);
    await settle();
    const waits = [];
    for (let before = asked(); waits.length < 4; before = asked()) {
      let seconds = 0;
      for (; asked() === before; seconds += 1) clock.advance(1000);
      waits.push(seconds);
      await settle();
    }
    expect(waits).toEqual([2, 5, 10, 30]);
  });

  it('WB-111: a key that may not, is not asked with again', async () => {
    const { clock, resource, asked } = createResource([{ ok: false, failure: { kind: 'refused' } }]);
    resource.subscribe(() => undefined);
    await settle();
    clock.advance(600_000);
    expect(asked()).toBe(1);
  });

  it('WB-112: an outage after an answer, keeps the answer and its time', async () => {
    const { clock, resource } = createResource(
      [
        { ok: true, data: 7 },
        { ok: false, failure: OUTAGE },
      ],
      1000,
    );
    resource.subscribe(() => undefined);
    await settle();
    clock.advance(1000);
    await settle();
    expect(resource.view()).toEqual({ data: 7, atMs: START_MS, failure: OUTAGE, loading: false });
  });

  it('WB-111: nobody listens any more, nothing is asked and no timer is left', async () => {
    const { clock, resource, asked } = createResource([{ ok: true, data: 7 }], 1000);
    const release = resource.subscribe(() => undefined);
    await settle();
    release();
    clock.advance(10_000);
    expect([asked(), clock.scheduled]).toEqual([1, 0]);
  });
});
