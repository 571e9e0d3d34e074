/** The gateway's own settings (contracts.md §6), beside the common ones, the bus address and the keys. */
import {
  type ConfigOf,
  integer,
  oneOf,
  origins,
  parsed,
  parseTrustedProxies,
  type Settings,
} from '@pulsewire/runtime';
import { LIMITS } from '@pulsewire/shared-schema';

export const gatewaySettings = {
  /** Origins that may connect besides the gateway's own. */
  allowedOrigins: origins('ALLOWED_ORIGINS'),
  /** Peers whose `X-Forwarded-For` tells whose request it is. */
  trustedProxies: parsed('TRUSTED_PROXIES', { parse: parseTrustedProxies }),
  maxClients: integer('MAX_CLIENTS', { default: LIMITS.maxClients, min: 1, max: 1_000_000 }),
  messagesPerSecond: integer('MAX_MESSAGES_PER_SECOND', {
    default: LIMITS.messagesPerSecond,
    min: 1,
    max: 1_000_000,
  }),
  /** `auto` is `uws` where it can be loaded and the gateway has a port of its own, otherwise `ws`. */
  engine: oneOf('GATEWAY_ENGINE', { values: ['auto', 'ws', 'uws'], default: 'auto' }),
} satisfies Settings;

export type GatewaySettings = ConfigOf<typeof gatewaySettings>;
