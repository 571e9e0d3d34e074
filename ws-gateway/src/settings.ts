/** The gateway's own settings (contracts.md §6), beside the common ones, the bus address and the keys. */
import { type ConfigOf, integer, origins, parsed, type Settings } from '@pulsewire/runtime';
import { LIMITS } from '@pulsewire/shared-schema';

export const gatewaySettings = {
  /** Origins that may connect besides the gateway's own. */
  allowedOrigins: origins('ALLOWED_ORIGINS'),
  maxClients: integer('MAX_CLIENTS', { default: LIMITS.maxClients, min: 1, max: 1_000_000 }),
  messagesPerSecond: integer('MAX_MESSAGES_PER_SECOND', {
    default: LIMITS.messagesPerSecond,
    min: 1,
    max: 1_000_000,
  }),
  engine: parsed('GATEWAY_ENGINE', { parse: parseEngine }),
} satisfies Settings;

export type GatewaySettings = ConfigOf<typeof gatewaySettings>;

function parseEngine(raw = 'auto'): 'ws' {
  const name = raw.toLowerCase();
  if (name === 'auto' || name === 'ws') return 'ws';
  if (name === 'uws') throw new Error('must be auto or ws: the engine uws is not available yet');
  throw new Error('must be auto or ws');
}
