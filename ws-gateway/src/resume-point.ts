/**
 * Where each channel's log continues for a client that names one id. The id is an entry of one channel's log,
 * its *home*, when no other log has the same. Ids begin with the time, so in the other logs it is a point in time: those are read from the
 * beginning of that millisecond, because which of them came first within it cannot be told. There a message may
 * come twice (its id tells), but none is lost.
 */
import { type Channel, compareLogIds } from '@pulsewire/shared-schema';
import type { LogPage } from './log-reader.js';

export type ReadPage = (channel: Channel, after: string | null, limit: number) => Promise<LogPage>;

/** Where a channel continues, and the first page from there. */
export interface LogStart {
  after: string;
  page: LogPage;
}

export interface ResumePoint {
  /** False when some log no longer has everything since `after`, or none knows it: they were lost since. */
  complete: boolean;
  starts: ReadonlyMap<Channel, LogStart>;
}

const LAST_SEQUENCE = 9_999_999_999;

/** Rejects when a log cannot be read. */
export async function findResumePoint(
  channels: readonly Channel[],
  after: string,
  pageEntries: number,
  readPage: ReadPage,
): Promise<ResumePoint> {
  const starts = new Map<Channel, LogStart>();
  await Promise.all(
    channels.map(async (channel) => {
      starts.set(channel, { after, page: await readPage(channel, after, pageEntries) });
    }),
  );
  const homes = channels.filter((channel) => starts.get(channel)?.page.reachesBack === true);
  if (homes.length === 0) return { complete: false, starts };
  const home = homeAmong(homes);
  const earlier = justBeforeMillisecondOf(after);
  let complete = true;
  for (const channel of channels.filter((each) => each !== home)) {
    complete &&= homes.includes(channel) || (await reachesBackTo(after, channel, readPage));
    starts.set(channel, { after: earlier, page: await readPage(channel, earlier, pageEntries) });
  }
  return { complete, starts };
}

/** Logs number their entries apart, so several may have the same id; which of them was meant cannot be told. */
export function homeAmong<T>(having: readonly T[]): T | null {
  const [only = null] = having;
  return having.length === 1 ? only : null;
}

async function reachesBackTo(after: string, channel: Channel, readPage: ReadPage): Promise<boolean> {
  const { entries, reachesBack } = await readPage(channel, null, 1);
  const [first] = entries;
  return reachesBack || (first !== undefined && compareLogIds(first.id, after) <= 0);
}

/** The last position before the millisecond of an id. */
export function justBeforeMillisecondOf(id: string): string {
  const ms = Number(id.slice(0, id.indexOf('-')));
  return ms === 0 ? '0-0' : `${ms - 1}-${LAST_SEQUENCE}`;
}
