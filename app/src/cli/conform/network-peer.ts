/** The edge to the network: requests and conversations as they are described, recorded as they happen. */
import { randomBytes } from 'node:crypto';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Clock } from '@pulsewire/runtime';
import { type RawData, WebSocket } from 'ws';
import type { Ask, Conversation, Frame, HttpAnswer, Peer, Talk } from './evidence.js';
import { isLive } from './judging.js';

const ANSWER_MS = 5000;
const TALK_MS = 5000;
const LARGEST_BODY = 256 * 1024;
const NO_ANSWER: HttpAnswer = { status: 0, headers: {}, body: '' };

export interface NetworkPeerOptions {
  /** `ws://` or `wss://` address of the feed. */
  feedUrl: string;
  key: string;
  clock: Clock;
  publish: Peer['publish'];
}

/** Nothing here rejects for what a gateway does: no answer, a broken connection, garbage are evidence. */
export function createNetworkPeer(options: NetworkPeerOptions): Peer {
  const { feedUrl, key, clock, publish } = options;
  const wrongKey = randomBytes(24).toString('base64url');
  return {
    key,
    wrongKey,
    publish,
    ask: (request) => ask(addressOf(feedUrl, request), headersOf(key, request), request, clock),
    talk: (script) => talk(addressOf(feedUrl, script), headersOf(key, script), script, clock),
  };
}

function ask(url: URL, headers: Record<string, string>, given: Ask, clock: Clock): Promise<HttpAnswer> {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': randomBytes(16).toString('base64'),
    'sec-websocket-version': '13',
  };
  url.protocol = url.protocol === 'wss:' ? 'https:' : 'http:';
  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request: ClientRequest = send(url, {
      method: given.method ?? 'GET',
      headers: { ...(given.upgrade === true ? upgrade : {}), ...headers },
      agent: false,
    });
    const cancel = clock.after(ANSWER_MS, () => request.destroy());
    const settle = (answer: HttpAnswer) => {
      cancel();
      resolve(answer);
    };
    let answered = false;
    request.on('response', (response) => {
      answered = true;
      void readAnswer(response).then(settle);
    });
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      settle({ status: 101, headers: plainHeaders(response), body: '' });
    });
    // Also follows an answer, perhaps before the last of its body was read.
    const onEnd = () => {
      if (!answered) settle(NO_ANSWER);
    };
    request.on('error', onEnd);
    request.on('close', onEnd);
    request.end();
  });
}

function talk(url: URL, headers: Record<string, string>, script: Talk, clock: Clock): Promise<Conversation> {
  const socket = new WebSocket(url, [...(script.protocols ?? [])], {
    headers,
    perMessageDeflate: false,
    autoPong: script.answersPings ?? true,
  });
  const frames: Frame[] = [];
  const pingsAtMs: number[] = [];
  let openedMs = clock.monotonicMs();
  let told = false;
  const sinceOpen = () => clock.monotonicMs() - openedMs;
  return new Promise((resolve) => {
    const settle = (end: Pick<Conversation, 'refused' | 'closed'>) => {
      cancel();
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.terminate();
      resolve({ ...end, protocol: socket.protocol, frames: [...frames], pingsAtMs });
    };
    const stillOpen = () => settle({ refused: null, closed: null });
    const cancel = clock.after(script.deadlineMs ?? TALK_MS, stillOpen);
    socket.on('open', () => {
      openedMs = clock.monotonicMs();
    });
    socket.on('unexpected-response', (_request, response) => {
      void readAnswer(response).then((refused) => settle({ refused, closed: null }));
    });
    socket.on('ping', () => pingsAtMs.push(sinceOpen()));
    socket.on('message', (bytes: RawData, binary) => {
      frames.push({ text: bytes.toString(), binary, atMs: sinceOpen() });
      if (script.until(frames)) return stillOpen();
      if (told || script.onLive === undefined || !isLive(frames)) return undefined;
      told = true;
      return void Promise.resolve(script.onLive((message) => socket.send(message))).catch(stillOpen);
    });
    // What breaks the protocol closes the connection, too, and the code tells.
    socket.on('error', () => undefined);
    socket.on('close', (code) => settle({ refused: null, closed: { code, atMs: sinceOpen() } }));
  });
}

function addressOf(feedUrl: string, { path, query = {} }: Pick<Ask, 'path' | 'query'>): URL {
  const url = new URL(feedUrl);
  if (path !== undefined) url.pathname = path;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

function headersOf(right: string, given: Pick<Ask, 'key' | 'headers'>): Record<string, string> {
  const key = given.key === undefined ? right : given.key;
  return { ...(key === null ? {} : { 'x-api-key': key }), ...given.headers };
}

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  let body = '';
  try {
    for await (const chunk of response) {
      body += String(chunk);
      if (body.length > LARGEST_BODY) response.destroy();
    }
  } catch {
    // What came before the break is what there is to judge.
  }
  return { status: response.statusCode ?? 0, headers: plainHeaders(response), body };
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
