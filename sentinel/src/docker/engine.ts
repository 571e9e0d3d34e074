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

/** A container's log, being read. */
export interface LogReading {
  /** The container has a terminal: one stream of text instead of frames. */
  tty: boolean;
  /** Ends with the container, or fails. While nobody takes the next chunk the engine waits. */
  chunks: AsyncIterable<Buffer>;
  /** The chunks fail. */
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
  /** Both streams of a container, each line with the engine's time, from `since` (`seconds.nanoseconds`) on and on. */
  logs(id: string, since: string | null): Promise<LogReading>;
  /**
   * What the same stream would end with if it ended now: the last line, or its last part, with the engine's time;
   * nothing when that is from before `since`.
   */
  lastLog(id: string, since: string | null): Promise<{ tty: boolean; bytes: Buffer }>;
  close(): void;
}

/** Connects to an engine; rejects when none answers. */
export type OpenEngine = () => Promise<Engine>;
