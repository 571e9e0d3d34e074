#!/usr/bin/env node
const args = process.argv.slice(2);
if (args.length === 0) await startEmbedded();
else {
  const { runCli } = await import('./cli/run-cli.js');
  process.exitCode = await runCli(args, process.env);
}

/** Loaded on demand: a command would wait for servers that it does not start. */
async function startEmbedded(): Promise<void> {
  const { createLogger, readConfig, runProcess } = await import('@pulsewire/runtime');
  const { appSettings } = await import('./app-settings.js');
  const { startApp } = await import('./start-app.js');
  await runProcess('pulsewire', async () => {
    const settings = readConfig(process.env, appSettings);
    const format = settings.logFormat ?? (process.stdout.isTTY ? 'pretty' : 'json');
    const app = await startApp(settings, await createLogger({ level: settings.logLevel, format }));
    process.stdout.write(`Pulsewire is live: ${app.dashboardUrl}\n`);
    return { stop: app.stop, reload: app.reloadKeys };
  });
}
