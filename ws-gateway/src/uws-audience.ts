/**
 * The audiences of the engine uWebSockets.js: a packet costs one call for many clients, but the writing to ten thousand
 * of them takes longer than many a message is apart. So the members of an audience are in *parts*, each a topic of the
 * library, which are written to in *rounds*: one after the other, about one in each turn of the event loop. What comes
 * meanwhile goes to the parts that are still to come together with what came before. So nobody waits longer than a
 * round of all audiences takes, at any rate of messages, and everything else of the process gets its turn in between.
 * What a part has not been written is *due* to it. A member that is sent something else meanwhile gets what is due
 * first, *ahead* of its part, from whose topic it is away until the part's turn.
 */
import type { Audience, Connection } from './engine.js';
import type { Packet } from './packet.js';

/** Of a part, and of a turn: some 5 ms of writing. */
const PART_CLIENTS = 500;

/** A member's connection. */
export interface Subscriber extends Connection {
  part: Part | null;
  /** Without what is due. */
  send(payloads: readonly Buffer[]): void;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  /** What the task sends leaves in one write, with what was published to it before. */
  cork(task: () => void): void;
}

export interface Rounds {
  /** Its members must be {@link Subscriber}s. */
  createAudience(): Audience;
  /** Runs the task between two rounds, the last one that was given. */
  whenIdle(task: () => void): void;
  /** Nothing is written or run afterwards. */
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
  /** It is in the row for its turn. */
  waits = false;
  private due: Due[] = [];
  /** Members that are ahead of the rest, and how much of what is due they have. */
  private readonly ahead = new Map<Subscriber, number>();
  /** What is to be done behind what is written next. */
  private readonly behind = new Map<Subscriber, () => void>();

  constructor(
    private readonly topic: string,
    private readonly publish: RoundsOptions['publish'],
  ) {}

  push(due: Due): void {
    this.due.push(due);
  }

  dueBytesOf(subscriber: Subscriber): number {
    if (this.due.length === 0) return 0;
    let bytes = 0;
    for (const { packet } of this.dueTo(subscriber)) bytes += packet.bytes;
    return bytes;
  }

  /** Who joins gets nothing that was due before. */
  join(subscriber: Subscriber): void {
    this.clients += 1;
    subscriber.part = this;
    if (this.due.length === 0) subscriber.subscribe(this.topic);
    else this.ahead.set(subscriber, this.due.length);
  }

  leave(subscriber: Subscriber): void {
    this.bringAhead(subscriber);
    this.ahead.delete(subscriber);
    this.behind.delete(subscriber);
    this.clients -= 1;
    subscriber.part = null;
    subscriber.unsubscribe(this.topic);
  }

  behindNext(subscriber: Subscriber, task: () => void): void {
    this.behind.set(subscriber, task);
  }

  /** Writes to one member what is due to it. */
  bringAhead(subscriber: Subscriber): void {
    if (this.due.length === 0) return;
    if (!this.ahead.has(subscriber)) subscriber.unsubscribe(this.topic);
    for (const { packet } of this.dueTo(subscriber)) subscriber.send(packet.payloads);
    this.ahead.set(subscriber, this.due.length);
  }

  /** Writes what is due to all members. */
  settle(): void {
    for (const { packet } of this.due)
      for (const payload of packet.payloads) this.publish(this.topic, payload);
    for (const subscriber of this.ahead.keys()) {
      for (const { packet } of this.dueTo(subscriber)) subscriber.send(packet.payloads);
      subscriber.subscribe(this.topic);
    }
    this.ahead.clear();
    const settled = this.due;
    this.due = [];
    for (const due of settled) {
      due.parts -= 1;
      if (due.parts === 0) due.onWritten();
    }
    this.doBehind();
  }

  private doBehind(): void {
    for (const [subscriber, task] of this.behind) {
      this.behind.delete(subscriber);
      subscriber.cork(task);
    }
  }

  private dueTo(subscriber: Subscriber): Due[] {
    return this.due.slice(this.ahead.get(subscriber) ?? 0);
  }
}

export function createRounds({ publish, defer }: RoundsOptions): Rounds {
  /** In the order of their turns. */
  const waiting: Part[] = [];
  /** Clients that may still be written to in this turn. */
  let room = PART_CLIENTS;
  /** A part was written to in this turn. */
  let writes = false;
  let idleTask: (() => void) | null = null;
  let stopped = false;
  let topics = 0;

  /** The library's server may be gone afterwards. */
  function publishUntilStopped(topic: string, payload: Buffer): void {
    if (!stopped) publish(topic, payload);
  }

  function queue(part: Part, due: Due): void {
    part.push(due);
    if (part.waits) return;
    part.waits = true;
    waiting.push(part);
  }

  function go(): void {
    for (let [part] = waiting; part !== undefined && part.clients <= room; [part] = waiting) {
      waiting.shift();
      part.waits = false;
      room -= part.clients;
      if (!writes) defer(beginTurn);
      writes = true;
      part.settle();
    }
  }

  function beginTurn(): void {
    room = PART_CLIENTS;
    writes = false;
    go();
    // Not behind a part: the library writes at the end of the turn.
    if (!writes) runIdleTask();
  }

  function runIdleTask(): void {
    const task = idleTask;
    idleTask = null;
    task?.();
  }

  function createPart(): Part {
    topics += 1;
    return new Part(String(topics), publishUntilStopped);
  }

  function createAudience(): Audience {
    const parts: Part[] = [];
    /** Who comes first: another one each time, so that nobody is always the last. */
    let first = 0;

    function roomyPart(): Part {
      const known = parts.find(({ clients }) => clients < PART_CLIENTS);
      if (known !== undefined) return known;
      const part = createPart();
      parts.push(part);
      return part;
    }

    return {
      add(connection) {
        roomyPart().join(connection as Subscriber);
      },
      delete(connection) {
        const subscriber = connection as Subscriber;
        const { part } = subscriber;
        if (part === null) return;
        part.leave(subscriber);
        if (part.clients === 0) parts.splice(parts.indexOf(part), 1);
      },
      write(packet, onWritten) {
        if (parts.length === 0) {
          onWritten();
          return;
        }
        const due = { packet, parts: parts.length, onWritten };
        if (first >= parts.length) first = 0;
        for (const part of parts.slice(first)) queue(part, due);
        for (const part of parts.slice(0, first)) queue(part, due);
        first += 1;
        go();
      },
    };
  }

  return {
    createAudience,
    whenIdle(task) {
      if (stopped) return;
      idleTask = task;
      if (!writes) runIdleTask();
    },
    stop() {
      stopped = true;
      waiting.length = 0;
      idleTask = null;
    },
  };
}
