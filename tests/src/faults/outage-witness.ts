/** A client that remembers what it saw: numbered messages in order of arrival, and the first 503 and 200. */
import type { BusMessage, FeedMessage } from '@pulsewire/shared-schema';
import type { WebSocket } from 'ws';
import { within } from '../support/within.js';
import { numberOf } from './outage-load.js';

export interface OutageWitness {
  readonly numbers: readonly number[];
  /** Resolves with `performance.now()` of the first packet with this code. */
  saw(code: 503 | 200): Promise<number>;
  /** Resolves when this number has arrived. */
  sawNumber(number: number): Promise<void>;
  close(): void;
}

const PATIENCE_MS = 30_000;
/** Only these need parsing; a hundred clients in one process must stay cheap. */
const INTERESTING = /^\{"type":"(alert|container_status|error|status)"/;

/** Resolves once the snapshot is complete, so that all that follows is live. */
export function watchFeed(socket: WebSocket): Promise<OutageWitness> {
  const numbers: number[] = [];
  const codes = new Map<number, number>();
  const waiting = new Set<() => void>();
  let live = false;

  function wait(met: () => boolean, what: string): Promise<void> {
    let look = () => {};
    const done = new Promise<void>((resolve) => {
      look = () => {
        if (met()) resolve();
      };
      waiting.add(look);
      look();
    });
    return within(done, PATIENCE_MS, what).finally(() => waiting.delete(look));
  }

  socket.on('message', (bytes: Buffer) => {
    const text = bytes.toString();
    if (text.startsWith('{"type":"snapshot"')) live = text.includes('"end"');
    else if (live && INTERESTING.test(text)) note(JSON.parse(text) as BusMessage);
    else return;
    for (const look of [...waiting]) look();
  });

  function note(message: BusMessage | FeedMessage): void {
    if (message.type === 'error' || message.type === 'status') {
      const { code } = message.data;
      if (!codes.has(code)) codes.set(code, performance.now());
      return;
    }
    const number = numberOf(message);
    if (number !== null) numbers.push(number);
  }

  const witness: OutageWitness = {
    numbers,
    async saw(code) {
      await wait(() => codes.has(code), `the ${code} packet`);
      return codes.get(code) ?? Number.NaN;
    },
    sawNumber: (number) => wait(() => numbers.includes(number), `message ${number}`),
    close: () => socket.terminate(),
  };
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    wait(() => live, 'the end of the snapshot').then(() => resolve(witness), reject);
  });
}
