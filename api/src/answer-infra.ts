/**
 * The machines as they are now, from what was heard last on the bus; before anything was, as the store knows them, with
 * the age of that.
 */
import { type InfraQuery, type InfraStatus, REST_LIMITS } from '@pulsewire/shared-schema/rest';
import { queryContainers, queryDatabases, queryLatest } from '@pulsewire/store';
import { askDatabase } from './ask-database.js';
import { deriveInfraStatus } from './infra-status.js';
import type { NewestMessage } from './newest.js';
import { answerWith, type Outcome, refuse } from './problem.js';
import { deriveRecordedMessages } from './recorded-messages.js';
import type { RouteContext } from './routes.js';

const RETRY_SOON = { headers: { 'retry-after': '1' } };

export async function answerInfra(
  { host }: InfraQuery,
  context: RouteContext,
): Promise<Outcome<InfraStatus>> {
  const facts = { nowMs: context.clock.nowMs(), limits: REST_LIMITS };
  const live = context.newest.messages();
  if (live.length > 0) return answerOf(deriveInfraStatus(live, { ...facts, origin: 'live' }), host);
  const recorded = await readRecorded(context);
  if (!recorded.ok) {
    const { message } = recorded.problem;
    return refuse('not_ready', `nothing was heard of the machines yet, and ${message}`, RETRY_SOON);
  }
  if (recorded.body.length === 0)
    return refuse('not_ready', 'nothing was heard of the machines yet', RETRY_SOON);
  return answerOf(deriveInfraStatus(recorded.body, { ...facts, origin: 'recorded' }), host);
}

function readRecorded(context: RouteContext): Promise<Outcome<NewestMessage[]>> {
  return askDatabase(context, async (session) => {
    const latest = await queryLatest(session);
    const containers = await queryContainers(session);
    return deriveRecordedMessages({ latest, containers, databases: await queryDatabases(session) });
  });
}

function answerOf(status: InfraStatus, host: string | undefined): Outcome<InfraStatus> {
  if (host === undefined) return answerWith(status);
  const chosen = status.hosts.find(({ name }) => name === host);
  if (chosen === undefined) return refuse('not_found', 'nothing was heard of this host');
  return answerWith({
    ...status,
    host: chosen,
    containers: status.containers.filter((container) => container.host === host),
    databases: status.databases.filter((database) => database.host === host),
  });
}
