/**
 * Turns facts about links, about refused batches and about what probes are told into the one state that others
 * see: up when there is no trouble at any *place* (one server; in a Cluster, one node for each channel). Going down is one change and one log line, and so is coming back. What Redis refuses later in the same outage
 * is another line, for by then somebody may be looking for the wrong reason.
 */
import type { Channel } from '@pulsewire/shared-schema';
import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { BusState } from './bus.js';
import { createListeners } from './listeners.js';
import type { Dropped } from './outbox.js';
import type { BusCause, Trouble } from './refusal.js';

export interface Outage {
  /** `cause` is the one that was logged last. */
  readonly state: BusState;
  onState(listener: (state: BusState) => void): () => void;
  /** One more place, which counts from now on. `channel`: the one that it is for, where it is for one only. */
  addPlace(channel: Channel | null): PlaceTroubles;
  close(): void;
}

/** What is known of one place. */
export interface PlaceTroubles {
  /** What others are told of this place; `null` when nothing. */
  readonly current: Trouble | null;
  linkIs(trouble: Trouble | null): void;
  publishingIs(trouble: Trouble | null): void;
  probedIs(trouble: Trouble | null): void;
}

type Troubles = Record<'link' | 'publishing' | 'probed', Trouble | null>;

export interface OutageOptions {
  clock: Clock;
  logger: Logger;
  /** Messages given up so far. */
  dropped(): Readonly<Dropped>;
}

/** These come and go while a connection is lost and made anew; the others last until somebody acts. */
const PASSING: ReadonlySet<BusCause> = new Set([
  'connecting',
  'connection_lost',
  'canary_timeout',
  'loading',
  'busy',
  'slot_moved',
  'slot_moving',
]);

/** Where memory is short, writes are refused and taken in turns; nobody is to be told of each. */
const REFUSED_FOR_MS = 500;

export function createOutage({ clock, logger, dropped }: OutageOptions): Outage {
  const listeners = createListeners<BusState>(logger);
  const places: { channel: Channel | null; troubles: Troubles }[] = [];
  let state: BusState = { status: 'down', sinceMs: clock.nowMs(), cause: 'connecting' };
  let downSinceMs = clock.monotonicMs();
  /** The causes of this outage that were logged. */
  const logged = new Set<BusCause>();
  let droppedBefore = { ...dropped() };

  function change(next: BusState): void {
    state = next;
    listeners.tell(next);
  }

  function judge(): void {
    const troubled = places.find(({ troubles }) => troubleAt(troubles) !== null);
    const trouble = troubled === undefined ? null : troubleAt(troubled.troubles);
    if (troubled === undefined || trouble === null) {
      if (state.status === 'down') goUp();
    } else if (state.status === 'up') goDown(trouble, troubled.channel);
    else warn(trouble, troubled.channel);
  }

  function goDown(trouble: Trouble, channel: Channel | null): void {
    downSinceMs = clock.monotonicMs();
    warn(trouble, channel);
    change({ status: 'down', sinceMs: clock.nowMs(), cause: trouble.cause });
  }

  function warn({ cause, detail }: Trouble, channel: Channel | null): void {
    if (cause === 'connecting' || logged.has(cause) || (logged.size > 0 && PASSING.has(cause))) return;
    const fields = {
      cause,
      ...(detail === null ? {} : { detail }),
      ...(channel === null ? {} : { channel }),
    };
    logger.warn(fields, logged.size === 0 ? 'bus is down' : 'bus is still down');
    logged.add(cause);
    if (state.status === 'down') state = { ...state, cause };
  }

  function goUp(): void {
    const now = dropped();
    const fields = {
      outage_ms: Math.round(clock.monotonicMs() - downSinceMs),
      dropped_samples: now.samples - droppedBefore.samples,
      dropped_transitions: now.transitions - droppedBefore.transitions,
    };
    const warned = logged.size > 0;
    logger.info(warned ? fields : {}, warned ? 'bus is back' : 'bus is up');
    logged.clear();
    // From here on, because a backlog may still overflow right after an outage; the next line tells it.
    droppedBefore = { ...now };
    change({ status: 'up', sinceMs: clock.nowMs(), cause: null });
  }

  function addPlace(channel: Channel | null): PlaceTroubles {
    const troubles: Troubles = {
      link: { cause: 'connecting', detail: null },
      publishing: null,
      probed: null,
    };
    places.push({ channel, troubles });
    let probeRefusedAtMs = Number.NEGATIVE_INFINITY;
    const set = (about: keyof Troubles, trouble: Trouble | null) => {
      troubles[about] = trouble;
      judge();
    };
    return {
      get current() {
        return troubleAt(troubles);
      },
      linkIs: (trouble) => set('link', trouble),
      publishingIs: (trouble) => set('publishing', trouble),
      probedIs(trouble) {
        const nowMs = clock.monotonicMs();
        if (trouble !== null) probeRefusedAtMs = nowMs;
        if (trouble !== null || nowMs - probeRefusedAtMs >= REFUSED_FOR_MS) set('probed', trouble);
      },
    };
  }

  return {
    get state() {
      return state;
    },
    onState: listeners.add,
    addPlace,
    close: listeners.clear,
  };
}

function troubleAt({ link, publishing, probed }: Troubles): Trouble | null {
  return link ?? publishing ?? probed;
}
