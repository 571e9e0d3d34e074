/** Logs of a real Docker Engine. Rules: sentinel/SPEC.md. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createMemoryBus, type MemoryBus } from '@pulsewire/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { startDocker, type TestDocker } from '../support/docker.js';
import { makeFolder } from '../support/process.js';
import { poll } from '../support/within.js';
import { type LogReader, readLogs, startLogSentinel } from './support/log-reader.js';

const sh = (script: string) => ['sh', '-c', script];
/** Numbered lines for as long as it runs. */
const counting = (pause: string) => sh(`i=0; while :; do i=$((i+1)); echo line $i; sleep ${pause}; done`);
const numbersOf = (texts: readonly string[]) => texts.map((text) => Number(/^line (\d+)$/.exec(text)?.[1]));
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describeWith('dockerd', 'logs of a real Docker Engine', () => {
  let engine: TestDocker;
  let bus: MemoryBus;
  let logs: LogReader;
  let sentinel: Awaited<ReturnType<typeof startLogSentinel>>;
  let stateDir: string;

  const start = () => startLogSentinel(bus, engine.host, { STATE_DIR: stateDir });

  beforeAll(async () => {
    engine = await startDocker();
    stateDir = join(await makeFolder('state'), 'new');
    bus = createMemoryBus();
    logs = readLogs(bus);
    await engine.run('history', sh('echo before; sleep 1000'));
    sentinel = await start();
  });
  afterAll(async () => {
    await sentinel?.stop();
    await engine?.stop();
  });

  it('SE-101: both streams of a new container, each line with its stream, level, host and time', async () => {
    await engine.run(
      'both',
      sh('echo out; echo err >&2; echo "level=error msg=x"; sleep 0.2; echo; echo end'),
    );
    await logs.until('both', 'end');
    const lines = logs.of('both');
    expect(lines.map(({ stream, level, message }) => [stream, level, message]).sort()).toEqual([
      ['stderr', 'warn', 'err'],
      ['stdout', 'error', 'level=error msg=x'],
      ['stdout', 'info', ''],
      ['stdout', 'info', 'end'],
      ['stdout', 'info', 'out'],
    ]);
    expect(lines.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4]);
    expect(lines.every(({ host, timestamp }) => host === 'test-host' && timestamp.length === 30)).toBe(true);
  });

  it('SE-101: a container with a terminal, the same', async () => {
    const script = 'printf "\\033[32mgreen\\033[0m\\n"; echo 한국어; echo end';
    await engine.run('terminal', sh(script), { Tty: true });
    await logs.until('terminal', 'end');
    expect(logs.texts('terminal')).toEqual(['green', '한국어', 'end']);
  });

  it.each([
    // What the engine splits it also damages with this driver: characters become replacement characters.
    { Type: 'json-file', Tty: true, wide: /^a한{900}.* … \[cut: 5\d{4} bytes\]$/ },
    { Type: 'json-file', Tty: false, wide: /^a한{5460}.* … \[cut: 537\d\d bytes\]$/ },
    { Type: 'local', Tty: false, wide: /^a한{9999} … \[cut: 53761 bytes\]$/ },
  ])(
    'SE-102, SE-103: 54 KB of three-byte characters and 1 MB, driver $Type, terminal $Tty, one line each',
    async (given) => {
      const { Type, Tty, wide } = given;
      const name = `long-${Type}-${Tty}`;
      const script = `x=한한한한한한한한한한; for i in 1 2 3 4 5 6 7 8; do x=$x$x; done; echo short; echo a$x$x$x$x$x$x$x;
      dd if=/dev/zero bs=1024 count=1024 2>/dev/null | busybox tr '\\000' x; echo; echo end`;
      await engine.run(name, sh(script), { Tty, HostConfig: { LogConfig: { Type, Config: {} } } });
      await logs.until(name, 'end');
      const [first, second, third, last] = logs.texts(name);
      expect([first, last]).toEqual(['short', 'end']);
      expect(wide.test(second ?? '')).toBe(true);
      expect(third).toMatch(/^x{30000} … \[cut: 104\d{4} bytes\]$/);
    },
  );

  it('SE-104: last words without a line feed, and what the container says when it is started again', async () => {
    const id = await engine.run('brief', sh('echo one; printf two'));
    await logs.until('brief', 'two');
    await engine.docker.getContainer(id).start();
    await poll(() => logs.of('brief').length === 4 || undefined, { what: 'the second run' });
    expect(logs.texts('brief')).toEqual(['one', 'two', 'one', 'two']);
  });

  it('SE-116: a container that ran before the sentinel, from then on only', async () => {
    expect(logs.texts('history')).toEqual([]);
  });

  it('SE-114: a flood, one line a second tells what was skipped, and all are accounted for', async () => {
    await engine.run('flood', sh('busybox seq 1 60000; echo end >&2; sleep 3; echo later'));
    await logs.until('flood', 'later', 60_000);
    const skipped = logs.texts('flood').map((text) => Number(/^skipped (\d+) lines?:/.exec(text)?.[1] ?? 0));
    const numbers = logs.texts('flood').filter((text) => /^\d+$/.test(text)).length;
    expect(numbers).toBeGreaterThan(4900);
    expect(logs.of('flood').filter(({ message }) => message.startsWith('skipped')).length).toBeLessThan(15);
    const told = skipped.reduce((sum, lines) => sum + lines, 0);
    const end = logs.texts('flood').includes('end') ? 0 : 1;
    expect(numbers + told - end).toBe(60_000);
  });

  it('SE-112: the log is rotated again and again while it is read, every line once and in order', async () => {
    const LogConfig = { Type: 'json-file', Config: { 'max-size': '64k', 'max-file': '5' } };
    const say = 'say() { n=0; while [ $n -lt 500 ]; do n=$((n+1)); i=$((i+1)); echo line $i; done; }';
    const script = `i=0; ${say}; trap say USR1; echo ready; while :; do sleep 0.05; done`;
    const id = await engine.run('rotating', sh(script), { HostConfig: { LogConfig } });
    await logs.until('rotating', 'ready');
    // Some 800 lines make a file, and what Docker 20.10 rotates twice before it was read, it passes over: docs/logs.md.
    for (const last of [500, 1000, 1500, 2000, 2500, 3000]) {
      await engine.docker.getContainer(id).kill({ signal: 'SIGUSR1' });
      await logs.until('rotating', `line ${last}`);
    }
    expect(numbersOf(logs.texts('rotating').slice(1))).toEqual(upTo(3000));
  });

  it('SE-111, SE-112: the sentinel stopped and started, every line once, in order and numbered on', async () => {
    await engine.run('steady', counting('0.005'));
    await logs.until('steady', 'line 100');
    for (const next of [300, 600]) {
      await sentinel.stop();
      const [before] = logs.texts('steady').slice(-1);
      sentinel = await start();
      await logs.until('steady', `line ${next}`);
      expect(before).toBeDefined();
    }
    const numbers = numbersOf(logs.texts('steady'));
    expect(numbers).toEqual(upTo(numbers.length));
    expect(logs.of('steady').map(({ seq }) => seq)).toEqual(upTo(numbers.length).map((n) => n - 1));
  });

  it('SE-115: the bus down for two seconds, reading waits, and every line comes afterwards', async () => {
    const before = logs.of('steady').length;
    bus.interrupt('test');
    await engine.run('meanwhile', sh('busybox seq 1 4000 | busybox sed "s/^/line /"; echo end'));
    bus.restore();
    await logs.until('meanwhile', 'end');
    expect(numbersOf(logs.texts('meanwhile').slice(0, -1))).toEqual(upTo(4000));
    expect(logs.of('steady').length).toBeGreaterThan(before);
  });

  it('SE-112: the engine stopped and started, every line once and in order', async () => {
    await engine.stopEngine();
    await engine.startEngine();
    const last = logs.of('steady').length;
    await engine.docker.getContainer('steady').start();
    await poll(() => logs.of('steady').length > last + 50 || undefined, {
      what: 'lines again',
      timeoutMs: 40_000,
    });
    const numbers = numbersOf(logs.texts('steady'));
    const restart = numbers.indexOf(1, 1);
    expect(numbers.slice(0, restart)).toEqual(upTo(restart));
    expect(numbers.slice(restart)).toEqual(upTo(numbers.length - restart));
  });

  it('SE-117: a container whose log the engine does not give out, one warning', async () => {
    await engine.run('mute', ['sleep', '1000'], { HostConfig: { LogConfig: { Type: 'none', Config: {} } } });
    const warning = await logs.until('sentinel', /the log of a container cannot be read.*container=mute/);
    expect(warning).toMatchObject({ level: 'warn', stream: 'stdout' });
  });

  it('SE-119: the file with the positions, readable by its owner only', async () => {
    const { mode } = await stat(join(stateDir, 'container-logs.json'));
    expect([mode & 0o777, (await stat(stateDir)).mode & 0o777]).toEqual([0o600, 0o700]);
  });
});
