import { describe, expect, it } from 'vitest';
import {
  commonSettings,
  integer,
  oneOf,
  origins,
  parsed,
  readConfig,
  redisUrl,
  text,
  url,
} from './config.js';
import { ConfigError } from './errors.js';

const settings = {
  ...commonSettings({ port: 8081 }),
  redisUrl: url('REDIS_URL', { schemes: ['redis', 'rediss'], required: true, why: 'the bus lives there' }),
  interval: integer('SAMPLE_INTERVAL_MS', { default: 1000, min: 250, max: 60_000 }),
  engine: oneOf('GATEWAY_ENGINE', { values: ['auto', 'ws'], default: 'auto' }),
  origins: origins('ALLOWED_ORIGINS'),
  host_name: text('HOST_NAME', { default: undefined, pattern: /^[a-z]+$/, allowed: 'must be lower case' }),
  keys: parsed('API_KEYS', {
    secret: true,
    parse: (raw) => {
      if (raw === 'bad') throw new Error('must be better');
      return raw ?? 'none';
    },
  }),
};

function mistakesOf(environment: Record<string, string>) {
  try {
    readConfig(environment, settings);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  return undefined;
}

describe('configuration', () => {
  it('RT-1: variables unset or blank, give the defaults', () => {
    expect(readConfig({ REDIS_URL: 'redis://r', PORT: ' ' }, settings)).toEqual({
      port: 8081,
      host: '127.0.0.1',
      logLevel: 'info',
      logFormat: undefined,
      redisUrl: 'redis://r',
      interval: 1000,
      engine: 'auto',
      origins: [],
      host_name: undefined,
      keys: 'none',
    });
  });

  it('RT-2: variables set, are trimmed and read as what they are', () => {
    const environment = {
      REDIS_URL: 'rediss://r',
      PORT: ' 0 ',
      GATEWAY_ENGINE: 'WS',
      ALLOWED_ORIGINS: 'https://a.example, http://b.example:8080',
    };
    expect(readConfig(environment, settings)).toMatchObject({
      port: 0,
      engine: 'ws',
      origins: ['https://a.example', 'http://b.example:8080'],
    });
  });

  it('RT-3: every mistake, is in one error with its variable, what was given and what is allowed', () => {
    const error = mistakesOf({
      PORT: '65536',
      LOG_LEVEL: 'loud',
      SAMPLE_INTERVAL_MS: '1e3',
      ALLOWED_ORIGINS: 'https://a.example/path',
      HOST_NAME: 'Alpha',
      API_KEYS: 'bad',
    });
    expect(error?.mistakes.map(({ variable, given }) => [variable, given])).toEqual([
      ['PORT', '65536'],
      ['LOG_LEVEL', 'loud'],
      ['REDIS_URL', null],
      ['SAMPLE_INTERVAL_MS', '1e3'],
      ['ALLOWED_ORIGINS', 'https://a.example/path'],
      ['HOST_NAME', 'Alpha'],
      ['API_KEYS', null],
    ]);
    expect(error?.message).toContain('REDIS_URL: is required: the bus lives there');
    expect(error?.message).toContain('PORT="65536": must be a whole number from 0 to 65535');
    expect(error?.message).toContain('API_KEYS: must be better');
  });

  it('RT-4: a secret that is wrong, is not repeated', () => {
    const error = mistakesOf({ REDIS_URL: 'http://:hunter2hunter2@r', API_KEYS: 'bad' });
    expect(error?.message).not.toContain('hunter2');
    expect(error?.mistakes.every(({ given }) => given === null)).toBe(true);
  });

  it('RT-4: credentials inside another value, are not repeated', () => {
    const error = mistakesOf({
      REDIS_URL: 'redis://r',
      ALLOWED_ORIGINS: 'https://me:hunter2hunter2@a.example',
    });
    expect(error?.message).toContain('https://[redacted]@a.example');
    expect(error?.message).not.toContain('hunter2');
  });

  it.each(['redis://', 'redis:///0', 'redis://?db=1', 'redis:h', 'http://h', 'r'])(
    'RT-7: the URL %s, is refused',
    (REDIS_URL) => {
      expect(mistakesOf({ REDIS_URL })?.mistakes).toMatchObject([{ variable: 'REDIS_URL', given: null }]);
    },
  );

  it('RT-7: REDIS_URL, is one server or the nodes of a Cluster', () => {
    for (const given of ['redis://r', 'rediss://me:secret@r:1/3', 'redis-cluster://a:1,b'])
      expect(readConfig({ REDIS_URL: given }, { redis: redisUrl({ required: true }) })).toEqual({
        redis: given,
      });
  });

  it('RT-7: REDIS_URL that is wrong or missing, is told without what was given', () => {
    const read = (REDIS_URL?: string) =>
      redisUrl({ required: true, why: 'the bus lives there' }).read(REDIS_URL);
    expect(read()).toEqual({ allowed: 'is required: the bus lives there' });
    expect(read('redis-cluster://:hunter2@a,')).toEqual({ allowed: expect.not.stringContaining('hunter2') });
    expect(redisUrl({ required: false }).read(undefined)).toEqual({ value: undefined });
  });

  it.each(['', '1.5', '0x10', '12abc', '-1', '9'.repeat(400)])(
    'RT-5: a number written as "%s", is refused or unset, never half read',
    (PORT) => {
      const port = integer('PORT', { default: 7, min: 0, max: 65_535 });
      const result = port.read(PORT === '' ? undefined : PORT);
      expect('allowed' in result ? 'refused' : result.value).toBe(PORT === '' ? 7 : 'refused');
    },
  );
});
