/** Rules of an open connection: hello, snapshot, filters, resume, heartbeat, and what a gateway tells beside it. */

import { compareLogIds, hostOf, seriesKey } from '@pulsewire/shared-schema';
import { ASYNCAPI_PATH } from '@pulsewire/shared-schema/asyncapi';
import { parseBusMessage, parseFeedMessage } from '@pulsewire/shared-schema/parse';
import type { Conversation, Frame, Peer, Probe, Rule, Verdict } from './evidence.js';
import { rule } from './evidence.js';
import {
  all,
  bodyOf,
  check,
  isLive,
  isObject,
  messagesOf,
  no,
  OK,
  opens,
  readMessage,
  sayConversation,
  skip,
  splitAtSnapshot,
} from './judging.js';

const NOBODY = 'nobody.conform.invalid';
/** Longer than two rounds of an ordinary collector. */
const WATCH_MS = 2500;
/** So many messages after the snapshot are enough to judge. */
const ENOUGH = 5;
const TRAFFIC_MS = 10_000;
const EMPTY_SNAPSHOT = skip('the snapshot is empty');

const greeting: Probe<Conversation> = {
  collect: (peer) => peer.talk({ until: hasEnough, deadlineMs: WATCH_MS }),
};

const filters = {
  async collect(peer: Peer) {
    const sampleIn = (frames: readonly Frame[]) =>
      messagesOf(frames).find(({ type }) => type === 'system_metric');
    const { frames } = await peer.talk({
      query: { topics: 'metrics' },
      until: (seen) => sampleIn(seen) !== undefined,
      deadlineMs: WATCH_MS,
    });
    const sample = sampleIn(frames);
    if (sample === undefined) return null;
    const metricType = String(sample.data['metric_type']);
    return {
      metricType,
      byType: await peer.talk({
        query: { topics: 'metrics', metric_type: metricType },
        until: hasEnough,
        deadlineMs: WATCH_MS,
      }),
      byHost: await peer.talk({ query: { host: NOBODY }, until: () => false, deadlineMs: WATCH_MS }),
    };
  },
};

const resume = {
  async collect(peer: Peer) {
    const withIds = (frames: readonly Frame[]) =>
      splitAtSnapshot(frames).live.filter((frame) => readMessage(frame)?.id != null);
    const first = await peer.talk({ until: (frames) => withIds(frames).length >= 6, deadlineMs: TRAFFIC_MS });
    const [start, ...rest] = withIds(first.frames);
    const after = start === undefined ? null : (readMessage(start)?.id ?? null);
    if (after === null || rest.length === 0) return null;
    const missed = rest.filter((frame) => compareLogIds(readMessage(frame)?.id ?? after, after) > 0);
    return { after, missed, second: await peer.talk({ query: { after }, until: isLive }) };
  },
};

const heartbeat: Probe<Conversation> = {
  needs: 'time',
  async collect(peer) {
    const { frames } = await peer.talk({ until: isLive });
    const periodMs = Number(messagesOf(frames)[0]?.data['heartbeat_ms'] ?? 20_000);
    return peer.talk({ answersPings: false, until: () => false, deadlineMs: 3.5 * periodMs });
  },
};

const besides = {
  async collect(peer: Peer) {
    const get = (path: string) => peer.ask({ path });
    return { readyz: await get('/readyz'), asyncapi: await get(ASYNCAPI_PATH) };
  },
};

export const STREAM_RULES: readonly Rule[] = [
  rule('GW-40', 'hello comes first, then the snapshot between begin and end', greeting, judgeGreeting),
  rule('GW-41', 'the snapshot has valid messages, of each series one', greeting, judgeSnapshot),
  rule('GW-42', 'no removed containers, resolved alerts or logs in the snapshot', greeting, (seen) => {
    const snapshot = messagesOf(splitAtSnapshot(seen.frames).snapshot);
    if (snapshot.length === 0) return EMPTY_SNAPSHOT;
    const gone = snapshot.find(
      ({ type, data }) =>
        type === 'log' ||
        (type === 'alert' && data['state'] === 'resolved') ||
        (type === 'container_status' && data['removed'] === true) ||
        (type === 'incident' && data['action'] === 'resolved'),
    );
    return check(gone === undefined, 'none of them', gone?.type ?? '');
  }),
  rule('GW-32', 'metric_type and host narrow what comes', filters, (seen) => {
    if (seen === null) return skip('no sample came that could be filtered');
    const { metricType, byType, byHost } = seen;
    const otherType = messagesOf(byType.frames).find(
      ({ type, data }) => type === 'system_metric' && data['metric_type'] !== metricType,
    );
    const otherHost = byHost.frames.map(({ text }) => parseBusMessage(text)).find(isOfHost);
    return all(
      opens(byType),
      opens(byHost),
      check(otherType === undefined, `${metricType} only`, String(otherType?.data['metric_type'])),
      check(otherHost === undefined, `nothing of hosts for host=${NOBODY}`, JSON.stringify(otherHost)),
    );
  }),
  rule('GW-45', 'with after comes what was missed, once', resume, (seen) => {
    if (seen === null) return skip('no messages with an id came');
    const came = splitAtSnapshot(seen.second.frames).snapshot.map(({ text }) => text);
    const wrong = seen.missed.find(({ text }) => came.filter((other) => other === text).length !== 1);
    if (wrong === undefined) return OK;
    const times = came.filter((text) => text === wrong.text).length;
    return no(`once: ${wrong.text.slice(0, 80)}`, `${times} times`);
  }),
  rule('GW-46', 'nothing from before after comes again', resume, (seen) => {
    if (seen === null) return skip('no messages with an id came');
    const sinceMs = Number.parseInt(seen.after, 10);
    const old = messagesOf(splitAtSnapshot(seen.second.frames).snapshot).find(
      ({ id }) => id !== null && (id === seen.after || Number.parseInt(id, 10) < sinceMs),
    );
    return check(old === undefined, `only what is newer than ${seen.after}`, String(old?.id));
  }),
  rule('GW-47', 'resumed is none without after', greeting, (seen) => judgeResumed(seen, 'none')),
  rule('GW-47', 'resumed is complete for a recent after', resume, (seen) =>
    seen === null ? skip('no messages with an id came') : judgeResumed(seen.second, 'complete'),
  ),
  rule('GW-53', 'every frame is text, and a JSON message', greeting, (seen) => {
    const wrong = seen.frames.find((frame) => readMessage(frame) === null);
    const got = wrong?.binary === true ? 'a binary frame' : String(wrong?.text.slice(0, 80));
    return all(check(wrong === undefined, 'text frames with { type, data }', got), opens(seen));
  }),
  rule('GW-90', 'a ping every heartbeat; two without a pong end the connection', heartbeat, (seen) => {
    const { pingsAtMs, closed } = seen;
    const got = `${pingsAtMs.length} pings, ${closed === null ? 'still open' : 'closed'} `;
    return check(
      pingsAtMs.length >= 2 && closed !== null,
      'at least two pings, then the end within 3.5 heartbeats',
      got.trimEnd(),
    );
  }),
  rule('GW-93', '/readyz tells bus, clients and max_clients', besides, ({ readyz }) => {
    if (readyz.status === 404) return skip('/readyz is not served at this address');
    const { dependencies, facts } = bodyOf(readyz);
    const told = [
      ...(isObject(dependencies) ? Object.keys(dependencies) : []),
      ...(isObject(facts) ? Object.keys(facts) : []),
    ];
    const missing = ['bus', 'clients', 'max_clients'].filter((name) => !told.includes(name));
    return check(missing.length === 0, 'bus, clients, max_clients', `no ${missing.join(', ')}`);
  }),
  rule('GW-100', `${ASYNCAPI_PATH} describes the stream`, besides, ({ asyncapi }) => {
    const { asyncapi: version } = bodyOf(asyncapi);
    return check(/^3\./.test(String(version)), 'an AsyncAPI 3 document', `${asyncapi.status}, ${version}`);
  }),
];

function hasEnough(frames: readonly Frame[]): boolean {
  return splitAtSnapshot(frames).live.length >= ENOUGH;
}

function judgeGreeting(seen: Conversation): Verdict {
  const messages = seen.frames.map(readMessage);
  const end = messages.findIndex(
    (message) => message?.type === 'snapshot' && message.data['phase'] === 'end',
  );
  const head = messages.slice(0, end + 1).filter((message) => message?.type !== 'error');
  const phases = head
    .filter((message) => message?.type === 'snapshot')
    .map((message) => message?.data['phase']);
  const [hello, begin] = head;
  const valid = parseFeedMessage(seen.frames[0]?.text ?? '');
  return all(
    opens(seen),
    check(valid.ok, 'a valid hello', valid.ok ? '' : valid.error.message),
    check(
      hello?.type === 'hello' && begin?.type === 'snapshot' && phases.join() === 'begin,end',
      'hello, snapshot begin, …, snapshot end',
      sayConversation(seen),
    ),
  );
}

function judgeSnapshot(seen: Conversation): Verdict {
  const keys = new Set<string>();
  const { snapshot } = splitAtSnapshot(seen.frames);
  for (const { text } of snapshot) {
    const parsed = parseBusMessage(text);
    if (!parsed.ok) return no('valid messages only', parsed.error.message);
    const key = seriesKey(parsed.message);
    if (keys.has(key)) return no('of each series the newest only', `two of ${text.slice(0, 80)}`);
    keys.add(key);
  }
  return all(
    opens(seen),
    check(isLive(seen.frames), 'a snapshot', sayConversation(seen)),
    snapshot.length === 0 ? EMPTY_SNAPSHOT : OK,
  );
}

function judgeResumed(seen: Conversation, wanted: string): Verdict {
  const resumed = messagesOf(seen.frames)[0]?.data['resumed'];
  return check(resumed === wanted, `resumed: ${wanted}`, `resumed: ${resumed}`);
}

function isOfHost(parsed: ReturnType<typeof parseBusMessage>): boolean {
  return parsed.ok && hostOf(parsed.message) !== undefined;
}
