/**
 * Configuration is a value, made once. A setting knows its variable, how to read it, and what is allowed;
 * `readConfig` reads a whole shape of them and reports every mistake at once, never showing a secret.
 */
import { parseRedisTarget } from './bus/redis-target.js';
import { ConfigError, type ConfigMistake } from './errors.js';
import { redactText } from './redact.js';

/** What `process.env` is. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Setting<T> {
  variable: string;
  /** A secret's value is never repeated in an error. */
  secret: boolean;
  /** `raw` is `undefined` when the variable is unset or empty. */
  read(raw: string | undefined): { value: T } | { allowed: string };
}

export type Settings = Record<string, Setting<unknown>>;
export type ConfigOf<S extends Settings> = { [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

/** Reads every setting from the environment. Throws one {@link ConfigError} that lists all mistakes. */
export function readConfig<S extends Settings>(environment: Environment, settings: S): ConfigOf<S> {
  const mistakes: ConfigMistake[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const raw = environment[setting.variable]?.trim();
    const result = setting.read(raw === '' ? undefined : raw);
    if ('allowed' in result) {
      const given = setting.secret || raw === undefined || raw === '' ? null : redactText(raw);
      mistakes.push({ variable: setting.variable, given, allowed: result.allowed });
    } else config[name] = result.value;
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return config as ConfigOf<S>;
}

/** A whole number, digits only. */
export function integer(
  variable: string,
  options: { default: number; min: number; max: number },
): Setting<number> {
  const allowed = `must be a whole number from ${options.min} to ${options.max}`;
  return {
    variable,
    secret: false,
    read(raw) {
      if (raw === undefined) return { value: options.default };
      const value = /^-?\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN;
      return value >= options.min && value <= options.max ? { value } : { allowed };
    },
  };
}

export function oneOf<const T extends readonly string[], D extends T[number] | undefined>(
  variable: string,
  options: { values: T; default: D },
): Setting<T[number] | D> {
  return {
    variable,
    secret: false,
    read(raw) {
      if (raw === undefined) return { value: options.default };
      const value = options.values.find((candidate) => candidate === raw.toLowerCase());
      return value === undefined ? { allowed: `must be one of ${options.values.join(', ')}` } : { value };
    },
  };
}

/** Free text. `pattern` narrows it; `allowed` is then the sentence that tells the fix. */
export function text<D extends string | undefined>(
  variable: string,
  options: { default: D; pattern?: RegExp; allowed?: string },
): Setting<string | D> {
  return {
    variable,
    secret: false,
    read(raw) {
      if (raw === undefined) return { value: options.default };
      if (options.pattern !== undefined && !options.pattern.test(raw))
        return { allowed: options.allowed ?? `must match ${options.pattern}` };
      return { value: raw };
    },
  };
}

/** A URL with one of the given schemes. Treated as a secret, because it may carry a password. */
export function url<R extends boolean>(
  variable: string,
  options: { schemes: readonly string[]; required: R; why?: string },
): Setting<R extends true ? string : string | undefined> {
  const shape = `must be a URL with a host that starts with ${options.schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  return {
    variable,
    secret: true,
    read(raw) {
      if (raw === undefined) {
        if (options.required) return { allowed: `is required: ${options.why ?? shape}` };
        return { value: undefined as R extends true ? string : string | undefined };
      }
      const { protocol, hostname } = URL.canParse(raw) ? new URL(raw) : { protocol: ':', hostname: '' };
      const fits = options.schemes.includes(protocol.slice(0, -1)) && hostname !== '';
      return fits ? { value: raw } : { allowed: shape };
    },
  };
}

/** `REDIS_URL`: one server, or a Cluster. A secret, because it may carry a password. */
export function redisUrl<R extends boolean>(options: {
  required: R;
  why?: string;
}): Setting<R extends true ? string : string | undefined> {
  const parse = (raw: string | undefined) => {
    if (raw !== undefined) parseRedisTarget(raw);
    else if (options.required) throw new Error(`is required: ${options.why ?? 'the address of Redis'}`);
    return raw as R extends true ? string : string | undefined;
  };
  return parsed('REDIS_URL', { secret: true, parse });
}

/** Comma-separated list of origins such as `https://status.example.org`; empty when unset. */
export function origins(variable: string): Setting<readonly string[]> {
  return {
    variable,
    secret: false,
    read(raw) {
      const list = raw?.split(',').map((entry) => entry.trim()) ?? [];
      const bad = list.find((entry) => !URL.canParse(entry) || new URL(entry).origin !== entry);
      if (bad === undefined) return { value: list };
      return { allowed: 'must be a comma-separated list of origins such as https://status.example.org' };
    },
  };
}

/** Wraps a parser that throws an `Error` whose message tells the fix. */
export function parsed<T>(
  variable: string,
  options: { secret?: boolean; parse: (raw: string | undefined) => T },
): Setting<T> {
  return {
    variable,
    secret: options.secret ?? false,
    read(raw) {
      try {
        return { value: options.parse(raw) };
      } catch (error) {
        return { allowed: error instanceof Error ? error.message : 'is not allowed' };
      }
    },
  };
}

/** The settings that every process has (contracts.md §6). */
export function commonSettings(defaults: { port: number }) {
  return {
    port: integer('PORT', { default: defaults.port, min: 0, max: 65_535 }),
    host: text('HOST', { default: '127.0.0.1' }),
    logLevel: oneOf('LOG_LEVEL', { values: ['debug', 'info', 'warn', 'error'], default: 'info' }),
    logFormat: oneOf('LOG_FORMAT', { values: ['pretty', 'json'], default: undefined }),
  } satisfies Settings;
}
