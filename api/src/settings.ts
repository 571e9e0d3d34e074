/** The API's own settings (contracts.md §6), beside the common ones, the addresses and the keys. */
import { type ConfigOf, origins, type Settings } from '@pulsewire/runtime';

export const apiSettings = {
  /** Origins whose pages may ask besides the API's own. */
  allowedOrigins: origins('ALLOWED_ORIGINS'),
} satisfies Settings;

export type ApiSettings = ConfigOf<typeof apiSettings>;
