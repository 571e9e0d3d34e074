/** Repeatable nonsense: from a seed, payloads and client frames that are wrong in every way we could think of. */
import { BUS_MESSAGE_TYPES } from '@pulsewire/shared-schema/schemas';
import { clientFrame } from './raw.js';
import { SPECIFICATION_SAMPLES } from './samples.js';

/** A whole number from 0 up to, not including, `below`. */
export type Random = (below: number) => number;

/** Linear congruential generator (Numerical Recipes' constants): enough for tests, and the same everywhere. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Maker = (random: Random) => Buffer;

const VALUES: readonly ((random: Random) => unknown)[] = [
  () => null,
  (random) => random(1000) - 500,
  () => 1e308,
  () => '',
  (random) => 'x'.repeat(random(200)),
  () => '\u0000\ud800',
  () => [],
  () => ({}),
  () => true,
  () => ({ __proto__: { a: 1 }, constructor: 'x' }),
];

const PAYLOADS: readonly Maker[] = [
  (random) => Buffer.from(Array.from({ length: random(64) }, () => random(256))),
  (random) => mutate(Buffer.from(pick(SPECIFICATION_SAMPLES, random)), random),
  (random) => Buffer.from('['.repeat(random(5000)) + ']'.repeat(random(5000))),
  (random) => Buffer.from(`${'{"data":'.repeat(random(3000))}1`),
  (random) => json({ type: pick(BUS_MESSAGE_TYPES, random), data: pick(VALUES, random)(random) }),
  (random) => json({ type: pick(VALUES, random)(random), data: {} }),
  (random) => json({ type: 'system_metric', data: wrongMetric(random) }),
  (random) => json({ type: pick(['ping', 'subscribe'], random), data: wrongClientData(random) }),
  (random) => json(pick(VALUES, random)(random)),
  (random) => Buffer.alloc(random(20) === 0 ? 70_000 : random(300), 0x20),
];

/** A payload that is no valid message: those that turn out valid by accident are left to the caller to count. */
export function fuzzedPayload(random: Random): Buffer {
  return pick(PAYLOADS, random)(random);
}

/** Bytes of one client frame: mostly well framed nonsense, sometimes a broken frame, sometimes no frame at all. */
export function fuzzedFrame(random: Random): Buffer {
  const payload = fuzzedPayload(random).subarray(0, 6000);
  const kind = random(40);
  if (kind === 0) return payload;
  if (kind === 1) return mutate(clientFrame(payload), random);
  if (kind === 2) return clientFrame(payload, { masked: false });
  if (kind === 3)
    return clientFrame(payload, { opcode: random(16), final: random(2) === 0, reserved: random(8) });
  return clientFrame(payload, { opcode: random(8) === 0 ? 2 : 1 });
}

function wrongMetric(random: Random): Record<string, unknown> {
  const good = { time: '2026-01-17T04:30:00Z', metric_type: 'cpu', value: 1, source: 'host', meta: {} };
  const field = pick(Object.keys(good), random);
  return { ...good, [field]: pick(VALUES, random)(random) };
}

function wrongClientData(random: Random): Record<string, unknown> {
  const field = pick(['t', 'topics', 'metric_type', 'host', 'container', 'after', 'rate'], random);
  return { [field]: pick(VALUES, random)(random) };
}

function mutate(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = 1 + random(4); count > 0; count -= 1) copy[random(copy.length)] = random(256);
  return copy;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value) ?? 'undefined');
}

function pick<T>(values: readonly T[], random: Random): T {
  return values[random(values.length)] as T;
}
