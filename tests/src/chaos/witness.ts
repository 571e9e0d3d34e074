/**
 * The checking client: our stream client over `ws`, and a ledger of every number that it gave. A *restatement* is
 * a message of a snapshot that replaces a resume: it repeats what is newest, so it is never one too many, but it
 * does not replace what was skipped.
 */
import type { Channel } from '@pulsewire/shared-schema';
import { createStreamManager, type Received } from '@pulsewire/shared-schema/client';
import { WebSocket } from 'ws';
import { channelOf, numberOf } from './load.js';

/** Numbers that never came, came more than once, or came after a later one of their channel. */
export interface Account {
  missing: number[];
  doubled: number[];
  misordered: number[];
}

export interface Witness {
  /** True when the newest number of each channel up to `number` has come. */
  hasReached(number: number): boolean;
  /** What is wrong with the numbers after `after`, up to `number`. */
  account(after: number, number: number): Account;
  isLive(): boolean;
  /** As a browser does when it is online again. */
  wake(): void;
  /** The states since the last time, for the report of a violation. */
  takeStates(): string[];
  close(): void;
}

/** The last numbers are one of every kind. */
const KINDS = 3;

export function startWitness(url: string, key: string): Witness {
  const counts = new Map<number, number>();
  const newest = new Map<Channel, number>();
  const late = new Set<number>();
  let states: string[] = [];
  let replaces = false;
  let wake = () => {};
  const manager = createStreamManager({
    url,
    key,
    jitter: 0,
    selection: { topics: ['metrics', 'alerts', 'containers', 'events'] },
    connect: (address, protocols) => new WebSocket(address, protocols),
    wakeUps(onWake) {
      wake = onWake;
      return () => {
        wake = () => {};
      };
    },
  });
  manager.on('state', ({ name }) => states.push(name));
  manager.on('feed', (message) => {
    if (message.type === 'hello') {
      replaces = message.data.resumed !== 'complete';
      states.push(`hello:${message.data.resumed}`);
    }
    if (message.type !== 'snapshot') return;
    states.push(`snapshot:${message.data.phase}`);
    // What was missed comes between the first pair of marks; any later snapshot replaces.
    if (message.data.phase === 'end') replaces = true;
  });
  manager.on('message', note);

  function note({ message, snapshot }: Received): void {
    const number = numberOf(message);
    if (number === null) return;
    const seen = counts.get(number) ?? 0;
    if (snapshot && replaces && seen > 0) return;
    counts.set(number, seen + 1);
    const channel = channelOf(number);
    const last = newest.get(channel) ?? 0;
    if (number > last) newest.set(channel, number);
    else if (seen === 0 && !(snapshot && replaces)) late.add(number);
  }

  manager.open();
  return {
    hasReached(number) {
      const last = Array.from({ length: KINDS }, (_, back) => number - back).filter((each) => each > 0);
      return last.every((each) => (newest.get(channelOf(each)) ?? 0) >= each);
    },
    account(after, number) {
      const account: Account = { missing: [], doubled: [], misordered: [] };
      for (let each = after + 1; each <= number; each += 1) {
        const times = counts.get(each) ?? 0;
        if (times === 0) account.missing.push(each);
        if (times > 1) account.doubled.push(each);
        if (late.has(each)) account.misordered.push(each);
      }
      return account;
    },
    isLive: () => manager.state.name === 'live',
    wake: () => wake(),
    takeStates() {
      const taken = states;
      states = [];
      return taken;
    },
    close: () => manager.close(),
  };
}
