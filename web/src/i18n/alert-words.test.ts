import type { Alert } from '@pulsewire/shared-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { START_MS } from '../testing/manual-clock.test-support.js';
import { alert } from '../testing/messages.test-support.js';
import { sayAlert } from './alert-words.js';

type Data = Alert['data'];

/** As the sentinel makes it: the id follows from host and rule. */
function own(rule: string, more: Partial<Data> = {}): Data {
  const id = `web-01:${rule.replaceAll(' ', '_')}::${START_MS}`;
  return alert(id, more.state ?? 'firing', START_MS, { rule, message: 'in English', ...more }).data;
}
const CONTAINER = { source: 'container', container: 'shop' } as const;

describe('words of an alert', () => {
  it('WB-56: page in English, the producer’s words', () => {
    expect(sayAlert(own('cpu>90'), 'en')).toBe('in English');
  });

  it.each<[string, Data, string]>([
    ['with for', own('cpu>90 for 30s clear 80', { value: 93.21 }), 'CPU 사용률 93.2%: 90% 초과 30초 지속'],
    [
      'of a mount',
      own('disk>=90 clear 88', { metric_type: 'disk', mount: '/data', value: 95 }),
      '디스크 사용률(/data) 95.0%: 90% 이상',
    ],
    [
      'of a core',
      own('cpu_core>90 critical', { metric_type: 'cpu_core', core: 3, value: 99 }),
      'CPU 코어 3 사용률 99.0%: 90% 초과',
    ],
    [
      'in bytes per second',
      own('net_rx>1048576 for 1.5m', { metric_type: 'net_rx', threshold: 1_048_576, value: 2_097_152 }),
      '네트워크 수신 2.00\u00a0MiB/s: 1\u00a0MiB/s 초과 1분 30초 지속',
    ],
    [
      'below',
      own('uptime<300', { metric_type: 'uptime', threshold: 300, value: 65 }),
      '가동 시간 1분 5초: 5분 미만',
    ],
    [
      'of a container',
      own('container cpu>200', { ...CONTAINER, threshold: 200, value: 250 }),
      '컨테이너 shop CPU 사용률 250%: 200% 초과',
    ],
    [
      'back below clear',
      own('cpu>90 clear 80', { state: 'resolved', value: 80 }),
      'CPU 사용률 80.0%: 정상 복귀',
    ],
    ['back without clear', own('cpu>90', { state: 'resolved', value: 90 }), 'CPU 사용률 90.0%: 정상 복귀'],
    [
      'ended with a value that is not back',
      own('cpu>90 clear 80', { state: 'resolved', value: 85 }),
      'CPU 사용률: 경고 해제',
    ],
    [
      'of an exit',
      own('container exited', { ...CONTAINER, metric_type: 'container_exit_code', threshold: 0, value: 137 }),
      '컨테이너 shop: 오류로 종료됨(코드 137)',
    ],
    [
      'of an exit that is over',
      own('container exited', { ...CONTAINER, threshold: 0, value: 0, state: 'resolved' }),
      '컨테이너 shop: 종료 경고 해제',
    ],
    [
      'of a health check',
      own('container unhealthy critical', { ...CONTAINER, threshold: 0, value: 1 }),
      '컨테이너 shop: 헬스 체크 실패',
    ],
  ])('WB-56: alert of ours %s, in Korean on a Korean page', (_what, data, said) => {
    expect(sayAlert(data, 'ko')).toBe(said);
  });

  it('WB-56: the gateway’s own alert, in Korean on a Korean page', () => {
    const more = { rule: 'feed p99>100ms for 30s', metric_type: 'feed_latency', value: 250, threshold: 100 };
    const [firing, resolved] = (['firing', 'resolved'] as const).map((state) =>
      sayAlert(alert('feed_latency:vm:app', state, START_MS, more).data, 'ko'),
    );
    expect(firing).toBe('피드 지연: 메시지 100건 중 1건은 250\u00a0ms 이상 걸림');
    expect(resolved).toBe('피드 지연 해소');
  });

  it.each<[string, Partial<Data>]>([
    ['another id', { alert_id: 'backup-failed' }],
    ['another metric', { metric_type: 'mem' }],
    ['another threshold', { threshold: 50 }],
  ])('WB-56: alert of somebody else, with %s, the producer’s words', (_what, more) => {
    expect(sayAlert(own('cpu>90', more), 'ko')).toBe('in English');
  });

  it('WB-56: any rule, words and no exception', () => {
    fc.assert(
      fc.property(fc.string(), fc.double(), (rule, value) => {
        expect(sayAlert(own(rule, { value }), 'ko')).not.toBe('');
      }),
    );
  });
});
