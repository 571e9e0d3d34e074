/**
 * What an event or a look at a container means: the facts afterwards, and whether to say something. `report` is
 * `null` when nothing changed that anybody waits for; `look` asks for an inspection, because an event tells less.
 */
import type { ContainerEvent, EventKind } from './container-event.js';
import type { ContainerFacts } from './container-facts.js';

export interface Report {
  facts: ContainerFacts;
  previousName?: string;
  removed?: boolean;
}

export interface Change {
  /** `null`: the container does not exist any more, or nothing is known of it yet. */
  facts: ContainerFacts | null;
  report: Report | null;
  look: boolean;
}

type Apply = (known: ContainerFacts | undefined, event: ContainerEvent) => Change;

const EVENTS: Record<EventKind, Apply> = {
  created: (known, event) => now(known, event, { status: 'created', health: 'none', exitCode: null }, true),
  started: (known, event) =>
    now(known, event, { status: 'running', health: 'none', exitCode: null, startedAtMs: event.timeMs }, true),
  // Whether it restarts is not in the event, so it is looked at.
  died: (known, event) =>
    now(known, event, { status: 'exited', health: 'none', exitCode: event.exitCode }, true),
  paused: (known, event) => now(known, event, { status: 'paused', exitCode: null }, known === undefined),
  unpaused: (known, event) => now(known, event, { status: 'running', exitCode: null }, known === undefined),
  renamed(known, event) {
    if (known === undefined) return unknown();
    const facts = { ...known, name: event.name };
    const previousName = event.previousName ?? known.name;
    return { facts, report: { facts, previousName }, look: false };
  },
  health(known, event) {
    if (known === undefined) return unknown();
    if (event.health === null) return { facts: known, report: null, look: true };
    const facts = { ...known, health: event.health };
    return { facts, report: { facts }, look: false };
  },
  destroyed(known, event) {
    const facts = known ?? baseFacts(event);
    return { facts: null, report: { facts, removed: true }, look: false };
  },
};

export function applyEvent(known: ContainerFacts | undefined, event: ContainerEvent): Change {
  return EVENTS[event.kind](known, event);
}

/**
 * Facts from an inspection or a list. A list does not tell everything: what it leaves open is taken from what is
 * known, as long as the status is the same.
 */
export function applyLook(known: ContainerFacts | undefined, seen: ContainerFacts): Change {
  const same = known !== undefined && known.status === seen.status;
  const facts: ContainerFacts = {
    ...seen,
    image: seen.image ?? known?.image ?? null,
    health: seen.health ?? (same ? known.health : null),
    exitCode: seen.exitCode ?? (same ? known.exitCode : null),
    startedAtMs: seen.startedAtMs ?? (same ? known.startedAtMs : null),
  };
  const renamed = known !== undefined && known.name !== facts.name;
  const changed =
    !same ||
    renamed ||
    known.health !== facts.health ||
    (known.startedAtMs === null && facts.startedAtMs !== null) ||
    (known.exitCode !== facts.exitCode && known !== undefined);
  if (!changed) return { facts, report: null, look: false };
  return { facts, report: renamed ? { facts, previousName: known.name } : { facts }, look: false };
}

/** The list no longer has it. */
export function applyAbsence(known: ContainerFacts): Change {
  return { facts: null, report: { facts: known, removed: true }, look: false };
}

function now(
  known: ContainerFacts | undefined,
  event: ContainerEvent,
  told: Partial<ContainerFacts>,
  look: boolean,
): Change {
  const base = known ?? baseFacts(event);
  const facts = { ...base, name: event.name, image: event.image ?? base.image, ...told };
  return { facts, report: { facts }, look };
}

function unknown(): Change {
  return { facts: null, report: null, look: true };
}

function baseFacts({ id, name, image }: ContainerEvent): ContainerFacts {
  return { id, name, image, status: 'exited', health: null, exitCode: null, startedAtMs: null };
}
