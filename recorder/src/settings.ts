/** The recorder's settings (contracts.md §6), beside the common ones and the addresses of bus and database. */
import { type ConfigOf, integer, type Settings } from '@pulsewire/runtime';

const MAX_DAYS = 36_500;

export const recorderSettings = {
  retentionRawDays: integer('RETENTION_RAW_DAYS', { default: 7, min: 1, max: MAX_DAYS }),
  retention1mDays: integer('RETENTION_1M_DAYS', { default: 90, min: 1, max: MAX_DAYS }),
  retention15mDays: integer('RETENTION_15M_DAYS', { default: 730, min: 1, max: MAX_DAYS }),
} satisfies Settings;

export type RecorderSettings = ConfigOf<typeof recorderSettings>;
