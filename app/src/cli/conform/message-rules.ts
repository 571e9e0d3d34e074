/** Rules about what a client says, good and bad. */
import { CLOSE_CODES, LIMITS, TOPIC_OF } from '@pulsewire/shared-schema';
import type { Conversation, Frame, Peer, Rule, Say, Verdict } from './evidence.js';
import { rule } from './evidence.js';
import {
  all,
  check,
  errorsIn,
  isLive,
  messagesOf,
  opens,
  sayConversation,
  snapshotsIn,
  splitAtSnapshot,
} from './judging.js';

const PING = { t: 123.25 };
/** Above what a client may send, so that it is too big in any implementation. */
const TOO_BIG_BYTES = 80 * 1024;
const BAD_MESSAGES: readonly (string | Buffer)[] = [
  'not json',
  '{"type":"dance","data":{}}',
  Buffer.from(message('ping', PING)),
  message('ping', { t: 1, padding: 'x'.repeat(LIMITS.clientFrameBytes) }),
  message('subscribe', { topics: 5 }),
  message('subscribe', { topics: ['weather'] }),
];

const manners = {
  collect: (peer: Peer) =>
    peer.talk({
      onLive(say) {
        say(message('ping', PING));
        say(message('subscribe', { topics: ['alerts'] }));
      },
      until: (frames) => snapshotsIn(frames) >= 2 && pongsIn(frames).length > 0,
    }),
};

/** One at a time, before a client that behaves well all the while. */
const hostility = {
  async collect(peer: Peer) {
    const rude = (onLive: (say: Say) => void, until: (frames: readonly Frame[]) => boolean = () => false) =>
      peer.talk({ query: { topics: 'alerts' }, onLive, until });
    const seen = { bad: ABSENT, tenBad: ABSENT, flood: ABSENT, tooBig: ABSENT };
    const witness = await peer.talk({
      query: { topics: 'alerts' },
      async onLive(say) {
        seen.bad = await rude(
          (tell) => {
            for (const bad of BAD_MESSAGES) tell(bad);
          },
          (frames) => errorsIn(frames, 400).length >= BAD_MESSAGES.length,
        );
        seen.tenBad = await rude((tell) => times(LIMITS.badClientMessagesPerMinute, () => tell('not json')));
        seen.flood = await rude((tell) =>
          times(LIMITS.clientMessagesPerSecond + 1, () => tell(message('ping', PING))),
        );
        seen.tooBig = await rude((tell) => tell('x'.repeat(TOO_BIG_BYTES)));
        say(message('ping', PING));
      },
      until: (frames) => pongsIn(frames).length > 0,
      deadlineMs: 30_000,
    });
    return { ...seen, witness };
  },
};
const ABSENT: Conversation = { refused: null, protocol: '', frames: [], pingsAtMs: [], closed: null };

export const MESSAGE_RULES: readonly Rule[] = [
  rule('GW-70', 'ping { t } is answered with pong { t, server_time }', manners, (seen) => {
    const pong = pongsIn(seen.frames)[0];
    const isTime = !Number.isNaN(Date.parse(String(pong?.data['server_time'])));
    return check(
      pong?.data['t'] === PING.t && isTime,
      `pong with t ${PING.t} and server_time`,
      pong === undefined ? sayConversation(seen) : JSON.stringify(pong.data),
    );
  }),
  rule('GW-71', 'subscribe is answered with the snapshot of the new selection', manners, (seen) => {
    const { live } = splitAtSnapshot(seen.frames);
    const fresh = messagesOf(live.slice(live.findIndex(({ text }) => text.includes('"begin"')) + 1));
    const other = fresh.find(({ type }) => type in TOPIC_OF && type !== 'alert');
    return all(
      check(snapshotsIn(seen.frames) >= 2, 'a second snapshot', sayConversation(seen)),
      check(other === undefined, 'alerts only from then on', other?.type ?? ''),
    );
  }),
  rule(
    'GW-72',
    'bad JSON, unknown type, binary, over 4 KiB, wrong field: error 400',
    hostility,
    ({ bad }) => {
      const errors = errorsIn(bad.frames, 400);
      const fields = errors.slice(-2).map(({ data }) => String(data['field']));
      return all(
        opens(bad),
        check(
          errors.length === BAD_MESSAGES.length && bad.closed === null,
          `${BAD_MESSAGES.length} errors 400 and an open connection`,
          `${errors.length}${bad.closed === null ? '' : `, closed with ${bad.closed.code}`}`,
        ),
        check(
          fields.every((field) => field.startsWith('data.topics')),
          'the field data.topics named',
          fields.join(', '),
        ),
      );
    },
  ),
  rule('GW-73', 'the tenth bad message within a minute closes with 1008', hostility, ({ tenBad }) =>
    closesWith(tenBad, CLOSE_CODES.policy),
  ),
  rule('GW-74', 'the 21st message within a second closes with 1008', hostility, ({ flood }) =>
    closesWith(flood, CLOSE_CODES.policy),
  ),
  rule('GW-75', 'a message above 64 KiB closes with 1009', hostility, ({ tooBig }) =>
    closesWith(tooBig, CLOSE_CODES.tooBig),
  ),
  rule('GW-76', 'none of this disturbs another client', hostility, ({ witness }) =>
    check(pongsIn(witness.frames).length > 0, 'a pong for the other client', sayConversation(witness)),
  ),
];

export function message(type: string, data: object): string {
  return JSON.stringify({ type, data });
}

const pongsIn = (frames: readonly Frame[]) => messagesOf(frames).filter(({ type }) => type === 'pong');

function times(count: number, action: () => void): void {
  for (let i = 0; i < count; i += 1) action();
}

function closesWith(seen: Conversation, code: number): Verdict {
  const got = seen.closed === null ? 'no close' : String(seen.closed.code);
  return all(
    check(isLive(seen.frames), 'a connection', sayConversation(seen)),
    check(seen.closed?.code === code, `close ${code}`, got),
  );
}
