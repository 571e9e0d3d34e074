/**
 * How a log is read by a gateway that has just started: first its *end*, so that clients which lost their
 * connection a moment ago can resume, then what lies before it, of which only the newest of every series counts.
 */
import { type Bus, type LogEntry, type LogPage, RuntimeError } from '@pulsewire/runtime';
import { type Channel, compareLogIds, placeOf } from '@pulsewire/shared-schema';
import { createNewestEntries } from './newest-entries.js';

export interface EndPage {
  entries: readonly LogEntry[];
  /** The last position that was read. */
  reached: string;
  /** What lies before the end goes as far as this entry, and has it; `null` when nothing does. */
  startsAfter: string | null;
  /** Everything after this position is in the pages so far; `null` when that cannot be told. */
  floor: string | null;
}

const LOG_START = '0-0';
const PAGE_ENTRIES = 1000;
/** About so many; at 200 messages a second, the last one and a half minutes. */
const END_ENTRIES = 20_000;
/** Held until they are looked at. A small entry may keep the block of 8 KiB alive that it was read into. */
const MAX_HELD_ENTRIES = 2000;

type Reader = Pick<Bus, 'readLog'>;

/** Reads the end of a log. Rejects when it cannot be read; what was handed on stands. */
export async function readLogEnd(
  bus: Reader,
  channel: Channel,
  onPage: (page: EndPage) => void,
): Promise<void> {
  const firstPage = await readPage(bus, channel, LOG_START);
  const startsAfter = await findStart(bus, channel, firstPage);
  const read = (after: string) => readNextPage(bus, channel, after);
  const page = startsAfter === null ? firstPage : await read(startsAfter);
  const floor = startsAfter ?? (firstPage.reachesBack ? LOG_START : null);
  await readOn(read, startsAfter ?? LOG_START, page, (entries, reached) => {
    onPage({ entries, reached, startsAfter, floor });
    return true;
  });
}

/** Hands on what counts of the entries up to `upTo`, with that one, in their order. Rejects when not all can be read. */
export async function readLogBeginning(
  bus: Reader,
  channel: Channel,
  upTo: string,
  onEntry: (entry: LogEntry) => void,
): Promise<void> {
  const held = createNewestEntries();
  const handOn = () => {
    for (const entry of held.take()) onEntry(entry);
  };
  const read = (after: string) => readNextPage(bus, channel, after);
  await readOn(read, LOG_START, await readPage(bus, channel, LOG_START), (entries, reached) => {
    const isBefore = compareLogIds(reached, upTo) <= 0;
    for (const entry of entries) if (isBefore || compareLogIds(entry.id, upTo) <= 0) held.add(entry);
    if (held.size >= MAX_HELD_ENTRIES) handOn();
    return isBefore;
  });
  handOn();
}

/** `null` when the whole log is its end. */
async function findStart(bus: Reader, channel: Channel, firstPage: LogPage): Promise<string | null> {
  const [first] = firstPage.entries;
  const { logEntries, lastId } = firstPage;
  if (first === undefined || logEntries <= END_ENTRIES) return null;
  // As if they had come evenly: when they did not, the end is longer or shorter, and nothing is wrong with that.
  const firstMs = placeOf(first.id).ms;
  const spanMs = Math.max(0, placeOf(lastId).ms - firstMs);
  const startMs = firstMs + Math.floor(spanMs * (1 - END_ENTRIES / logEntries));
  const { entries } = await bus.readLog(channel, { after: `${startMs}-0`, limit: 1 });
  return entries[0]?.id ?? null;
}

/** Until the end, or until `onPage` says that it is enough. The next page is on its way while one is looked at. */
async function readOn(
  read: (after: string) => Promise<LogPage>,
  after: string,
  firstPage: LogPage,
  onPage: (entries: readonly LogEntry[], reached: string) => boolean,
): Promise<void> {
  let reached = after;
  for (let page = firstPage; ; ) {
    reached = page.entries.at(-1)?.id ?? reached;
    const next = page.entries.length < PAGE_ENTRIES ? null : read(reached);
    // Whoever stops reading does not wait for it any more.
    next?.catch(() => {});
    if (!onPage(page.entries, reached) || next === null) return;
    page = await next;
  }
}

/** After an entry that was read, which is still there unless the log was lost. */
async function readNextPage(bus: Reader, channel: Channel, after: string): Promise<LogPage> {
  const page = await readPage(bus, channel, after);
  if (page.reachesBack) return page;
  throw new RuntimeError('log_unavailable', 'the log was lost while it was read');
}

function readPage(bus: Reader, channel: Channel, after: string): Promise<LogPage> {
  return bus.readLog(channel, { after, limit: PAGE_ENTRIES });
}
