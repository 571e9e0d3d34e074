/** Rules that show before a connection is made: refusals, credentials, query options. */
import {
  KEY_SUBPROTOCOL_PREFIX,
  STREAM_PATH,
  STREAM_PATH_ALIAS,
  STREAM_SUBPROTOCOL,
} from '@pulsewire/shared-schema';
import type { HttpAnswer, Peer, Probe, Rule, Verdict } from './evidence.js';
import { rule } from './evidence.js';
import { all, bodyOf, check, isLive, isObject, messagesOf, opens, refuses, sayAnswer } from './judging.js';

const FOREIGN_ORIGIN = 'https://conform.invalid';
const BAD_QUERY = { topics: 'weather', rate: '0' };

const refusals = {
  async collect(peer: Peer) {
    const ask = (request: Parameters<Peer['ask']>[0]) => peer.ask({ upgrade: true, ...request });
    return {
      otherPath: await ask({ path: '/api/system/nowhere' }),
      noKey: await ask({ key: null }),
      wrongKey: await ask({ key: peer.wrongKey }),
      foreignOrigin: await ask({ headers: { origin: FOREIGN_ORIGIN } }),
      plain: await ask({ upgrade: false }),
      oldVersion: await ask({ headers: { 'sec-websocket-version': '12' } }),
      badQuery: await ask({ query: BAD_QUERY }),
      post: await ask({ method: 'POST', upgrade: false }),
      otherPathNoKey: await ask({ path: '/api/system/nowhere', key: null }),
      foreignOriginNoKey: await ask({ key: null, headers: { origin: FOREIGN_ORIGIN } }),
      foreignOriginPlain: await ask({ upgrade: false, headers: { origin: FOREIGN_ORIGIN } }),
      badQueryPlain: await ask({ upgrade: false, query: BAD_QUERY }),
    };
  },
};
type Refusals = Awaited<ReturnType<typeof refusals.collect>>;

const credentials = {
  async collect(peer: Peer) {
    const talk = (script: Partial<Parameters<Peer['talk']>[0]>) =>
      peer.talk({ key: null, until: (frames) => frames.length > 0, ...script });
    const keyProtocol = `${KEY_SUBPROTOCOL_PREFIX}${Buffer.from(peer.key).toString('base64url')}`;
    return {
      header: await talk({ key: peer.key }),
      bearer: await talk({ headers: { authorization: `Bearer ${peer.key}` } }),
      protocol: await talk({ protocols: [STREAM_SUBPROTOCOL, keyProtocol] }),
      query: await talk({ query: { api_key: peer.key } }),
      rightBeforeWrong: await talk({ key: peer.key, query: { api_key: peer.wrongKey } }),
      wrongBeforeRight: await peer.ask({ key: peer.wrongKey, query: { api_key: peer.key }, upgrade: true }),
      alias: await talk({ key: peer.key, path: STREAM_PATH_ALIAS }),
    };
  },
};

const options = {
  async collect(peer: Peer) {
    const talk = (query: Record<string, string>) => peer.talk({ query, until: isLive });
    const ask = (query: Record<string, string>) => peer.ask({ query, upgrade: true });
    return {
      none: await talk({}),
      unknown: await talk({ colour: 'blue' }),
      slow: await talk({ rate: '1' }),
      fast: await talk({ rate: '999999999' }),
      emptyTopics: await ask({ topics: '' }),
      unknownTopic: await ask({ topics: 'weather' }),
      emptyName: await ask({ host: 'a,,b' }),
      noRate: await ask({ rate: '0' }),
      halfRate: await ask({ rate: '1.5' }),
    };
  },
};

/** Felt afterwards: this address is refused for a minute. */
const wrongKeys: Probe<HttpAnswer> = {
  needs: 'time',
  async collect(peer) {
    for (let tries = 0; tries < 10; tries += 1) await peer.ask({ key: peer.wrongKey, upgrade: true });
    return peer.ask({ upgrade: true });
  },
};

export const HANDSHAKE_RULES: readonly Rule[] = [
  rule('GW-1', `another path than ${STREAM_PATH} is refused with 404`, refusals, ({ otherPath }) =>
    refuses(otherPath, 404, 'not_found'),
  ),
  rule('GW-1', `the stream is at ${STREAM_PATH_ALIAS}, too`, credentials, ({ alias }) => opens(alias)),
  rule('GW-2', 'the first check that fails answers', refusals, (seen) =>
    all(
      refuses(seen.otherPathNoKey, 404, 'not_found'),
      refuses(seen.foreignOriginNoKey, 401, 'unauthorized'),
      refuses(seen.foreignOriginPlain, 403, 'forbidden_origin'),
      refuses(seen.badQueryPlain, 426, 'upgrade_required'),
    ),
  ),
  rule('GW-3', 'a refusal is JSON { error, message } with its length', refusals, judgeForm),
  rule('GW-4', 'no key or a wrong one: 401 with WWW-Authenticate', refusals, ({ noKey, wrongKey }) =>
    all(
      refuses(noKey, 401, 'unauthorized'),
      refuses(wrongKey, 401, 'unauthorized'),
      hasHeader(noKey, 'www-authenticate'),
    ),
  ),
  rule('GW-5', 'a page of a foreign origin is refused with 403', refusals, ({ foreignOrigin }) =>
    refuses(foreignOrigin, 403, 'forbidden_origin'),
  ),
  rule('GW-6', 'what is no WebSocket handshake: 426', refusals, ({ plain, oldVersion }) =>
    all(
      refuses(plain, 426, 'upgrade_required'),
      refuses(oldVersion, 426, 'upgrade_required'),
      hasHeader(plain, 'upgrade'),
    ),
  ),
  rule('GW-7', 'a bad query option: 400, details names every wrong field', refusals, ({ badQuery }) => {
    const { details } = bodyOf(badQuery);
    const fields = Array.isArray(details) ? details.map((entry) => isObject(entry) && entry['field']) : [];
    const named = fields.map(String).sort().join(', ');
    return all(
      refuses(badQuery, 400, 'bad_request'),
      check(named === 'rate, topics', 'details for rate, topics', named || 'no details'),
    );
  }),
  rule('GW-8', 'another method than GET: 405', refusals, ({ post }) =>
    refuses(post, 405, 'method_not_allowed'),
  ),
  rule('GW-20', 'the key is taken from header, bearer, subprotocol and query', credentials, (seen) =>
    all(opens(seen.header), opens(seen.bearer), opens(seen.protocol), opens(seen.query)),
  ),
  rule('GW-21', 'of several keys the first place counts', credentials, (seen) =>
    all(opens(seen.rightBeforeWrong), refuses(seen.wrongBeforeRight, 401, 'unauthorized')),
  ),
  rule('GW-23', 'an offered subprotocol is answered, the key never', credentials, ({ protocol, header }) =>
    all(
      check(protocol.protocol === STREAM_SUBPROTOCOL, STREAM_SUBPROTOCOL, protocol.protocol || 'none'),
      check(header.protocol === '', 'no subprotocol when none is offered', header.protocol),
    ),
  ),
  rule('GW-30', 'unknown options are ignored', options, ({ unknown }) => opens(unknown)),
  rule('GW-31', 'an unknown topic, an empty list, an empty name: 400', options, (seen) =>
    all(
      refuses(seen.emptyTopics, 400, 'bad_request'),
      refuses(seen.unknownTopic, 400, 'bad_request'),
      refuses(seen.emptyName, 400, 'bad_request'),
    ),
  ),
  rule('GW-33', 'rate is whole, at least 1, and never above the limit', options, (seen) =>
    all(
      refuses(seen.noRate, 400, 'bad_request'),
      refuses(seen.halfRate, 400, 'bad_request'),
      check(limitOf(seen.slow) === 1, 'a limit of 1 in hello', String(limitOf(seen.slow))),
      check(
        limitOf(seen.fast) === limitOf(seen.none),
        `the server's limit ${limitOf(seen.none)} in hello`,
        String(limitOf(seen.fast)),
      ),
    ),
  ),
];

/** The last of all, because nothing else can be examined for a minute. */
export const LAST_RULES: readonly Rule[] = [
  rule('GW-11', 'ten wrong keys: 429 with Retry-After, for the right key, too', wrongKeys, (answer) =>
    all(refuses(answer, 429, 'too_many_failures'), hasHeader(answer, 'retry-after')),
  ),
];

/** `Connection` is between neighbours: through a proxy it is the proxy's. */
function judgeForm(seen: Refusals): Verdict {
  return all(
    ...Object.values(seen).map((answer) => {
      const { error, message } = bodyOf(answer);
      const formed = typeof error === 'string' && typeof message === 'string';
      return all(
        check(formed, 'JSON with error and message', `${answer.status} ${answer.body.slice(0, 60)}`),
        hasHeader(answer, 'content-length'),
      );
    }),
  );
}

function hasHeader(answer: HttpAnswer, name: string): Verdict {
  return check(answer.headers[name] !== undefined, `the header ${name}`, `${sayAnswer(answer)} without it`);
}

function limitOf(conversation: Parameters<typeof opens>[0]): unknown {
  const limits = messagesOf(conversation.frames)[0]?.data['limits'];
  return isObject(limits) ? limits['messages_per_second'] : undefined;
}
