/** What happened to containers between two moments: the server tells the newest 100, and what lies before on request. */
import { type ContainerEventEntry, REST_LIMITS, REST_PATHS } from '@pulsewire/shared-schema/rest';
import { readContainerEvents } from '../../../rest/read-body.js';
import type { RestAnswer, RestClient } from '../../../rest/rest-client.js';
import type { Span } from '../range.js';

export interface LoadedEvents {
  /** Newest first. */
  readonly events: readonly ContainerEventEntry[];
  /** There are more, before the oldest of these. */
  readonly isCut: boolean;
}

export async function loadContainerEvents(
  client: RestClient,
  { fromMs, toMs }: Span,
  maxPages: number,
  signal: AbortSignal,
): Promise<RestAnswer<LoadedEvents>> {
  const events = new Map<string, ContainerEventEntry>();
  let untilMs = Math.round(toMs);
  for (let page = 0; page < maxPages; page += 1) {
    const query = { from: Math.round(fromMs), to: untilMs, limit: REST_LIMITS.rows };
    const answer = await client.get(REST_PATHS.containerEvents, query, readContainerEvents, signal);
    if (!answer.ok) return answer;
    const { data, truncated } = answer.data;
    for (const event of data) events.set(JSON.stringify(event), event);
    if (!truncated) return { ok: true, data: { events: [...events.values()], isCut: false } };
    // Times are finer than milliseconds: those of the oldest one's millisecond come again, and count once.
    const nextMs = Date.parse(data.at(-1)?.time ?? '') + 1;
    if (!(nextMs < untilMs)) break;
    untilMs = nextMs;
  }
  return { ok: true, data: { events: [...events.values()], isCut: true } };
}
