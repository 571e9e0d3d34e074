/** Audiences around a library whose sockets remember what they are sent, and turns of the event loop by hand. */
import { createPacket } from '../packet.js';
import { createRounds } from '../uws-audience.js';
import { UwsConnection } from '../uws-connection.js';
import type { UwsSocket } from '../uws-module.js';

/** Clients of a part at most. */
export const PART = 500;
export const packet = (...texts: string[]) => createPacket(texts.map((text) => Buffer.from(text)));
export const nothing = () => {};

export function setUp() {
  const topics = new Map<string, Set<string[]>>();
  const subscribersOf = (topic: string) => topics.get(topic) ?? new Set();
  let tasks: (() => void)[] = [];
  let publishedTo = new Map<string, number>();
  let mostInTurn = 0;
  const rounds = createRounds({
    publish(topic, payload) {
      publishedTo.set(topic, subscribersOf(topic).size);
      const clients = [...publishedTo.values()].reduce((sum, size) => sum + size, 0);
      mostInTurn = Math.max(mostInTurn, clients);
      for (const texts of subscribersOf(topic)) texts.push(String(payload));
    },
    defer: (task) => tasks.push(task),
  });

  function connect() {
    const texts: string[] = [];
    const subscribed = new Set<string>();
    const socket = {
      send: (message: Uint8Array) => texts.push(String(message)),
      ping: (payload: string) => texts.push(`(${payload})`),
      cork: (task: () => void) => task(),
      getBufferedAmount: () => 0,
      end: nothing,
      getTopics: () => [...subscribed],
      subscribe(topic: string) {
        subscribed.add(topic);
        topics.set(topic, subscribersOf(topic).add(texts));
      },
      unsubscribe(topic: string) {
        subscribed.delete(topic);
        subscribersOf(topic).delete(texts);
      },
    };
    return { texts, connection: new UwsConnection(socket as unknown as UwsSocket) };
  }

  function audienceOf(size: number) {
    const audience = rounds.createAudience();
    const members = Array.from({ length: size }, connect);
    for (const { connection } of members) audience.add(connection);
    return { audience, members };
  }

  return {
    rounds,
    connect,
    audienceOf,
    /** Most clients whose topics were published to in one turn. */
    mostInTurn: () => mostInTurn,
    /** Returns whether there was anything to do. */
    turn() {
      publishedTo = new Map();
      const due = tasks;
      tasks = [];
      for (const task of due) task();
      return due.length > 0;
    },
  };
}

/** How many members got what. */
export function counted(members: { texts: string[] }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { texts } of members) counts[texts.join(' ')] = (counts[texts.join(' ')] ?? 0) + 1;
  return counts;
}

/** What they had after each turn in which something changed, from now on. */
export function watch(members: { texts: string[] }[], turn: () => boolean): Record<string, number>[] {
  const seen = [counted(members)];
  while (turn()) {
    const now = counted(members);
    if (JSON.stringify(now) !== JSON.stringify(seen.at(-1))) seen.push(now);
  }
  return seen;
}
