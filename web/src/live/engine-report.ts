/**
 * Whether the process behind this page reaches its Docker Engine, from its `/readyz`. The feed cannot tell: an engine
 * that is absent and one that has no containers are equally silent. A gateway that runs alone watches no engine.
 */
import type { PageClock } from '../platform/clock.js';

export type EngineState =
  /** Not asked yet, no answer, or not this process's to know. */
  | { readonly name: 'unknown' }
  /** It answers, and has no container. */
  | { readonly name: 'empty' }
  | { readonly name: 'down'; readonly cause: string };

const UNKNOWN: EngineState = { name: 'unknown' };
const EMPTY: EngineState = { name: 'empty' };
/** By then a page with containers has heard of them, and nobody asks. */
const FIRST_MS = 1500;
const PERIOD_MS = 10_000;

/** Reads the body of `/readyz`. Never throws. Containers that it has and the page has not may be none of its key's. */
export function deriveEngineState(report: unknown): EngineState {
  const docker = field(field(report, 'dependencies'), 'docker');
  const status = field(docker, 'status');
  if (status === 'up' && field(field(report, 'facts'), 'containers') === 0) return EMPTY;
  if (status !== 'down') return UNKNOWN;
  const cause = field(docker, 'cause');
  return { name: 'down', cause: typeof cause === 'string' ? cause : 'unknown' };
}

/** Asks for as long as somebody wants to know. */
export class EngineReport {
  #state: EngineState = UNKNOWN;
  readonly #listeners = new Set<() => void>();
  #stop: (() => void) | null = null;

  /** `ask` resolves with the body of `/readyz`, or with `null`. */
  constructor(
    readonly clock: PageClock,
    readonly ask: () => Promise<unknown>,
  ) {}

  readonly view = (): EngineState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#stop ??= this.#begin();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = null;
      this.#state = UNKNOWN;
    };
  };

  #begin(): () => void {
    let ended = false;
    const look = async () => {
      const state = deriveEngineState(await this.ask());
      if (ended || (state.name === this.#state.name && causeOf(state) === causeOf(this.#state))) return;
      this.#state = state;
      for (const listener of this.#listeners) listener();
    };
    const releases = [
      this.clock.after(FIRST_MS, () => void look()),
      this.clock.every(PERIOD_MS, () => void look()),
    ];
    return () => {
      ended = true;
      for (const release of releases) release();
    };
  }
}

function causeOf(state: EngineState): string | null {
  return state.name === 'down' ? state.cause : null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
