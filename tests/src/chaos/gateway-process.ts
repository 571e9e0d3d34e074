/** The built gateway as a process of its own, ready to serve. */
import { builtCommand } from '../support/built-entry.js';
import { freePort } from '../support/free-port.js';
import { startProcess, type TestProcess } from '../support/process.js';
import { poll } from '../support/within.js';

export type EngineName = 'ws' | 'uws';

export interface GatewayProcess {
  process: TestProcess;
  port: number;
  /** Resolves when `/readyz` says so. */
  ready(): Promise<void>;
}

export interface GatewayProcessOptions {
  redisUrl: string;
  key: string;
  engine: EngineName;
  /** Further settings, by the names of the environment. */
  settings?: Readonly<Record<string, string>>;
}

/** Rejects when the process ends instead, as it does for an engine that is not installed. */
export async function startGatewayProcess(options: GatewayProcessOptions): Promise<GatewayProcess> {
  const port = await freePort();
  const env = {
    REDIS_URL: options.redisUrl,
    PORT: String(port),
    API_KEYS: `tests:${options.key}`,
    GATEWAY_ENGINE: options.engine,
    LOG_FORMAT: 'json',
    ...options.settings,
  };
  const started = await startProcess(process.execPath, builtCommand('ws-gateway'), env, {
    readyWhen: /listening/,
  });
  const probe = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    return response?.status === 200 ? true : undefined;
  };
  const ready = async () => {
    await poll(probe, { what: 'the gateway to be ready' });
  };
  await ready();
  return { process: started, port, ready };
}
