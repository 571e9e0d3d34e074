/** What all sessions of a gateway share. */
import type { Clock } from '@pulsewire/runtime';
import type { CatchUp } from './catch-up.js';
import type { Lanes } from './lanes.js';
import type { LogReader } from './log-reader.js';
import type { Packet } from './packet.js';
import type { RecentLog } from './recent-log.js';
import type { SlowFeed } from './slow-feed.js';
import type { Snapshot } from './snapshot.js';
import type { Turns } from './turns.js';

export interface SessionContext {
  clock: Clock;
  log: LogReader;
  /** Asked before the log. */
  recentLog: RecentLog;
  snapshot: Snapshot;
  lanes: Lanes;
  /** Those that are under way; each must be offered every arrival. */
  catchUps: Set<CatchUp>;
  /** Taken by all of them for each page. */
  turns: Turns;
  /** Those of clients that read too slowly; each must be offered every arrival. */
  slowFeeds: Set<SlowFeed>;
  version: string;
  messagesPerSecond: number;
  /** False until what came last is in the recent log and everything else arrives; the session's `refresh` follows. */
  isLive(): boolean;
  /** False until the snapshot was filled from the log; the session's `refresh` follows. */
  isPrimed(): boolean;
  /** The number of the newest arrival. */
  lastSeq(): number;
  /** The 503 packet for a client that was just greeted, or `null` while the bus is up. */
  outageWords(): Buffer | null;
  /** Takes one of the marks that all clients together may be given until the next look. */
  takeMark(): boolean;
  onSent(packet: Packet): void;
  /** Called with the number of samples that one client was told to have been skipped. */
  onThinned(skipped: number): void;
}
