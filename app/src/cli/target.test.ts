import { describe, expect, it } from 'vitest';
import { deriveTarget } from './target.js';

describe('target', () => {
  it('CL-3: printed address of the dashboard, the feed of that gateway with the key', () => {
    expect(deriveTarget('http://127.0.0.1:8080/#key=abc-_1')).toEqual({
      feedUrl: 'ws://127.0.0.1:8080/api/system/ws',
      key: 'abc-_1',
      local: true,
    });
  });

  it('CL-3: address of a feed behind a proxy, kept as it is', () => {
    expect(deriveTarget('https://status.example.org/pulse/ws?x=1')).toEqual({
      feedUrl: 'wss://status.example.org/pulse/ws?x=1',
      key: null,
      local: false,
    });
  });

  it('CL-3: page of the dashboard with what it shows, the feed without that', () => {
    expect(deriveTarget('https://example.org/history?range=1h#key=abc')).toEqual({
      feedUrl: 'wss://example.org/api/system/ws',
      key: 'abc',
      local: false,
    });
  });

  it('CL-3: feed that is called as a page is, kept as it is', () => {
    expect(deriveTarget('ws://127.0.0.1:9/logs?topics=logs')?.feedUrl).toBe(
      'ws://127.0.0.1:9/logs?topics=logs',
    );
  });

  it('CL-3: key in the query, taken out of the address', () => {
    expect(deriveTarget('ws://[::1]:9/ws/system?api_key=abc')).toEqual({
      feedUrl: 'ws://[::1]:9/ws/system',
      key: 'abc',
      local: true,
    });
  });

  it.each(['', 'localhost:8080', 'ftp://a/', 'redis://a'])('CL-2: "%s", no address', (text) => {
    expect(deriveTarget(text)).toBeNull();
  });
});
