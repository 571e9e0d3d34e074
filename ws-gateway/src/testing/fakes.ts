/** Fakes at the gateway's own edges: a connection that remembers, a pacer that runs when told. */
import type { Clock } from '@pulsewire/runtime';
import type { Connection } from '../engine.js';
import type { LaneMember } from '../lane.js';
import { createLanes, type Lanes } from '../lanes.js';
import type { CreatePacer } from '../pacer.js';
import type { Packet } from '../packet.js';

export interface FakeMember extends LaneMember {
  /** One entry per write. */
  readonly packets: Packet[];
  /** All payloads, as text. */
  texts(): string[];
}

export function createFakeMember(): FakeMember {
  const packets: Packet[] = [];
  return {
    packets,
    write: (packet) => packets.push(packet),
    texts: () => packets.flatMap(({ payloads }) => payloads.map(String)),
  };
}

export interface FakeConnection extends Connection {
  /** Payloads as text, copied when written, as a socket would. */
  readonly written: string[];
  closedWith: number | null;
  bufferedBytes: number;
  dueBytes: number;
  /** Payloads. */
  readonly pings: string[];
  terminated: boolean;
  types(): string[];
}

export function createFakeConnection(): FakeConnection {
  const connection: FakeConnection = {
    written: [],
    closedWith: null,
    bufferedBytes: 0,
    dueBytes: 0,
    pings: [],
    terminated: false,
    get isOpen() {
      return connection.closedWith === null && !connection.terminated;
    },
    write(packet) {
      if (connection.isOpen) connection.written.push(...packet.payloads.map(String));
    },
    ping(payload) {
      connection.pings.push(payload);
    },
    close(code) {
      connection.closedWith ??= code;
    },
    terminate() {
      connection.terminated = true;
    },
    types: () =>
      connection.written.map((text) => {
        const { type, data } = JSON.parse(text) as { type: string; data: { phase?: string } };
        return data.phase === undefined ? type : `${type} ${data.phase}`;
      }),
  };
  return connection;
}

export interface FakePacer {
  create: CreatePacer;
  readonly intervalMs: number | null;
  readonly pending: number;
  /** Runs what is scheduled now, not what that schedules. */
  run(): void;
}

export function createFakePacer(): FakePacer {
  let tasks: (() => void)[] = [];
  let intervalMs: number | null = null;
  return {
    create(given) {
      intervalMs = given;
      return {
        schedule: (task) => tasks.push(task),
        stop() {
          tasks = [];
        },
      };
    },
    get intervalMs() {
      return intervalMs;
    },
    get pending() {
      return tasks.length;
    },
    run() {
      for (const task of tasks.splice(0)) task();
    },
  };
}

/** Lanes that tell nobody what they do, flushed by hand. */
export function createQuietLanes(clock: Clock): Lanes {
  return createLanes({
    messagesPerSecond: 200,
    clock,
    createPacer: createFakePacer().create,
    defer() {},
    onSent() {},
    onWritten() {},
    onThinned() {},
  });
}
