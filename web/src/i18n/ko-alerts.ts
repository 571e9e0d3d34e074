/** Alerts in Korean. Names stand before a colon or a number, where no particle has to agree with their last sound. */
import { formatDuration } from '../format/duration.js';
import {
  formatByteRate,
  formatBytes,
  formatCelsius,
  formatLoad,
  formatMilliseconds,
  formatPercent,
  joined,
} from '../format/quantity.js';
import type { AlertFacts, AlertPhase, Operator, ThresholdFacts } from '../live/alert-facts.js';
import { ko } from './ko.js';

const METRICS: Readonly<Record<string, string>> = {
  cpu: 'CPU 사용률',
  mem: '메모리 사용률',
  mem_bytes: '메모리 사용량',
  swap: '스왑 사용률',
  disk: '디스크 사용률',
  load1: '부하(1분)',
  load5: '부하(5분)',
  load15: '부하(15분)',
  net_rx: '네트워크 수신',
  net_tx: '네트워크 송신',
  disk_read: '디스크 읽기',
  disk_write: '디스크 쓰기',
  temperature: '온도',
  uptime: '가동 시간',
};
const COMPARED: Record<Operator, string> = { '>': '초과', '>=': '이상', '<': '미만', '<=': '이하' };
const EXITED: Record<AlertPhase, string> = {
  firing: '오류로 종료됨',
  back: '종료 경고 해제',
  ended: '종료 경고 해제',
};
const UNHEALTHY: Record<AlertPhase, string> = {
  firing: '헬스 체크 실패',
  back: '헬스 체크 경고 해제',
  ended: '헬스 체크 경고 해제',
};

export function sayAlertInKorean(facts: AlertFacts): string {
  switch (facts.kind) {
    case 'threshold':
      return sayThreshold(facts);
    case 'exited': {
      const code = facts.phase === 'firing' ? `(${ko.containers.exitCode(facts.value)})` : '';
      return `컨테이너 ${facts.container}: ${EXITED[facts.phase]}${code}`;
    }
    case 'unhealthy':
      return `컨테이너 ${facts.container}: ${UNHEALTHY[facts.phase]}`;
    case 'slow_feed':
      return facts.phase === 'firing'
        ? `피드 지연: 메시지 100건 중 1건은 ${joined(formatMilliseconds(facts.p99Ms))} 이상 걸림`
        : '피드 지연 해소';
  }
}

function sayThreshold(facts: ThresholdFacts): string {
  const what = nameOf(facts);
  const value = quantity(facts.unit, facts.value);
  switch (facts.phase) {
    case 'firing': {
      const length = facts.forMs > 0 ? ` ${formatDuration(facts.forMs, ko.duration)} 지속` : '';
      // A limit was written by a person, who writes 90%, not 90.0%.
      const limit = quantity(facts.unit, facts.threshold).replace(/\.0+(?!\d)/, '');
      return `${what} ${value}: ${limit} ${COMPARED[facts.operator]}${length}`;
    }
    case 'back':
      return `${what} ${value}: 정상 복귀`;
    case 'ended':
      return `${what}: 경고 해제`;
  }
}

function nameOf({ metric, container, mount, core }: ThresholdFacts): string {
  if (metric === 'cpu_core') return `CPU ${core === null ? '코어' : ko.gauge.core(core)} 사용률`;
  const name = METRICS[metric] ?? metric;
  if (container !== null) return `컨테이너 ${container} ${name}`;
  return mount === null ? name : `${name}(${mount})`;
}

function quantity(unit: string, value: number): string {
  switch (unit) {
    case 'percent':
      return joined(formatPercent(value));
    case 'bytes':
      return joined(formatBytes(value));
    case 'bytes/s':
      return joined(formatByteRate(value));
    case 'celsius':
      return joined(formatCelsius(value));
    case 'seconds':
      return formatDuration(value * 1000, ko.duration);
    default:
      return joined(formatLoad(value));
  }
}
