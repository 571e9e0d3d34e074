/**
 * Who may ask, for HTTP and Socket.IO alike: an address that does not ask too often and has not guessed keys, a page of
 * an allowed origin, and a key that is ours.
 */
import {
  type ApiKey,
  type Clock,
  createFailedKeys,
  findApiKey,
  isOriginAllowed,
  networkOf,
} from '@pulsewire/runtime';
import { BRIDGE_LIMITS } from '@pulsewire/shared-schema';
import { createRateTable } from './rate-table.js';
import { type BridgeRefusalCode, type Refusal, refusal } from './refusal.js';

export interface Gate {
  /** Counts one request of the address. */
  admitAddress(address: string): Refusal | null;
  admitOrigin(origin: string | undefined, host: string | undefined): Refusal | null;
  /** Counts one request of the key. `offered` comes from outside and may be anything. */
  admitKey(address: string, offered: unknown): ApiKey | Refusal;
  /** Counts a refusal that somebody else decided, and returns it. */
  refuse(code: BridgeRefusalCode, retryAfterMs?: number | null, message?: string): Refusal;
}

export interface GateOptions {
  keys: readonly ApiKey[];
  allowedOrigins: readonly string[];
  clock: Clock;
  onRefused(code: BridgeRefusalCode): void;
}

export function createGate({ keys, allowedOrigins, clock, onRefused }: GateOptions): Gate {
  const failedKeys = createFailedKeys();
  const addresses = createRateTable(withBurst(BRIDGE_LIMITS.requestsPerMinuteOfAddress));
  const users = createRateTable(withBurst(BRIDGE_LIMITS.requestsPerMinuteOfKey));

  const refuse: Gate['refuse'] = (code, retryAfterMs = null, message) => {
    onRefused(code);
    return refusal(code, retryAfterMs, message);
  };

  return {
    admitAddress(address) {
      const waitMs = addresses.spend(networkOf(address), clock.monotonicMs());
      return waitMs === 0 ? null : refuse('too_many_requests', waitMs);
    },
    admitOrigin: (origin, host) =>
      isOriginAllowed(origin, host, allowedOrigins) ? null : refuse('forbidden_origin'),
    admitKey(address, offered) {
      const nowMs = clock.monotonicMs();
      const blockedForMs = failedKeys.blockedForMs(address, nowMs);
      if (blockedForMs > 0) return refuse('too_many_failures', blockedForMs);
      if (typeof offered !== 'string' || offered === '') return refuse('unauthorized');
      const key = findApiKey(keys, offered);
      if (key === undefined) {
        failedKeys.record(address, nowMs);
        return refuse('unauthorized');
      }
      const waitMs = users.spend(key.name, nowMs);
      return waitMs === 0 ? key : refuse('too_many_requests', waitMs);
    },
    refuse,
  };
}

/** Keys without topics are for everything; the others name what they are for. */
export function mayReadStatus({ topics }: ApiKey): boolean {
  return topics === undefined || (topics.includes('metrics') && topics.includes('containers'));
}

export function mayReadLogs({ topics }: ApiKey): boolean {
  return topics === undefined || topics.includes('logs');
}

export function isRefusal(verdict: ApiKey | Refusal): verdict is Refusal {
  return 'code' in verdict;
}

/** A tenth of a minute's requests may come at once. */
function withBurst(perMinute: number) {
  return { perMinute, burst: perMinute / 10 };
}
