/** The words of the infrastructure page. */
import type { DatabaseStatus } from '@pulsewire/shared-schema';
import type { Language } from '../../i18n/languages.js';

type Kind = DatabaseStatus['data']['kind'];

const en = {
  title: 'Infrastructure',
  resources: 'System resources',
  limits: (warning: number, critical: number) => `High from ${warning}%, critical from ${critical}%`,
  resourcesNone: 'No host has sent a sample yet.',
  databases: 'Databases',
  databasesNone: 'No database is watched',
  databasesNoneExplain:
    'Set PROBE_DATABASES of a sentinel to the addresses of PostgreSQL, MongoDB or Redis servers.',
  databasesUnknown: 'No word about databases',
  databasesUnknownExplain: 'The gateway has not told yet which databases are watched.',
  kind: { postgresql: 'PostgreSQL', mongodb: 'MongoDB', redis: 'Redis' } satisfies Record<Kind, string>,
  up: 'up',
  down: 'down',
  latency: 'Answer time',
  connections: 'Connections',
  ofMost: (value: string, most: string) => `${value} of ${most}`,
  size: 'Size',
  collections: 'Collections',
  storage: 'Storage',
  memory: 'Memory used',
  keys: 'Keys',
  clients: 'Clients',
  error: 'Error',
  seenBy: (host: string) => `as seen from ${host}`,
};
export type InfrastructureWords = typeof en;

const ko: InfrastructureWords = {
  title: '인프라',
  resources: '시스템 리소스',
  limits: (warning, critical) => `높음 ${warning}%부터, 위험 ${critical}%부터`,
  resourcesNone: '아직 측정값을 보낸 호스트가 없습니다.',
  databases: '데이터베이스',
  databasesNone: '감시 중인 데이터베이스 없음',
  databasesNoneExplain: 'Sentinel의 PROBE_DATABASES에 PostgreSQL, MongoDB, Redis 서버의 주소를 지정하세요.',
  databasesUnknown: '데이터베이스 정보 없음',
  databasesUnknownExplain: '어떤 데이터베이스를 감시하는지 게이트웨이가 아직 알려 주지 않았습니다.',
  kind: { postgresql: 'PostgreSQL', mongodb: 'MongoDB', redis: 'Redis' },
  up: '정상',
  down: '중단',
  latency: '응답 시간',
  connections: '연결 수',
  ofMost: (value, most) => `${most}개 중 ${value}개`,
  size: '크기',
  collections: '컬렉션',
  storage: '저장 용량',
  memory: '메모리 사용량',
  keys: '키',
  clients: '클라이언트',
  error: '오류',
  seenBy: (host) => `${host}에서 확인`,
};

export const INFRASTRUCTURE_WORDS: Record<Language, InfrastructureWords> = { en, ko };
