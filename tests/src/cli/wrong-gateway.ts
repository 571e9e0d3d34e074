/** Our gateway behind a relay that breaks a promise: everything else stays right. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Stoppable } from '@pulsewire/runtime';
import { WebSocket, WebSocketServer } from 'ws';

/** What the relay does differently; what is absent is passed on as it is. */
export interface Deviation {
  /** Changes the request before our gateway sees it. */
  request?: (url: URL, headers: Record<string, string>) => void;
  /** The frames that the client gets instead of this one. */
  frame?: (text: string) => string[];
  /** The close code that the client gets, or `null` to leave it connected. */
  close?: (code: number) => number | null;
}

export interface WrongGateway extends Stoppable {
  readonly feedUrl: string;
}

const HOP_BY_HOP = /^(?:connection|upgrade|host|transfer-encoding|sec-websocket-(?:key|extensions))$/;

/** The bytes with which our gateway refuses this upgrade, or `null`: asked first, because `ws` sends no bad one. */
async function refusalFor(
  url: URL,
  headers: Record<string, string>,
  { headers: given }: IncomingMessage,
): Promise<string | null> {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': given['sec-websocket-key'],
  };
  const asked = request(`http://${url.host}${url.pathname}${url.search}`, {
    headers: { ...headers, ...upgrade },
    agent: false,
  }).end();
  const [response] = (await Promise.race([once(asked, 'response'), once(asked, 'upgrade')])) as [
    IncomingMessage,
  ];
  const status = response.statusCode ?? 500;
  if (status === 101) {
    response.socket.destroy();
    return null;
  }
  const lines = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}`);
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n');
}

export async function startWrongGateway(realPort: number, deviation: Deviation): Promise<WrongGateway> {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  const server = createServer((asked, response) => {
    const { url, headers } = forwarded(asked, 'http');
    void fetch(url, { headers, method: asked.method ?? 'GET' }).then(async (answer) => {
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(await answer.text());
    });
  });
  server.on('upgrade', (asked, socket, head) => {
    socket.on('error', () => undefined);
    // A refusal was passed on by then.
    relay(asked, socket, head).catch(() => undefined);
  });
  const open = new Set<Duplex>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });

  function forwarded(asked: IncomingMessage, scheme: string): { url: URL; headers: Record<string, string> } {
    const url = new URL(asked.url ?? '/', `${scheme}://127.0.0.1:${realPort}`);
    const own = Object.entries(asked.headers).filter(([name]) => !HOP_BY_HOP.test(name));
    const headers = Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
    deviation.request?.(url, headers);
    return { url, headers };
  }

  async function relay(asked: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { url, headers } = forwarded(asked, 'ws');
    const refusal = await refusalFor(url, headers, asked);
    if (refusal !== null) return void socket.end(refusal);
    const { 'sec-websocket-protocol': protocols, 'sec-websocket-version': _, ...others } = headers;
    const names = protocols?.split(',').map((name) => name.trim()) ?? [];
    const real = new WebSocket(url, names, { headers: others, perMessageDeflate: false });
    const early: string[] = [];
    let deliver = (text: string) => void early.push(text);
    real.on('message', (bytes) => deliver(bytes.toString()));
    real.on('error', () => undefined);
    await once(real, 'open');
    sockets.handleUpgrade(asked, socket, head, (client) => {
      deliver = (text) => {
        for (const frame of deviation.frame?.(text) ?? [text]) client.send(frame);
      };
      for (const text of early.splice(0)) deliver(text);
      client.on('message', (bytes, binary) => real.send(bytes, { binary }));
      client.on('close', () => real.terminate());
      client.on('error', () => undefined);
      real.on('close', (code) => {
        const own = deviation.close === undefined ? code : deviation.close(code);
        if (own !== null) client.close(own === 1006 ? 1011 : own);
      });
    });
  }

  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    feedUrl: `ws://127.0.0.1:${port}/api/system/ws`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
