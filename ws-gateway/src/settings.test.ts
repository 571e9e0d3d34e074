import { ConfigError, readConfig } from '@pulsewire/runtime';
import { LIMITS } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { gatewaySettings } from './settings.js';

function mistakesOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment, gatewaySettings);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.mistakes.map(({ variable }) => variable) : ['?'];
  }
}

describe('the settings of the gateway', () => {
  it('GW-94: nothing set, the defaults of the contract', () => {
    expect(readConfig({}, gatewaySettings)).toEqual({
      allowedOrigins: [],
      trustedProxies: [],
      maxClients: LIMITS.maxClients,
      messagesPerSecond: LIMITS.messagesPerSecond,
      engine: 'auto',
    });
  });

  it.each(['auto', 'ws', 'WS', 'uws'])('GW-94: the engine %s, allowed', (engine) => {
    expect(mistakesOf({ GATEWAY_ENGINE: engine })).toEqual([]);
  });

  it('GW-94: everything wrong, every variable is named', () => {
    const environment = {
      ALLOWED_ORIGINS: 'status.example.org',
      TRUSTED_PROXIES: 'localhost',
      MAX_CLIENTS: '0',
      MAX_MESSAGES_PER_SECOND: 'many',
      GATEWAY_ENGINE: 'fast',
    };
    expect(mistakesOf(environment)).toEqual(Object.keys(environment));
  });
});
