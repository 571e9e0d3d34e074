/**
 * The nodes of a Cluster that we know of, and which of them to ask next where a slot is. Any node knows: it answers
 * `MOVED` with the owner's address. Decisions only; knows no connections.
 */
import { addressOf } from './redis-target.js';

export interface ClusterNodes {
  /** The address to try now: at first that of the node that served last, then each of the others in turn. */
  next(): string;
  /** This node owns the slot. */
  served(address: string): void;
  /** The nodes that the Cluster has now, as one of them says. */
  learn(addresses: readonly string[]): void;
}

/** `seeds`: the addresses from the configuration; they are kept, as a name may come to mean another node. */
export function createClusterNodes(seeds: readonly string[]): ClusterNodes {
  let owner: string | null = null;
  let learned: readonly string[] = [];
  let turn = 0;

  function known(): string[] {
    return [...new Set([...(owner === null ? [] : [owner]), ...learned, ...seeds])];
  }

  return {
    next() {
      const addresses = known();
      const address = addresses[turn % addresses.length] as string;
      turn += 1;
      return address;
    },
    served(address) {
      owner = address;
      turn = 0;
    },
    learn(addresses) {
      learned = addresses;
    },
  };
}

/** Where the answer `MOVED <slot> <host>:<port>` of a node points; `null` for another answer. */
export function movedTo(answer: string, askedAddress: string): string | null {
  const [, host, port] = /^MOVED \d+ (.*):(\d+)/.exec(answer) ?? [];
  return host === undefined || port === undefined ? null : told(host, port, askedAddress);
}

/** The addresses in a reply to `CLUSTER SLOTS`: rows of first slot, last slot, then nodes of host, port and more. */
export function addressesIn(slots: unknown, askedAddress: string): string[] {
  const addresses = rows(slots)
    .flatMap((row) => rows(row).slice(2))
    .flatMap((node) => {
      const [host, port] = rows(node);
      const isKnown = (host === null || typeof host === 'string') && Number.isInteger(port);
      return isKnown ? [told(host ?? '', String(port), askedAddress)] : [];
    });
  return [...new Set(addresses)];
}

/** A node that does not know its own name leaves it out, or says "?": it means the one that was asked by. */
function told(host: string, port: string, askedAddress: string): string {
  const asked = askedAddress.slice(0, askedAddress.lastIndexOf(':'));
  return addressOf(host === '' || host === '?' ? asked : host, port);
}

function rows(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
