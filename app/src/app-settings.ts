/** Every variable that the embedded process reads: the rooms' own settings, side by side. */
import {
  type ApiKey,
  type ConfigOf,
  commonSettings,
  parseApiKeys,
  parsed,
  redisUrl,
  type Settings,
  text,
} from '@pulsewire/runtime';
import { sentinelSettings } from '@pulsewire/sentinel';
import { gatewaySettings } from '@pulsewire/ws-gateway';

const ownSettings = {
  ...commonSettings({ port: 8080 }),
  /** Without it the bus lives in memory. */
  redisUrl: redisUrl({ required: false }),
  dataDir: text('DATA_DIR', { default: './data' }),
  /** Without it and without a file of keys, one key is generated and kept under the data folder. */
  apiKeys: parsed<readonly ApiKey[] | undefined>('API_KEYS', {
    secret: true,
    parse: (raw) => (raw === undefined ? undefined : parseApiKeys(raw)),
  }),
  apiKeysFile: text('API_KEYS_FILE', { default: undefined }),
} satisfies Settings;

export const appSettings: typeof sentinelSettings & typeof gatewaySettings & typeof ownSettings = {
  ...sentinelSettings,
  ...gatewaySettings,
  ...ownSettings,
};

export type AppSettings = ConfigOf<typeof appSettings>;
