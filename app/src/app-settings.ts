/** Every variable that the embedded process reads: the rooms' own settings, side by side. */
import { recorderSettings } from '@pulsewire/recorder';
import {
  type ApiKey,
  type ConfigOf,
  commonSettings,
  keyFilePath,
  parseApiKeys,
  parsed,
  redisUrl,
  type Settings,
  text,
  url,
} from '@pulsewire/runtime';
import { sentinelSettings } from '@pulsewire/sentinel';
import { gatewaySettings } from '@pulsewire/ws-gateway';

const ownSettings = {
  ...commonSettings({ port: 8080 }),
  /** Without it the bus lives in memory. */
  redisUrl: redisUrl({ required: false }),
  /** Without it history is kept in an embedded database under the data folder. */
  databaseUrl: url('DATABASE_URL', { schemes: ['postgres', 'postgresql'], required: false }),
  dataDir: text('DATA_DIR', { default: './data' }),
  /** Without it and without a file of keys, one key is generated and kept under the data folder. */
  apiKeys: parsed<readonly ApiKey[] | undefined>('API_KEYS', {
    secret: true,
    parse: (raw) => (raw === undefined ? undefined : parseApiKeys(raw)),
  }),
  apiKeysFile: keyFilePath(),
} satisfies Settings;

export const appSettings: typeof sentinelSettings &
  typeof gatewaySettings &
  typeof recorderSettings &
  typeof ownSettings = {
  ...sentinelSettings,
  ...gatewaySettings,
  ...recorderSettings,
  ...ownSettings,
};

export type AppSettings = ConfigOf<typeof appSettings>;
