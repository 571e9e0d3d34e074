import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAlertRules } from './rule-grammar.js';

const mistakesOf = (text: string): string => {
  try {
    parseAlertRules(text);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  throw new Error(`no mistake in ${text}`);
};

describe('the language of rules', () => {
  it('SE-30: the default rules', () => {
    const common = { kind: 'threshold', source: 'host', operator: '>', threshold: 90, severity: 'warning' };
    expect(parseAlertRules(undefined)).toEqual([
      { ...common, text: 'cpu>90 for 30s clear 80', metricType: 'cpu', forMs: 30_000, clear: 80 },
      { ...common, text: 'mem>90 for 30s clear 85', metricType: 'mem', forMs: 30_000, clear: 85 },
      { ...common, text: 'disk>90 clear 88', metricType: 'disk', forMs: 0, clear: 88 },
      { kind: 'container_state', text: 'container exited', condition: 'exited', severity: 'warning' },
    ]);
  });

  it.each([
    ['  load1 >= 8   for 90s ', 'load1>=8 for 90s'],
    ['temperature>85 for 2m critical', 'temperature>85 for 2m critical'],
    ['container cpu > 150 for 1h', 'container cpu>150 for 1h'],
    ['cpu>90% clear 80%', 'cpu>90 clear 80'],
    ['uptime<600', 'uptime<600'],
    ['temperature < -5 clear 0', 'temperature<-5 clear 0'],
    ['container unhealthy critical', 'container unhealthy critical'],
    ['mem>90 for 1.5m warning', 'mem>90 for 90s'],
  ])('SE-30: %j reads as %j', (text, spelled) => {
    expect(parseAlertRules(text).map((rule) => rule.text)).toEqual([spelled]);
  });

  it('SE-30: none alone, no rules; empty parts are left out', () => {
    expect(parseAlertRules('none')).toEqual([]);
    expect(parseAlertRules('cpu>1;;mem>2;')).toHaveLength(2);
  });

  it.each([
    ['cpy>90', 'at character 1, "cpy": expected a host metric: cpu,'],
    ['cpu=90', 'at character 4, "=": expected one of >= <= > <'],
    ['cpu>', 'at character 4, ">": expected a number'],
    ['cpu>90 for 30', 'at character 12, "30": expected a duration'],
    ['cpu>90 for 0s', 'at character 12, "0s": expected a duration above 0'],
    ['cpu>90 fro 30s', 'at character 8, "fro": expected for, clear, warning, critical'],
    ['cpu>90 clear 80 for 3s', 'at character 17, "for": expected for, clear'],
    ['container stopped', 'at character 11, "stopped": expected a container metric: cpu'],
    ['container exited for 3s', 'at character 18, "for": expected warning, critical'],
    [' ; ', 'has no rule; write none'],
  ])('SE-30: %j, the position and the fix', (text, mistake) => {
    expect(mistakesOf(text)).toContain(mistake);
  });

  it('SE-30: three mistakes, all in one message', () => {
    const message = mistakesOf('cpy>1; mem>90; disk>x; container gone');
    expect(message.split('; at character')).toHaveLength(3);
  });

  it.each([
    ['cpu>100', 'never true'],
    ['mem<0', 'never true'],
    ['container mem>=101', 'never true'],
    ['cpu>90 clear 95', 'clear must lie on the other side'],
    ['uptime<60 clear 30', 'clear must lie on the other side'],
    ['cpu>90; cpu > 90', 'the same rule again'],
  ])('SE-31: %j is a mistake', (text, mistake) => {
    expect(mistakesOf(text)).toContain(mistake);
  });

  it('SE-31: CPU of a container may exceed 100', () => {
    expect(parseAlertRules('container cpu>350')).toHaveLength(1);
  });

  it('SE-30: any text, rules or an Error, and what was read is read the same way again', () => {
    const word = fc.constantFrom(
      'cpu',
      'mem',
      'container',
      'exited',
      '>',
      '<=',
      '90',
      '-1',
      'for',
      '30s',
      'clear',
      '80',
      ';',
      'critical',
      '',
      '%',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 14 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, (raw) => {
        let rules: ReturnType<typeof parseAlertRules>;
        try {
          rules = parseAlertRules(raw);
        } catch (error) {
          expect((error as Error).message).toMatch(/^at |^has no rule/);
          return;
        }
        const spelled = rules.map((rule) => rule.text).join('; ') || 'none';
        expect(parseAlertRules(spelled)).toEqual(rules);
      }),
      { numRuns: 500 },
    );
  });
});
