import { describe, expect, it } from 'vitest';
import { startProcess } from '../support/process.js';

const TOOLS = new URL('../../../scripts/lib/tools.mjs', import.meta.url).href;

/** A script whose one command never ends by itself. */
const SCRIPT = `
  import { run } from ${JSON.stringify(TOOLS)};
  const endless = 'console.log("command runs"); setInterval(() => {}, 60_000)';
  const { code, signal } = await run(process.execPath, ['-e', endless]);
  console.log('command ended by', signal, 'counts as', code);
`;

describe('commands of scripts', () => {
  it('BS-6: SIGTERM to the script, ends its command, which counts as failed', async () => {
    const script = await startProcess(process.execPath, ['--input-type=module', '-e', SCRIPT]);
    await script.line(/^command runs$/);
    script.signal('SIGTERM');
    await script.line(/^command ended by SIGTERM counts as 1$/);
    expect(await script.exited).toEqual({ code: 0, signal: null });
  });
});
