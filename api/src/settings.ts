/** The API's own settings (contracts.md §6), beside the common ones, the addresses and the keys. */
import { type ConfigOf, origins, parsed, parseTrustedProxies, type Settings } from '@pulsewire/runtime';

export const apiSettings = {
  /** Origins whose pages may ask besides the API's own. */
  allowedOrigins: origins('ALLOWED_ORIGINS'),
  /** Peers whose `X-Forwarded-For` tells whose request it is. */
  trustedProxies: parsed('TRUSTED_PROXIES', { parse: parseTrustedProxies }),
} satisfies Settings;

export type ApiSettings = ConfigOf<typeof apiSettings>;
