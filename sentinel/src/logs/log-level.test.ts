import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectLevel } from './log-level.js';

describe('level of a line', () => {
  it.each([
    ['{"level":30,"time":1,"msg":"pino"}', 'info'],
    ['{"level":20,"msg":"pino"}', 'debug'],
    ['{"name":"bunyan","level":40,"v":0}', 'warn'],
    ['{"level":60,"msg":"fatal"}', 'error'],
    ['{"level":"ERROR","msg":"winston"}', 'error'],
    ['{"severity":"WARNING","message":"google"}', 'warn'],
    ['{"log.level":"debug"}', 'debug'],
    ['{"log":{"level":"error"}}', 'error'],
    ['{"level":3,"short_message":"gelf"}', 'error'],
    ['{"message":"level ERROR of nothing"}', 'info'],
    ['time=2026-01-17 level=warning msg="go"', 'warn'],
    ['ts=1 lvl="eror" level="error"', 'error'],
    ['E0117 04:30:00.000000       1 main.go:10] klog', 'error'],
    ['I0117 04:30:00.000000       1 main.go:10] klog', 'info'],
    ['<3>kernel', 'error'],
    ['2026/01/17 04:30:00 [error] 31#31: *1 nginx', 'error'],
    ['2026/01/17 04:30:00 [notice] 1#1: nginx', 'info'],
    ['2026-01-17 04:30:00.000 UTC [1] LOG:  ready', 'info'],
    ['2026-01-17 04:30:00.000 UTC [1] FATAL:  no', 'error'],
    ['2026-01-17 04:30:00.000  WARN 1 --- [main] c.e.App : spring', 'warn'],
    ['ERROR:root:python', 'error'],
    ['npm warn deprecated', 'info'],
    ['warning: lower case at the start', 'warn'],
    ['debug: lower case at the start', 'debug'],
    ['GET /ERRORS 200', 'info'],
    ['no errors found', 'info'],
    ['INFORMATION about nothing', 'info'],
  ])('SE-108: %j on stdout, %s', (text, level) => {
    expect(detectLevel(text, 'stdout', null)).toBe(level);
  });

  it.each([
    ['listening on port 80', 'warn'],
    ['{"level":30}', 'info'],
    ['Traceback (most recent call last):', 'error'],
    ['TypeError: x is not a function', 'error'],
    ['panic: runtime error', 'error'],
    ['Exception in thread "main" java.lang.Error', 'error'],
  ])('SE-109: %j on stderr, %s', (text, level) => {
    expect(detectLevel(text, 'stderr', null)).toBe(level);
  });

  it('SE-110: an indented line without a level, that of the line before', () => {
    expect(detectLevel('    at main (app.js:1:1)', 'stderr', 'error')).toBe('error');
    expect(detectLevel('  DEBUG on its own', 'stderr', 'error')).toBe('debug');
  });

  it('SE-108: any line, one of the four levels', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json()),
        fc.constantFrom('stdout' as const, 'stderr' as const),
        (text, stream) => {
          expect(['debug', 'info', 'warn', 'error']).toContain(detectLevel(text, stream, null));
        },
      ),
    );
  });
});
