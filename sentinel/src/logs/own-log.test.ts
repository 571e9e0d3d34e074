import { createManualClock, type Logger, silentLogger } from '@pulsewire/runtime';
import { expect, it } from 'vitest';
import { createOwnLog } from './own-log.js';

it('SE-118: what the logger and its children log from info on, as lines with their fields', () => {
  const own = createOwnLog(createManualClock());
  const passed: string[] = [];
  const logger = own.tap({
    ...silentLogger,
    info: (_fields, text) => void passed.push(text),
  } satisfies Logger);
  logger.debug({}, 'too fine');
  logger.info({ containers: 3 }, 'connected');
  logger.child({ component: 'bus' }).error({ err: new Error('no way') }, 'failed');
  expect(passed).toEqual(['connected']);
  expect(own.take('web-1').map(({ data }) => data)).toMatchObject([
    { service: 'sentinel', level: 'info', message: 'connected containers=3', host: 'web-1', seq: 0 },
    { level: 'error', message: 'failed component=bus err="no way"', seq: 1 },
  ]);
  expect(own.take('web-1')).toEqual([]);
});

it('SE-118: a line with a credential, without it', () => {
  const own = createOwnLog(createManualClock());
  own.tap(silentLogger).warn({ url: 'redis://bob:secret@h' }, 'cannot connect');
  expect(own.take('web-1')[0]?.data.message).toBe('cannot connect url=redis://[redacted]@h');
});

it('SE-118: more lines than are kept while nobody takes them, the newest and how many are gone', () => {
  const own = createOwnLog(createManualClock());
  const logger = own.tap(silentLogger);
  for (let n = 1; n <= 1200; n += 1) logger.info({}, `line ${n}`);
  const texts = own.take('web-1').map(({ data }) => data.message);
  expect([texts.length, texts[0], texts[1], texts.at(-1)]).toEqual([
    1001,
    'skipped 200 lines',
    'line 201',
    'line 1200',
  ]);
});
