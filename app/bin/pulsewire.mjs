#!/usr/bin/env node
// Committed, unlike what it starts, so that "npx pulsewire" works in a clone that was installed before it was built.
import { existsSync } from 'node:fs';

const entry = new URL('../dist/main.js', import.meta.url);
if (existsSync(entry)) await import(entry.href);
else {
  process.stderr.write('pulsewire is not built: run "npm run build"\n');
  process.exitCode = 1;
}
