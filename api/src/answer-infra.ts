/** The machines as they are now, from what was heard last on the bus. */
import { type InfraQuery, type InfraStatus, REST_LIMITS } from '@pulsewire/shared-schema/rest';
import { deriveInfraStatus } from './infra-status.js';
import { answerWith, type Outcome, refuse } from './problem.js';
import type { RouteContext } from './routes.js';

export async function answerInfra(
  { host }: InfraQuery,
  { newest, clock }: RouteContext,
): Promise<Outcome<InfraStatus>> {
  const facts = { nowMs: clock.nowMs(), limits: REST_LIMITS };
  const status = deriveInfraStatus(newest.messages(), facts);
  if (status.collected_at === null)
    return refuse('not_ready', 'nothing was heard of the machines yet', { headers: { 'retry-after': '1' } });
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
