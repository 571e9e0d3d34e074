/** What the API counts, for `/metrics`. */
import { counter, type createMetrics, gauge, histogram } from '@pulsewire/runtime';
import type { RestRoute } from '@pulsewire/shared-schema/rest';

export interface ApiMetrics {
  /** `route` is `other` where there is none. */
  answered(route: RestRoute | 'other', status: number, durationMs: number): void;
}

const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createApiMetrics(
  registry: ReturnType<typeof createMetrics>,
  gauges: { databaseUp(): boolean },
): ApiMetrics {
  const requests = counter(registry, 'api_requests_total', 'Requests answered, by route and status.', [
    'route',
    'status',
  ]);
  const seconds = histogram(registry, 'api_request_seconds', 'Time that an answer took, by route.', {
    buckets: BUCKETS_S,
    labels: ['route'],
  });
  gauge(registry, 'api_database_up', '1 while the database answers.', () => (gauges.databaseUp() ? 1 : 0));
  return {
    answered(route, status, durationMs) {
      requests.inc({ route, status: String(status) });
      seconds.observe({ route }, durationMs / 1000);
    },
  };
}
