/** The bridge's own settings (contracts.md §6), beside the common ones, the keys and the database's address. */
import { type ConfigOf, integer, origins, type Settings } from '@pulsewire/runtime';
import { LIMITS } from '@pulsewire/shared-schema';

export const bridgeSettings = {
  /** Origins of pages that may ask, besides the bridge's own. */
  allowedOrigins: origins('BRIDGE_ALLOWED_ORIGINS'),
  /** How many proxies of ours stand in front: so many last entries of `X-Forwarded-For` are believed. */
  proxyHops: integer('BRIDGE_PROXY_HOPS', { default: 0, min: 0, max: 8 }),
  maxClients: integer('MAX_CLIENTS', { default: LIMITS.maxClients, min: 1, max: 100_000 }),
} satisfies Settings;

export type BridgeSettings = ConfigOf<typeof bridgeSettings>;
