/**
 * The audiences of the engine uWebSockets.js: a packet costs one call for many clients, but the writing to ten thousand
 * of them takes longer than many a message is apart. So the members of an audience are in *parts*, each a topic of the
 * library, which are written to in *rounds*: one after the other, about one in each turn of the event loop. What comes
 * meanwhile goes to the parts that are still to come together with what came before. So nobody waits longer than a
 * round takes, at any rate of messages, and everything else of the process gets its turn in between. What a part has
 * not been written is *due* to it, and goes out before anything else that one of its members is sent.
 */
import type { Audience, Connection } from './engine.js';
import type { Packet } from './packet.js';

/** Some 5 ms of writing. */
const PART_CLIENTS = 500;

/** A member's connection. */
export interface Subscriber extends Connection {
  part: Part | null;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
}

export interface Rounds {
  /** Its members must be {@link Subscriber}s. */
  createAudience(): Audience;
  /** Nothing is written afterwards. */
  stop(): void;
}

export interface RoundsOptions {
  /** One message to all who subscribe to the topic, in the order of what else they are sent. */
  publish(topic: string, payload: Buffer): void;
  /** Runs the task in the next turn of the event loop. */
  defer(task: () => void): void;
}

interface Due {
  packet: Packet;
  /** How many parts it is due to. */
  parts: number;
  onWritten(): void;
}

/** A class, because it is touched with every message. */
export class Part {
  clients = 0;
  /** It waits for its turn. */
  waits = false;
  dueBytes = 0;
  private due: Due[] = [];

  constructor(
    readonly topic: string,
    private readonly publish: RoundsOptions['publish'],
  ) {}

  push(due: Due): void {
    this.due.push(due);
    this.dueBytes += due.packet.bytes;
  }

  write({ payloads }: Packet): void {
    for (const payload of payloads) this.publish(this.topic, payload);
  }

  /** Writes what is due. Returns to how many clients. */
  settle(): number {
    if (this.due.length === 0) return 0;
    const settled = this.due;
    this.due = [];
    this.dueBytes = 0;
    for (const due of settled) {
      this.write(due.packet);
      due.parts -= 1;
      if (due.parts === 0) due.onWritten();
    }
    return this.clients;
  }
}

export function createRounds({ publish, defer }: RoundsOptions): Rounds {
  /** In the order of their turns. */
  const waiting: Part[] = [];
  let running = false;
  let stopped = false;
  let topics = 0;

  /** The library's server may be gone afterwards. */
  function publishUntilStopped(topic: string, payload: Buffer): void {
    if (!stopped) publish(topic, payload);
  }

  function turn(): void {
    let clients = 0;
    while (waiting.length > 0 && clients < PART_CLIENTS) {
      const part = waiting.shift() as Part;
      part.waits = false;
      clients += part.settle();
    }
    running = waiting.length > 0;
    if (running) defer(turn);
  }

  function createPart(): Part {
    topics += 1;
    return new Part(String(topics), publishUntilStopped);
  }

  function createAudience(): Audience {
    const parts: Part[] = [];

    function roomyPart(): Part {
      const known = parts.find(({ clients }) => clients < PART_CLIENTS);
      if (known !== undefined) return known;
      const part = createPart();
      parts.push(part);
      return part;
    }

    return {
      add(connection) {
        const subscriber = connection as Subscriber;
        const part = roomyPart();
        part.settle();
        part.clients += 1;
        subscriber.part = part;
        subscriber.subscribe(part.topic);
      },
      delete(connection) {
        const subscriber = connection as Subscriber;
        const { part } = subscriber;
        if (part === null) return;
        part.settle();
        part.clients -= 1;
        subscriber.part = null;
        subscriber.unsubscribe(part.topic);
        if (part.clients === 0) parts.splice(parts.indexOf(part), 1);
      },
      write(packet, onWritten) {
        if (parts.length <= 1) {
          const [only] = parts;
          only?.settle();
          only?.write(packet);
          onWritten();
          return;
        }
        const due = { packet, parts: parts.length, onWritten };
        for (const part of parts) {
          part.push(due);
          if (part.waits) continue;
          part.waits = true;
          waiting.push(part);
        }
        if (running) return;
        running = true;
        turn();
      },
    };
  }

  return {
    createAudience,
    stop() {
      stopped = true;
      waiting.length = 0;
    },
  };
}
