/**
 * All containers of the engine, as last known. Events overtake answers: an answer to a question that was asked
 * before an event about the same container came in is older than the event, and is not believed.
 */
import { applyAbsence, applyEvent, applyLook, type Change, type Report } from './container-change.js';
import type { ContainerEvent } from './container-event.js';
import type { ContainerFacts } from './container-facts.js';

/** Taken before a question is asked, and handed in with the answer. */
export type Mark = number;

export interface ContainerTable {
  mark(): Mark;
  /** `look` names the container when the event told less than there is to know. */
  onEvent(event: ContainerEvent): { report: Report | null; look: boolean };
  /** An inspection. `outdated` asks to look again. */
  onInspected(mark: Mark, seen: ContainerFacts): { report: Report | null; outdated: boolean };
  /** The full list: a report for every container, those that are gone first. `look` names what is new. */
  onListed(mark: Mark, listed: readonly ContainerFacts[]): { reports: Report[]; look: string[] };
  get(id: string): ContainerFacts | undefined;
  all(): ContainerFacts[];
}

const RUNS: readonly ContainerFacts['status'][] = ['running', 'paused'];
/** Engines repeat events after a reconnect that asked for the time before it. */
const REMEMBERED_EVENTS = 1024;

export function createContainerTable(): ContainerTable {
  const known = new Map<string, ContainerFacts>();
  /** Mark of the last event per container, those that are gone included until the next list. */
  const touched = new Map<string, Mark>();
  const seenKeys = new Set<string>();
  let current: Mark = 0;

  function keep(id: string, change: Change): void {
    if (change.facts === null) known.delete(id);
    else known.set(id, change.facts);
  }

  const isOutdated = (id: string, mark: Mark) => (touched.get(id) ?? 0) > mark;

  function rememberKey(key: string): boolean {
    if (seenKeys.has(key)) return false;
    seenKeys.add(key);
    if (seenKeys.size > REMEMBERED_EVENTS) for (const oldest of seenKeys) return seenKeys.delete(oldest);
    return true;
  }

  function look(seen: ContainerFacts): Report {
    const change = applyLook(known.get(seen.id), seen);
    keep(seen.id, change);
    return change.report ?? { facts: change.facts ?? seen };
  }

  return {
    mark: () => current,
    onEvent(event) {
      if (!rememberKey(event.key)) return { report: null, look: false };
      current += 1;
      touched.set(event.id, current);
      const change = applyEvent(known.get(event.id), event);
      keep(event.id, change);
      return { report: change.report, look: change.look };
    },
    onInspected(mark, seen) {
      if (isOutdated(seen.id, mark)) return { report: null, outdated: true };
      const change = applyLook(known.get(seen.id), seen);
      keep(seen.id, change);
      return { report: change.report, outdated: false };
    },
    onListed(mark, listed) {
      const ids = new Set(listed.map(({ id }) => id));
      const gone = [...known.values()].filter(({ id }) => !ids.has(id) && !isOutdated(id, mark));
      const reports = gone.map((facts): Report => {
        const change = applyAbsence(facts);
        keep(facts.id, change);
        return change.report ?? { facts };
      });
      const valid = listed.filter(({ id }) => !isOutdated(id, mark));
      const incomplete = valid.filter((seen) => isIncomplete(known.get(seen.id), seen)).map(({ id }) => id);
      reports.push(...valid.map(look));
      for (const id of touched.keys()) if (!known.has(id) && !isOutdated(id, mark)) touched.delete(id);
      return { reports, look: incomplete };
    },
    get: (id) => known.get(id),
    all: () => [...known.values()],
  };
}

/** What is new, and what runs since nobody knows when: an event overtook the look that would have told. */
function isIncomplete(before: ContainerFacts | undefined, seen: ContainerFacts): boolean {
  return before?.status !== seen.status || (RUNS.includes(seen.status) && before.startedAtMs === null);
}
