/** Which engine serves the clients: what `GATEWAY_ENGINE` asks for, as far as the machine and the process allow. */
import { ConfigError, type HttpHost } from '@pulsewire/runtime';
import type { EngineHost } from './engine.js';
import type { GatewaySettings } from './settings.js';
import type { LoadedUws, UwsModule } from './uws-module.js';

export type EngineChoice = { name: 'ws' } | { name: 'uws'; uws: UwsModule };

const VARIABLE = 'GATEWAY_ENGINE';
const INSTALL = 'docs/engines.md tells how to install it';

/** For a gateway that runs alone. Throws a {@link ConfigError} when `uws` is demanded and cannot be had. */
export function pickEngine(wanted: GatewaySettings['engine'], load: () => LoadedUws): EngineChoice {
  if (wanted === 'ws') return { name: 'ws' };
  const loaded = load();
  if ('module' in loaded) return { name: 'uws', uws: loaded.module };
  if (wanted === 'auto') return { name: 'ws' };
  const allowed = `needs what is not there: ${loaded.missing}; ${INSTALL}, or set ${VARIABLE} to auto`;
  throw new ConfigError([{ variable: VARIABLE, given: wanted, allowed }]);
}

/** Throws a {@link ConfigError} when `uws` is demanded on a port that is shared with other HTTP. */
export function requireEngineHost(wanted: GatewaySettings['engine'], http: HttpHost | EngineHost): void {
  if (wanted !== 'uws' || 'createEngine' in http) return;
  const allowed = 'must be auto or ws here, where the gateway shares its port with other HTTP';
  throw new ConfigError([{ variable: VARIABLE, given: wanted, allowed }]);
}
