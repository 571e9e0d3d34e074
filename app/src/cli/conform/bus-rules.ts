/**
 * Rules that take a publisher: what goes onto the bus is compared with what comes out. Everything is published under
 * a host of its own, and the alert that fires is resolved again.
 */
import { CHANNELS } from '@pulsewire/shared-schema';
import type { Frame, Probe, Rule } from './evidence.js';
import { rule } from './evidence.js';
import { all, check, messagesOf, readMessage, sayConversation, skip, splitAtSnapshot } from './judging.js';

const HOST = 'pulsewire-conform';
const RATE = 5;
const PER_SERIES = 50;
const SERIES = ['conform_a', 'conform_b'];
/** Room for the jitter of the network in what shall be a second. */
const WINDOW_MS = 900;
const NOTHING_CAME = skip('nothing that was published came');

interface Evidence {
  sent: readonly string[];
  frames: readonly Frame[];
  said: string;
}

const forwarding: Probe<Evidence> = {
  needs: 'publisher',
  async collect(peer) {
    const good = `{ "type" : "system_metric",\n  "future": [1.0, null],  "data": ${JSON.stringify(sampleData('conform_bytes', 1.5))} }`;
    const bad = [
      JSON.stringify({ type: 'system_metric', data: { ...sampleData('conform_bad', 1), value: 'high' } }),
      JSON.stringify({ type: 'conform_unknown', data: sampleData('conform_bad', 1) }),
      '{"type":"system_metric"',
    ];
    const seen = await peer.talk({
      query: { topics: 'metrics', host: HOST },
      async onLive() {
        for (const payload of [...bad, good]) await peer.publish?.(CHANNELS.metrics, payload);
      },
      until: (frames) => splitAtSnapshot(frames).live.some(({ text }) => text === good),
    });
    return { sent: [good], frames: splitAtSnapshot(seen.frames).live, said: sayConversation(seen) };
  },
};

const flood: Probe<Evidence> = {
  needs: 'publisher',
  async collect(peer) {
    const samples = Array.from({ length: PER_SERIES }, (_, value) =>
      SERIES.map((name) => JSON.stringify({ type: 'system_metric', data: sampleData(name, value) })),
    ).flat();
    const alerts = [alert('firing'), alert('resolved')];
    const sent = [...samples, ...alerts];
    const seen = await peer.talk({
      query: { topics: 'metrics,alerts', host: HOST, rate: String(RATE) },
      async onLive() {
        await Promise.all(sent.map((payload) => peer.publish?.(CHANNELS.metrics, payload)));
      },
      until: (frames) => {
        const { live } = splitAtSnapshot(frames);
        const newest = SERIES.every((name) => valuesOf(live, name).includes(PER_SERIES - 1));
        return newest && alertsIn(live).length >= 2 && noticesIn(live).length > 0;
      },
    });
    return { sent, frames: splitAtSnapshot(seen.frames).live, said: sayConversation(seen) };
  },
};

export const BUS_RULES: readonly Rule[] = [
  rule('GW-50', 'a valid message is forwarded byte for byte', forwarding, ({ sent, frames, said }) =>
    check(
      frames.some(({ text }) => text === sent[0]),
      'the very bytes that were published',
      frames[0]?.text.slice(0, 80) ?? said,
    ),
  ),
  rule('GW-52', 'what does not validate is not forwarded', forwarding, ({ sent, frames }) => {
    const other = frames.find(({ text }) => text.includes('conform_bad'));
    // Published last: by then the others had their chance.
    if (other === undefined && !frames.some(({ text }) => text === sent[0])) return NOTHING_CAME;
    return check(other === undefined, 'nothing of it', String(other?.text.slice(0, 80)));
  }),
  rule('GW-60', 'no second carries more than the limit', flood, ({ frames }) => {
    const times = frames.filter(isSample).map(({ atMs }) => atMs);
    if (times.length === 0) return NOTHING_CAME;
    const most = Math.max(
      0,
      ...times.map((from) => times.filter((at) => at >= from && at < from + WINDOW_MS).length),
    );
    return check(most <= RATE, `at most ${RATE} samples a second`, `${most}`);
  }),
  rule('GW-61', 'the newest sample of every series comes', flood, ({ frames, said }) => {
    const missing = SERIES.filter((name) => !valuesOf(frames, name).includes(PER_SERIES - 1));
    return check(missing.length === 0, 'the last value of each series', missing.join(', ') || said);
  }),
  rule('GW-62', 'alerts are never dropped', flood, ({ frames }) => {
    const states = alertsIn(frames).map(({ data }) => data['state']);
    return check(states.join() === 'firing,resolved', 'firing, resolved', states.join(', ') || 'no alert');
  }),
  rule('GW-63', 'messages of one series keep their order', flood, ({ frames }) =>
    all(
      ...SERIES.map((name) => {
        const values = valuesOf(frames, name);
        if (values.length === 0) return NOTHING_CAME;
        const sorted = values.every((value, at) => at === 0 || value > (values[at - 1] ?? 0));
        return check(sorted, `rising values of ${name}`, values.join(', '));
      }),
    ),
  ),
  rule('GW-64', 'a notice tells how many were skipped', flood, ({ frames }) => {
    const skipped = noticesIn(frames).reduce((sum, { data }) => sum + Number(data['skipped']), 0);
    const most = PER_SERIES * SERIES.length - frames.filter(isSample).length;
    return check(skipped > 0 && skipped <= most, `notices of 1 to ${most} skipped`, `${skipped}`);
  }),
];

function sampleData(metricType: string, value: number): object {
  const time = new Date().toISOString();
  return { time, metric_type: metricType, value, source: 'host', meta: { unit: 'conform', host: HOST } };
}

function alert(state: 'firing' | 'resolved'): string {
  const time = new Date().toISOString();
  const about = { metric_type: SERIES[0], source: 'host', value: 1, threshold: 1, host: HOST };
  const words = {
    alert_id: HOST,
    rule: 'pulsewire conform',
    severity: 'warning',
    message: 'a test, not an alert',
  };
  return JSON.stringify({ type: 'alert', data: { ...about, ...words, state, time, started_at: time } });
}

const isSample = (frame: Frame) => readMessage(frame)?.type === 'system_metric';
const alertsIn = (frames: readonly Frame[]) => messagesOf(frames).filter(({ type }) => type === 'alert');
const noticesIn = (frames: readonly Frame[]) => messagesOf(frames).filter(({ type }) => type === 'notice');
const valuesOf = (frames: readonly Frame[], name: string) =>
  messagesOf(frames)
    .filter(({ data }) => data['metric_type'] === name && typeof data['value'] === 'number')
    .filter(({ type }) => type === 'system_metric')
    .map(({ data }) => Number(data['value']));
