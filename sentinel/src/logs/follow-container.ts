/**
 * Follows the log of one container, from where it stands to the container's end, and again when it runs again. What
 * was read is as far as the position goes, which moves on only when the bus has taken the lines.
 */
import { type Clock, delay } from '@pulsewire/runtime';
import type { Log } from '@pulsewire/shared-schema';
import type { Engine, LogReading } from '../docker/engine.js';
import { cleanLine } from './clean-line.js';
import type { LogStreamName } from './demultiplexer.js';
import { type EngineTime, engineTimeOf, renderSince } from './engine-time.js';
import type { RawLine } from './line-assembler.js';
import { createLogDecoder } from './log-decoder.js';
import { detectLevel, type Level } from './log-level.js';
import type { LogOutlet } from './log-outlet.js';
import { createLogTracker, type LogPosition } from './log-position.js';
import { createRateLimit } from './rate-limit.js';

/** A stream of a running container that ends is opened again, but not without end at once. */
const REOPEN_MS = 1000;
const IDENTITY_BYTES = 64;
/** A container that has ended says nothing more, and its stream ends; unless the engine has lost its way. */
const HANGING_MS = 5000;
/**
 * Docker 20.10 loses its way in a log that is rotated while it is read, too, and its stream is silent until the next
 * rotation. So a silent stream is compared with the engine's last line: soon, and now and then.
 */
const SILENT_MS = 5000;
const SILENT_AGAIN_MS = 60_000;
/** Before the first chunk an engine may go through a large log; whoever has been given up for it gets twice as long. */
const SLOW_START_MS = 60_000;

export interface FollowContainerOptions {
  start: LogPosition;
  host: string;
  linesPerSecond: number;
  outlet: LogOutlet;
  clock: Clock;
  /** The container's name and whether it runs, as known now. */
  facts(): { name: string; runs: boolean };
  /** Rejects while there is no engine. */
  read(since: string | null): Promise<LogReading>;
  /** Likewise. */
  readLast(since: string | null): ReturnType<Engine['lastLog']>;
  onLines(counts: { lines: number; skipped: number; bytes: number }): void;
  /** The bus has taken everything up to here. */
  onPosition(position: LogPosition): void;
}

export interface ContainerFollow {
  /** Resolves when the container has ended and everything is read, or when stopped; rejects when reading failed. */
  run(): Promise<void>;
  /**
   * Once a second: tells of skipped lines after which no further line came, and gives up a stream that hangs, or that
   * is silent though the engine has newer lines.
   */
  tick(): void;
  stop(): void;
}

export function followContainer(options: FollowContainerOptions): ContainerFollow {
  const { clock, host, outlet } = options;
  const tracker = createLogTracker(options.start);
  const limit = createRateLimit(options.linesPerSecond);
  const levels: Partial<Record<LogStreamName, Level>> = {};
  let messages: Log[] = [];
  let counts = { lines: 0, skipped: 0, bytes: 0 };
  let lastLine: { stream: LogStreamName; time: EngineTime } | null = null;
  let reading: LogReading | null = null;
  let openSince = (): EngineTime[] => [];
  /** Since when the next chunk is waited for; `null` while lines wait for the bus, and between readings. */
  let waitingSinceMs: number | null = null;
  /** How long a stream may be silent now, and when it is compared next. */
  let patienceMs = SLOW_START_MS;
  let slowStartMs = SLOW_START_MS;
  let compareAtMs = 0;
  /** The silence in which the engine was found to have newer lines, by its beginning. */
  let deafSinceMs: number | null = null;
  let givenUp = false;
  let stopped = false;

  function add(stream: LogStreamName, timestamp: EngineTime, level: Level, message: string): void {
    const seq = tracker.nextSeq();
    const data = { service: options.facts().name, level, message, timestamp, host, stream, seq };
    messages.push({ type: 'log', data });
  }

  function addNotice(lines: number): void {
    if (lines === 0 || lastLine === null) return;
    const noun = lines === 1 ? 'line' : 'lines';
    const text = `skipped ${lines} ${noun}: more than ${options.linesPerSecond} a second`;
    add(lastLine.stream, lastLine.time, 'warn', text);
  }

  function take(stream: LogStreamName, { time: given, bytes, totalBytes }: RawLine): boolean {
    const now = engineTimeOf(clock.nowMs());
    const time = given ?? now;
    const identity = `${totalBytes} ${bytes.toString('latin1', 0, IDENTITY_BYTES)}`;
    if (!tracker.isNew({ stream, time, identity }, now)) return false;
    counts.bytes += totalBytes;
    const { passes, notice } = limit.take(time);
    addNotice(notice);
    lastLine = { stream, time };
    if (!passes) {
      counts.skipped += 1;
      return true;
    }
    counts.lines += 1;
    const text = cleanLine(bytes, totalBytes);
    const level = detectLevel(text, stream, levels[stream] ?? null);
    levels[stream] = level;
    add(stream, time, level, text);
    return true;
  }

  /** Resolves with false when the outlet was closed. */
  async function handOn(): Promise<boolean> {
    if (messages.length === 0 && counts.skipped === 0) return true;
    const position = tracker.position(openSince());
    const batch = messages;
    options.onLines(counts);
    messages = [];
    counts = { lines: 0, skipped: 0, bytes: 0 };
    return outlet.publish(batch, () => options.onPosition(position));
  }

  /** One stream, from its opening to its end. Resolves with the number of lines that were not there before. */
  async function readOnce(): Promise<number> {
    let newLines = 0;
    const { since } = tracker.position(openSince());
    patienceMs = slowStartMs;
    givenUp = false;
    const opened = await options.read(since === null ? null : renderSince(since));
    reading = opened;
    if (stopped) {
      opened.stop();
      return 0;
    }
    tracker.rewind();
    const decoder = createLogDecoder(opened.tty, (stream, line) => {
      if (take(stream, line)) newLines += 1;
    });
    openSince = decoder.openSince;
    try {
      waitingSinceMs = clock.monotonicMs();
      for await (const chunk of opened.chunks) {
        waitingSinceMs = null;
        decoder.push(chunk);
        if (!(await handOn())) stopped = true;
        if (stopped) return newLines;
        waitingSinceMs = clock.monotonicMs();
        [patienceMs, slowStartMs, compareAtMs] = [SILENT_MS, SLOW_START_MS, 0];
      }
    } catch (error) {
      if (!givenUp) throw error;
    } finally {
      waitingSinceMs = null;
      reading = null;
      opened.stop();
    }
    // Nothing new in a whole reading of a container that has ended: what is open will stay so.
    if (newLines === 0 && !options.facts().runs) {
      decoder.finish();
      openSince = () => [];
      addNotice(limit.drain());
      await handOn();
    }
    return newLines;
  }

  async function compare(): Promise<void> {
    const silentSinceMs = waitingSinceMs;
    const { since, streams } = tracker.position();
    const read = [since ?? '', ...Object.values(streams).map(({ time }) => time), ...openSince()];
    const last = read.reduce((a, b) => (a > b ? a : b));
    const { tty, bytes } = await options.readLast(last === '' ? null : renderSince(last));
    const newest = newestTimeOf(tty, bytes);
    if (newest !== null && newest > last) deafSinceMs = silentSinceMs;
  }

  /** Only when it is still silent a second later: the engine's answer may have overtaken the stream. */
  function giveUpWhenDeaf(nowMs: number): void {
    if (waitingSinceMs === null) return;
    if (waitingSinceMs === deafSinceMs) {
      if (patienceMs === slowStartMs) slowStartMs *= 2;
      [deafSinceMs, givenUp] = [null, true];
      reading?.stop();
    } else if (nowMs - waitingSinceMs >= patienceMs && nowMs >= compareAtMs) {
      compareAtMs = nowMs + SILENT_AGAIN_MS;
      // An engine that does not answer tells of itself.
      compare().catch(() => {});
    }
  }

  return {
    async run() {
      while (!stopped) {
        const newLines = await readOnce();
        if (newLines > 0) continue;
        if (!options.facts().runs) return;
        await delay(clock, REOPEN_MS);
      }
    },
    tick() {
      const monotonicMs = clock.monotonicMs();
      const isIdle = waitingSinceMs !== null && monotonicMs - waitingSinceMs > HANGING_MS;
      if (!options.facts().runs) {
        if (isIdle) reading?.stop();
      } else giveUpWhenDeaf(monotonicMs);
      if (lastLine === null || clock.nowMs() - Date.parse(lastLine.time) < REOPEN_MS) return;
      addNotice(limit.drain());
      void handOn();
    },
    stop() {
      stopped = true;
      reading?.stop();
    },
  };
}

/** `null` when there is none. */
function newestTimeOf(tty: boolean, bytes: Buffer): EngineTime | null {
  const times: EngineTime[] = [];
  const decoder = createLogDecoder(tty, (_stream, { time }) => {
    if (time !== null) times.push(time);
  });
  decoder.push(bytes);
  decoder.finish();
  return times.sort().at(-1) ?? null;
}
