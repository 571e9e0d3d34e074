/** Every route: where it is, what of the stream a key must be for, and who answers. */
import type { Clock } from '@pulsewire/runtime';
import type { Topic } from '@pulsewire/shared-schema';
import { REST_PATHS, type RestRoute } from '@pulsewire/shared-schema/rest';
import { parseQuery, type RestQuery } from '@pulsewire/shared-schema/rest-query';
import type { Database } from '@pulsewire/store';
import { answerAlerts } from './answer-alerts.js';
import { answerContainerEvents, answerContainers } from './answer-containers.js';
import { answerInfra } from './answer-infra.js';
import { answerLogs } from './answer-logs.js';
import { answerMetrics, answerSeries } from './answer-metrics.js';
import type { Newest } from './newest.js';
import { type Outcome, refuseFields } from './problem.js';

/** What answers are made of. */
export interface RouteContext {
  database: Database;
  newest: Newest;
  clock: Clock;
  /** Aborted once the client went away without waiting for its answer. */
  gone: AbortSignal;
}

export interface Route {
  name: RestRoute;
  path: string;
  topics: readonly Topic[];
  /** `raw`: the options after the question mark. Rejects with what the store throws. */
  answer(raw: Readonly<Record<string, unknown>>, context: RouteContext): Promise<Outcome<unknown>>;
}

export const ROUTES: readonly Route[] = [
  route('series', ['metrics'], answerSeries),
  route('metrics', ['metrics'], answerMetrics),
  route('alerts', ['alerts'], answerAlerts),
  route('containers', ['containers'], answerContainers),
  route('containerEvents', ['containers'], answerContainerEvents),
  route('logs', ['logs'], answerLogs),
  route('infraStatus', ['metrics', 'containers', 'databases'], answerInfra),
];

function route<R extends RestRoute>(
  name: R,
  topics: readonly Topic[],
  answer: (query: RestQuery<R>, context: RouteContext) => Promise<Outcome<unknown>>,
): Route {
  return {
    name,
    path: REST_PATHS[name],
    topics,
    async answer(raw, context) {
      const result = parseQuery(name, raw);
      return result.ok ? answer(result.query, context) : refuseFields(result.mistakes);
    },
  };
}
