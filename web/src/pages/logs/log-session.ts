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
  /** There may be lines after the last one of a moment of the past. */
  readonly hasNewer: boolean;
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
/** Pages that bring nothing new are passed over, but not without end. */
const MAX_STEPS = 20;

export class LogSession {
  readonly model: LogModel;
  readonly #options: LogSessionOptions;
  readonly #listeners = new Set<() => void>();
  #filter: LogFilter;
  #status: LogsStatus = {
    stream: { name: 'idle' },
    failure: null,
    loading: false,
    hasOlder: true,
    hasNewer: true,
  };
  #before: string | undefined;
  #newestMs: number;
  #windowMs = WINDOW_MS;
  #asking = new AbortController();
  #failures = 0;
  #cancelRetry: (() => void) | null = null;
  #stream: StreamManager | null = null;
  #steps = 0;
  #askedUntilMs: number | null = null;
  #isHeld = false;
  #beginsAfresh = false;

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
    this.#isHeld = false;
    if (this.#beginsAfresh) this.model.clear();
    this.model.setFilter(filter);
    if (this.#beginsAfresh) this.#beginAfresh();
    else this.#loadFirst();
  }

  /** What is shown stays; older lines can still be put before it. */
  hold(): void {
    this.#isHeld = true;
    this.model.hold();
  }

  release(): void {
    this.#isHeld = false;
    if (this.#beginsAfresh) this.#beginAfresh();
    else this.model.release();
  }

  readonly retryNow = (): void => {
    this.#cancelRetry?.();
    if (this.#before === undefined) this.#loadFirst();
    else this.loadOlder();
  };

  /** Does nothing while a question is on its way, and when there is nothing older. */
  readonly loadOlder = (): void => {
    this.#steps = 0;
    this.#readOlder();
  };

  #readOlder(): void {
    const { lackingUntilMs, isFull } = this.model;
    const isNewPlace = lackingUntilMs !== null && lackingUntilMs !== this.#askedUntilMs;
    if (this.#status.loading || isFull || !(isNewPlace || this.#status.hasOlder)) return;
    // What lies next to the live lines is not where the database was asked last.
    if (isNewPlace) this.#askedUntilMs = lackingUntilMs;
    const place = isNewPlace ? { toMs: lackingUntilMs + 1 } : { before: this.#before };
    this.#ask(
      (signal) => loadLogPage(this.#options.rest, { filter: this.#filter, ...place }, signal),
      (page) => {
        const added = this.#takePage(page);
        // Only what the feed had brought as well: nothing moved, so nobody would scroll to ask again.
        this.#steps += 1;
        if (added === 0 && this.#steps < MAX_STEPS) this.#readOlder();
      },
    );
  }

  /** Reads on after a moment of the past: a stretch that grows while little was written. */
  readonly loadNewer = (): void => {
    if (this.#status.loading || !this.#status.hasNewer) return;
    const fromMs = this.#newestMs;
    const toMs = fromMs + this.#windowMs;
    this.#ask(
      (signal) => loadLogWindow(this.#options.rest, { filter: this.#filter, fromMs, toMs }, signal),
      (read) => {
        const nowMs = this.#options.serverNowMs();
        // What is being written now may not be recorded yet: it is asked for again.
        this.#newestMs = Math.max(fromMs, Math.min(read.toMs, nowMs - OVERLAP_MS));
        this.#windowMs = read.lines.length < 20 ? Math.min(LONGEST_WINDOW_MS, this.#windowMs * 4) : WINDOW_MS;
        this.model.append(read.lines);
        this.#show({ hasNewer: !this.model.isFull });
        // An empty stretch leaves nothing to scroll to.
        const isEmpty = read.lines.length === 0 && read.toMs < nowMs;
        this.#steps = isEmpty ? this.#steps + 1 : 0;
        if (isEmpty && this.#steps < MAX_STEPS) this.loadNewer();
      },
    );
  };

  #loadFirst(): void {
    const { rest, atMs } = this.#options;
    this.#before = undefined;
    this.#newestMs = atMs ?? 0;
    this.#windowMs = WINDOW_MS;
    this.#steps = 0;
    this.#askedUntilMs = null;
    this.#show({ hasOlder: true, hasNewer: true });
    this.#ask(
      (signal) => loadLogPage(rest, { filter: this.#filter, toMs: atMs ?? undefined }, signal),
      (page) => {
        this.#takePage(page);
        // What follows the moment belongs to looking at it.
        if (atMs !== null) this.loadNewer();
      },
    );
  }

  /** Returns how many lines are new. */
  #takePage({ lines, before }: { lines: readonly LogLine[]; before: string | null }): number {
    this.#before = before ?? undefined;
    const added = this.model.prepend(lines);
    this.#show({ hasOlder: before !== null });
    return added;
  }

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
      } else this.#fail(answer.failure, () => this.#ask(question, take));
    });
  }

  #fail(failure: RestFailure, again: () => void): void {
    // The gateway refuses such a key as well, in a way that a browser cannot tell from a lost connection.
    if (failure.kind === 'refused' && this.#stream !== null && this.#stream.state.name !== 'live') {
      this.#stream.close();
      this.#stream = null;
      this.#show({ stream: { name: 'rejected', status: 403 } });
    }
    if (!CAN_RECOVER[failure.kind]) return;
    const step = Math.min(this.#failures, RETRY_STEPS_MS.length - 1);
    this.#failures += 1;
    const waitMs = failure.kind === 'throttled' ? failure.retryAfterMs : (RETRY_STEPS_MS[step] ?? 0);
    this.#cancelRetry = this.#options.clock.after(waitMs, again);
  }

  #follow(): void {
    const { create, url, key, serverNowMs } = this.#options;
    const sinceMs = Math.max(0, Math.floor(serverNowMs() - OVERLAP_MS));
    this.model.followFrom(sinceMs);
    const stream = create({
      url,
      key,
      selection: { topics: ['logs'] },
      after: `${sinceMs}-0`,
      resumeWithinMs: RESUME_WITHIN_MS,
    });
    let greeted = false;
    this.#stream = stream;
    stream.on('state', (state) => {
      if (this.#stream === stream) this.#show({ stream: state });
    });
    stream.on('message', ({ message }) => {
      if (this.#stream === stream && message.type === 'log') this.model.receive(message.data);
    });
    stream.on('feed', (message) => {
      if (message.type !== 'hello') return;
      // Lines of the meantime are missing in between: the database has them, and what is shown begins anew.
      const hasHole = greeted && message.data.resumed !== 'complete';
      greeted = true;
      if (!hasHole) return;
      if (this.#isHeld) this.#beginsAfresh = true;
      else this.#beginAfresh();
    });
    stream.open();
  }

  /** Over a new connection, which begins a little back: the recorder may not have written the newest lines. */
  #beginAfresh(): void {
    this.#beginsAfresh = false;
    const ended = this.#stream;
    this.#stream = null;
    ended?.close();
    this.model.clear();
    this.#follow();
    this.#loadFirst();
  }

  #show(changed: Partial<LogsStatus>): void {
    this.#status = { ...this.#status, ...changed };
    for (const listener of this.#listeners) listener();
  }
}

function isSameFilter(a: LogFilter, b: LogFilter): boolean {
  return a.service === b.service && a.search === b.search && a.levels.join() === b.levels.join();
}
