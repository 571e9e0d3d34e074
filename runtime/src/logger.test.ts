import { describe, expect, it } from 'vitest';
import { createLogger, silentLogger } from './logger.js';

async function linesOf(
  format: 'json' | 'pretty',
  write: (logger: Awaited<ReturnType<typeof createLogger>>) => void,
) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  write(await createLogger({ level: 'info', format, destination }));
  return lines;
}

describe('logger', () => {
  it('RT-20: one event, is one JSON line with component, fields and sentence, from its level on', async () => {
    const lines = await linesOf('json', (logger) => {
      logger.child({ component: 'bus' }).info({ cause: 'x' }, 'bus is down');
      logger.debug({}, 'hidden');
    });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ component: 'bus', cause: 'x', msg: 'bus is down' });
  });

  it.each(['json', 'pretty'] as const)('RT-21: keys in a %s line, are redacted', async (format) => {
    const lines = await linesOf(format, (logger) =>
      logger.warn(
        { url: '/ws?api_key=0123456789abcdef0123', err: new Error('redis://:hunter2hunter2@h') },
        'refused',
      ),
    );
    const text = lines.join('');
    expect(text).toContain('refused');
    expect(text).not.toMatch(/0123456789abcdef|hunter2/);
  });

  it('RT-22: the silent logger, and its children, write nothing', () => {
    expect(silentLogger.child({ component: 'x' })).toBe(silentLogger);
  });
});
