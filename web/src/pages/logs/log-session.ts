/**
 * The log page's own connection to the feed, and its questions to the database, for one model. The feed begins a few
 * seconds back, so that no line is missing between what the recorder has written and what comes in.
 */
import type { StreamManager, StreamManagerOptions, StreamState } from '@pulsewire/shared-schema/client';
import type { PageClock } from '../../platform/clock.js';
import { CAN_RECOVER, type RestFailure } from '../../rest/failure.js';
import { RETRY_STEPS_MS } from '../../rest/resource.js';
import type { RestAnswer, RestClient } from '../../rest/rest-client.js';
import { loadLogPage, loadLogWindow } from './load-logs.js';
import type { LogFilter, LogLine } from './log-line.js';
import { LogModel } from './log-model.js';

export interface LogsStatus {
  readonly stream: StreamState;
  /** Why the last question to the database has no answer. */
  readonly failure: RestFailure | null;
  readonly loading: boolean;
  /** There may be lines before the first one. */
  readonly hasOlder: boolean;
}

export interface LogSessionOptions {
  readonly clock: PageClock;
  readonly rest: RestClient;
  readonly url: string;
  readonly key: string;
  readonly filter: LogFilter;
  /** The moment that is looked at; `null`: live. */
  readonly atMs: number | null;
  /** Now by the gateway's clock. */
  readonly serverNowMs: () => number;
  readonly create: (options: StreamManagerOptions) => StreamManager;
}

/** The recorder writes within a second; so much more is slack. */
const OVERLAP_MS = 10_000;
/** Around a moment: so much after it at first, and so much more with every step. */
const WINDOW_MS = 10_000;
const LONGEST_WINDOW_MS = 3_600_000;
/** Of a longer absence the database tells. */
const RESUME_WITHIN_MS = 60_000;

export class LogSession {
  readonly model: LogModel;
  readonly #options: LogSessionOptions;
  readonly #listeners = new Set<() => void>();
  #filter: LogFilter;
  #status: LogsStatus = { stream: { name: 'idle' }, failure: null, loading: false, hasOlder: true };
  #before: string | undefined;
  #newestMs: number;
  #windowMs = WINDOW_MS;
  #asking = new AbortController();
  #failures = 0;
  #cancelRetry: (() => void) | null = null;
  #stream: StreamManager | null = null;

  constructor(options: LogSessionOptions) {
    this.#options = options;
    this.#filter = options.filter;
    this.#newestMs = options.atMs ?? 0;
    this.model = new LogModel(options.clock, options.filter);
  }

  readonly status = (): LogsStatus => this.#status;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Returns the function that ends it. */
  start(): () => void {
    if (this.#options.atMs === null) this.#follow();
    this.#loadFirst();
    return () => {
      this.#asking.abort();
      this.#cancelRetry?.();
      this.#stream?.close();
      this.model.stop();
    };
  }

  /** Asks anew, unless this is the filter that holds already. */
  setFilter(filter: LogFilter): void {
    if (isSameFilter(filter, this.#filter)) return;
    this.#filter = filter;
    this.model.setFilter(filter);
    this.#loadFirst();
  }

  readonly retryNow = (): void => {
    this.#cancelRetry?.();
    if (this.#before === undefined) this.#loadFirst();
    else this.loadOlder();
  };

  /** Does nothing while a question is on its way, and when there is nothing older. */
  readonly loadOlder = (): void => {
    if (this.#status.loading || !this.#status.hasOlder || this.model.isFull) return;
    this.#ask((signal) => {
      const question = { filter: this.#filter, before: this.#before };
      return loadLogPage(this.#options.rest, question, signal);
    }, this.#takePage);
  };

  /** Reads on after a moment of the past: a stretch that grows while little was written. */
  readonly loadNewer = (): void => {
    if (this.#status.loading) return;
    const fromMs = this.#newestMs;
    const toMs = fromMs + this.#windowMs;
    this.#ask(
      (signal) => loadLogWindow(this.#options.rest, { filter: this.#filter, fromMs, toMs }, signal),
      (lines) => {
        this.#newestMs = Math.min(toMs, this.#options.serverNowMs());
        this.#windowMs = lines.length < 20 ? Math.min(LONGEST_WINDOW_MS, this.#windowMs * 4) : WINDOW_MS;
        this.model.append(lines);
      },
    );
  };

  #loadFirst(): void {
    const { rest, atMs } = this.#options;
    this.#before = undefined;
    this.#newestMs = atMs ?? 0;
    this.#windowMs = WINDOW_MS;
    this.#show({ hasOlder: true });
    this.#ask(
      (signal) => loadLogPage(rest, { filter: this.#filter, toMs: atMs ?? undefined }, signal),
      (page) => {
        this.#takePage(page);
        // What follows the moment belongs to looking at it.
        if (atMs !== null) this.loadNewer();
      },
    );
  }

  readonly #takePage = ({ lines, before }: { lines: readonly LogLine[]; before: string | null }): void => {
    this.#before = before ?? undefined;
    this.#show({ hasOlder: before !== null });
    this.model.prepend(lines);
  };

  /** A newer question replaces the one that is on its way. */
  #ask<T>(question: (signal: AbortSignal) => Promise<RestAnswer<T>>, take: (data: T) => void): void {
    this.#asking.abort();
    this.#cancelRetry?.();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.#show({ loading: true });
    void question(signal).then((answer) => {
      if (signal.aborted) return;
      this.#show({ loading: false, failure: answer.ok ? null : answer.failure });
      if (answer.ok) {
        this.#failures = 0;
        take(answer.data);
      } else if (CAN_RECOVER[answer.failure.kind]) this.#retryLater(() => this.#ask(question, take));
    });
  }

  #retryLater(again: () => void): void {
    const step = Math.min(this.#failures, RETRY_STEPS_MS.length - 1);
    this.#failures += 1;
    this.#cancelRetry = this.#options.clock.after(RETRY_STEPS_MS[step] ?? 0, again);
  }

  #follow(): void {
    const { create, url, key, serverNowMs } = this.#options;
    const stream = create({
      url,
      key,
      selection: { topics: ['logs'] },
      after: `${Math.max(0, Math.floor(serverNowMs() - OVERLAP_MS))}-0`,
      resumeWithinMs: RESUME_WITHIN_MS,
    });
    let greeted = false;
    this.#stream = stream;
    stream.on('state', (state) => this.#show({ stream: state }));
    stream.on('message', ({ message }) => {
      if (message.type === 'log') this.model.receive(message.data);
    });
    stream.on('feed', (message) => {
      if (message.type !== 'hello') return;
      // Lines of the meantime are missing in between: the database has them, and what is shown begins anew.
      if (greeted && message.data.resumed !== 'complete') {
        this.model.clear();
        this.#loadFirst();
      }
      greeted = true;
    });
    stream.open();
  }

  #show(changed: Partial<LogsStatus>): void {
    this.#status = { ...this.#status, ...changed };
    for (const listener of this.#listeners) listener();
  }
}

function isSameFilter(a: LogFilter, b: LogFilter): boolean {
  return a.service === b.service && a.search === b.search && a.levels.join() === b.levels.join();
}
