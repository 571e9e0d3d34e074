#!/usr/bin/env node
import { createLogger, readConfig, runProcess } from '@pulsewire/runtime';
import { appSettings } from './app-settings.js';
import { startApp } from './start-app.js';

await runProcess('pulsewire', async () => {
  const settings = readConfig(process.env, appSettings);
  const format = settings.logFormat ?? (process.stdout.isTTY ? 'pretty' : 'json');
  const app = await startApp(settings, await createLogger({ level: settings.logLevel, format }));
  process.stdout.write(`Pulsewire is live: ${app.dashboardUrl}\n`);
  return app;
});
