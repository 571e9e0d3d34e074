import { readConfig } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { bridgeSettings } from './settings.js';

describe('settings', () => {
  it('SB-41: nothing given, no page of elsewhere and no proxy is trusted', () => {
    expect(readConfig({}, bridgeSettings)).toEqual({ allowedOrigins: [], proxyHops: 0, maxClients: 100 });
  });

  it('SB-41: mistakes, all told at once', () => {
    const given = { BRIDGE_ALLOWED_ORIGINS: 'status.example.org', BRIDGE_PROXY_HOPS: '-1', MAX_CLIENTS: '0' };
    expect(() => readConfig(given, bridgeSettings)).toThrow(
      /BRIDGE_ALLOWED_ORIGINS[\s\S]*BRIDGE_PROXY_HOPS[\s\S]*MAX_CLIENTS/,
    );
  });
});
