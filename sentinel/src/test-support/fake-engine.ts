/** An engine for tests that answers from a script: containers as a table, events by hand, any call can hang. */
import type { Engine, EventHandlers } from '../docker/engine.js';

export interface FakeContainer {
  Id: string;
  Names: string[];
  Image: string;
  State: string;
  Status: string;
  ExitCode: number;
  StartedAt: string;
  Health?: string;
}

export interface FakeEngine {
  containers: FakeContainer[];
  /** Refuses connections while set: an errno-like code. */
  absent: string | null;
  /** Arguments of every `events` call. */
  readonly sinces: (number | null)[];
  opens: number;
  /** Answers are made but not delivered until {@link releaseAnswers}. */
  holdAnswers: boolean;
  releaseAnswers(): void;
  emit(event: unknown): void;
  /** Ends the event stream, as a stopping engine does. */
  cut(): void;
  open(): Promise<Engine>;
}

export function fakeContainer(Id: string, name: string, fields: Partial<FakeContainer> = {}): FakeContainer {
  return {
    Id,
    Names: [`/${name}`],
    Image: 'shop/api:1',
    State: 'running',
    Status: 'Up 2 minutes',
    ExitCode: 0,
    StartedAt: '2026-01-17T04:00:00.123456789Z',
    ...fields,
  };
}

/** An event as the engine writes it. `atMs` is its time. */
export function fakeEvent(
  action: string,
  id: string,
  name: string,
  atMs: number,
  attributes: object = {},
): unknown {
  return {
    Type: 'container',
    Action: action,
    Actor: { ID: id, Attributes: { name, image: 'shop/api:1', ...attributes } },
    time: Math.floor(atMs / 1000),
    timeNano: atMs * 1_000_000,
  };
}

export function createFakeEngine(): FakeEngine {
  let handlers: EventHandlers | null = null;
  let held: (() => void)[] = [];

  const fake: FakeEngine = {
    containers: [],
    absent: null,
    sinces: [],
    opens: 0,
    holdAnswers: false,
    releaseAnswers() {
      for (const release of held) release();
      held = [];
    },
    emit: (event) => handlers?.onEvent(event),
    cut() {
      const ended = handlers;
      handlers = null;
      ended?.onEnd();
    },
    async open() {
      fake.opens += 1;
      if (fake.absent !== null) throw Object.assign(new Error(fake.absent), { code: fake.absent });
      return engine;
    },
  };

  async function delivery(): Promise<void> {
    if (fake.holdAnswers) await new Promise<void>((resolve) => held.push(resolve));
  }

  const engine: Engine = {
    async list() {
      const answer = structuredClone(fake.containers);
      await delivery();
      return answer;
    },
    async inspect(id) {
      const found = structuredClone(fake.containers.find(({ Id }) => Id === id));
      await delivery();
      if (found === undefined) throw new Error('no such container');
      return {
        Id: id,
        Name: found.Names[0],
        Config: { Image: found.Image },
        State: {
          Status: found.State,
          ExitCode: found.ExitCode,
          StartedAt: found.StartedAt,
          ...(found.Health === undefined ? {} : { Health: { Status: found.Health } }),
        },
      };
    },
    stats: () => Promise.reject(new Error('not scripted')),
    logs: () => Promise.reject(new Error('not scripted')),
    lastLog: () => Promise.reject(new Error('not scripted')),
    async events(sinceMs, given) {
      fake.sinces.push(sinceMs);
      handlers = given;
      return {
        stop() {
          handlers = null;
        },
      };
    },
    close() {},
  };
  return fake;
}
