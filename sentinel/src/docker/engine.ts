/** The part of a container engine that is used. dockerode fits behind it, and so does a fake. */

export interface EventHandlers {
  /** One event, as the engine sent it. */
  onEvent(event: unknown): void;
  /** The stream ended by itself, for whatever reason. Called once, never after `stop`. */
  onEnd(): void;
}

export interface EventStream {
  stop(): void;
}

/** Every call ends within a deadline, rejecting if need be. What resolves is unchecked. */
export interface Engine {
  /** All containers, those that do not run included. */
  list(): Promise<unknown>;
  inspect(id: string): Promise<unknown>;
  /** One reading of the counters, without the engine waiting for a second one. */
  stats(id: string): Promise<unknown>;
  /** Container events from now on, or since a time (epoch ms). Resolves when the stream is open. */
  events(sinceMs: number | null, handlers: EventHandlers): Promise<EventStream>;
  close(): void;
}

/** Connects to an engine; rejects when none answers. */
export type OpenEngine = () => Promise<Engine>;
