/** The server of a gateway that runs alone, for the engine that was chosen. */
import { createHttpHost, type Health, type HttpHost, type Logger } from '@pulsewire/runtime';
import type { Registry } from 'prom-client';
import type { EngineChoice } from './engine-choice.js';
import { createUwsHost, type UwsHost } from './uws-engine.js';

export interface GatewayHostOptions {
  engine: EngineChoice;
  host: string;
  /** 0 takes any free port. */
  port: number;
  logger: Logger;
  health: Health;
  metrics: Registry;
}

export function createGatewayHost(options: GatewayHostOptions): HttpHost | UwsHost {
  const { engine } = options;
  return engine.name === 'uws' ? createUwsHost({ ...options, uws: engine.uws }) : createHttpHost(options);
}
