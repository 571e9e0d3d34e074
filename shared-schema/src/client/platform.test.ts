import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StreamClientError } from '../errors.js';
import { platformProbe, platformWakeUps } from './platform.js';
import { createStreamManager } from './stream-manager.js';

const URL_OF_FEED = 'ws://127.0.0.1:8080/api/system/ws';

function codeOf(make: () => unknown): unknown {
  try {
    make();
  } catch (error) {
    return error instanceof StreamClientError ? error.code : error;
  }
  return 'nothing was thrown';
}

afterEach(() => vi.unstubAllGlobals());

describe('platform', () => {
  it('SC-9: no WebSocket and no connect given, is an error that tells the fix', () => {
    vi.stubGlobal('WebSocket', undefined);
    expect(codeOf(() => createStreamManager({ url: URL_OF_FEED, key: 'k' }))).toBe('websocket_missing');
    expect(() => createStreamManager({ url: URL_OF_FEED, key: 'k' })).toThrow(/pass connect.*ws/);
  });

  it.each(['http://example.org/', 'not an address', ''])('SC-9: the address %j, is an error', (url) => {
    expect(codeOf(() => createStreamManager({ url, key: 'k' }))).toBe('url_invalid');
  });

  it('SC-16: a page that becomes visible or online, wakes; one that is hidden does not', () => {
    const page = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
    const window = new EventTarget();
    vi.stubGlobal('document', page);
    vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
    vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window));
    const wake = vi.fn();
    const stop = platformWakeUps(wake);
    page.dispatchEvent(new Event('visibilitychange'));
    expect(wake).toHaveBeenCalledTimes(0);
    page.visibilityState = 'visible';
    page.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new Event('online'));
    expect(wake).toHaveBeenCalledTimes(2);
    stop();
    window.dispatchEvent(new Event('online'));
    page.dispatchEvent(new Event('visibilitychange'));
    expect(wake).toHaveBeenCalledTimes(2);
  });

  it('SC-16: in Node, which has neither event, waking up is simply never asked for', () => {
    expect(platformWakeUps(() => undefined)).toBeTypeOf('function');
  });

  it('SC-27: a server that redirects, is not followed, and counts as no answer', async () => {
    const keys: unknown[] = [];
    const other = createServer((request, response) => {
      keys.push(request.headers['x-api-key']);
      response.end();
    });
    const portOf = async (server: Server) => {
      await once(server.listen(0, '127.0.0.1'), 'listening');
      return (server.address() as AddressInfo).port;
    };
    const elsewhere = `http://127.0.0.1:${await portOf(other)}/`;
    const server = createServer((_request, response) => {
      response.writeHead(307, { location: elsewhere }).end();
    });
    expect(await platformProbe(`ws://127.0.0.1:${await portOf(server)}/`, 'a-key-of-16-bytes')).toBeNull();
    expect(keys).toEqual([]);
    for (const each of [server, other]) each.close();
  });

  it('SC-83: no file of the client, imports a file that needs the schema library at run time', () => {
    const folder = new URL('.', import.meta.url);
    const files = readdirSync(folder).filter((file) => !/\.test(-support)?\.ts$/.test(file));
    const imports = files.flatMap((file) =>
      [
        ...readFileSync(new URL(file, folder), 'utf8').matchAll(
          /^(?:import|export) (?!type )[\w\s{},]+ from '(.+)';/gm,
        ),
      ].map(([, from]) => from),
    );
    const outside = [...new Set(imports.filter((from) => !from?.startsWith('./')))].sort();
    expect(outside).toEqual(['../errors.js', '../limits.js', '../names.js', '../series.js', '../words.js']);
  });
});
