/** What the store knows of the machines, as the messages from which it was recorded: pure. */
import { isoTime } from '@pulsewire/runtime';
import type { ContainerStatus, DatabaseStatus, SystemMetric } from '@pulsewire/shared-schema';
import type { ContainerState, DatabaseStatusRecord, LatestValue } from '@pulsewire/store';
import type { NewestMessage } from './newest.js';

export interface RecordedFacts {
  latest: readonly LatestValue[];
  containers: readonly ContainerState[];
  databases: readonly DatabaseStatusRecord[];
}

export function deriveRecordedMessages({ latest, containers, databases }: RecordedFacts): NewestMessage[] {
  return [
    ...latest.map(renderMetric),
    ...containers.map(renderContainer),
    ...databases.map((data): DatabaseStatus => ({ type: 'database_status', data })),
  ];
}

function renderMetric({ series, timeMs, value, staleMs }: LatestValue): SystemMetric {
  const { metricType, source, host, container, mount, core, unit } = series;
  const meta = {
    ...(unit === null ? {} : { unit }),
    ...(host === null ? {} : { host }),
    ...(container === null ? {} : { container }),
    ...(mount === null ? {} : { mount }),
    ...(core === null ? {} : { core }),
    ...(staleMs === 0 ? {} : { stale_s: staleMs / 1000 }),
  };
  return {
    type: 'system_metric',
    data: { time: isoTime(timeMs), metric_type: metricType, value, source, meta },
  };
}

function renderContainer(state: ContainerState): ContainerStatus {
  const { name, host, id, image, status, health, exitCode, startedAtMs, lastSeenMs } = state;
  return {
    type: 'container_status',
    data: {
      container: name,
      status,
      time: isoTime(lastSeenMs),
      exit_code: exitCode,
      started_at: startedAtMs === null ? null : isoTime(startedAtMs),
      ...(host === null ? {} : { host }),
      ...(id === null ? {} : { id }),
      ...(image === null ? {} : { image }),
      ...(health === null ? {} : { health }),
    },
  };
}
