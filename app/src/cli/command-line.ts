/** What a command line asks for: pure. A mistake is a value, with the sentence that tells the fix. */
import { parseArgs } from 'node:util';
import { LOG_ID_PATTERN, TOPICS, type Topic } from '@pulsewire/shared-schema';
import { AppError } from '../errors.js';
import { DEFAULT_URL, deriveTarget, type Target } from './target.js';

/** Where the key comes from: the option, a file, or (both `null`) what the environment offers. */
export interface KeySource {
  key: string | null;
  keyFile: string | null;
}

export interface TailCommand extends KeySource {
  name: 'tail';
  target: Target;
  selection: TailSelection;
  /** Resume after this id, or `null` to begin with the present state. */
  after: string | null;
}

export interface ConformCommand extends KeySource {
  name: 'conform';
  target: Target;
  /** Also what takes minutes, or is felt afterwards. */
  long: boolean;
  /** Numbers of the rules to examine, or `null` for all. */
  only: readonly string[] | null;
  /** The bus behind the gateway, to publish on, or `null`. */
  redisUrl: string | null;
}

/** The stream client's selection; what is not asked for is absent. */
export interface TailSelection {
  topics?: readonly Topic[];
  metricTypes?: readonly string[];
  hosts?: readonly string[];
  containers?: readonly string[];
  rate?: number;
}

export type Command =
  | { name: 'help' }
  | { name: 'version' }
  | { name: 'misuse'; message: string }
  | TailCommand
  | ConformCommand;

const CONNECTION_OPTIONS = {
  key: { type: 'string' },
  'key-file': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;
const LIST = { type: 'string', multiple: true } as const;
const TAIL_OPTIONS = {
  ...CONNECTION_OPTIONS,
  topics: LIST,
  'metric-type': LIST,
  host: LIST,
  container: LIST,
  after: { type: 'string' },
  rate: { type: 'string' },
} as const;
const CONFORM_OPTIONS = {
  ...CONNECTION_OPTIONS,
  long: { type: 'boolean' },
  only: LIST,
  'redis-url': { type: 'string' },
} as const;

export function parseCommandLine(args: readonly string[]): Command {
  const [word = 'help', ...rest] = args;
  try {
    switch (word) {
      case 'help':
      case '--help':
      case '-h':
        return { name: 'help' };
      case '--version':
      case '-v':
        return { name: 'version' };
      case 'tail':
        return parseTail(rest);
      case 'conform':
        return parseConform(rest);
      default:
        throw new AppError('usage_invalid', `there is no command "${word}"`);
    }
  } catch (error) {
    if (isMistake(error)) return { name: 'misuse', message: error.message };
    throw error;
  }
}

function parseTail(args: string[]): Command {
  const { values, positionals } = parseArgs({ args, options: TAIL_OPTIONS, allowPositionals: true });
  if (values.help === true) return { name: 'help' };
  const metricTypes = readList(values['metric-type'], '--metric-type');
  const hosts = readList(values.host, '--host');
  const containers = readList(values.container, '--container');
  const topics = readTopics(values.topics);
  const rate = readRate(values.rate);
  return {
    name: 'tail',
    target: readTarget(positionals),
    ...readKeySource(values),
    after: readAfter(values.after),
    selection: {
      ...(topics === null ? {} : { topics }),
      ...(metricTypes === null ? {} : { metricTypes }),
      ...(hosts === null ? {} : { hosts }),
      ...(containers === null ? {} : { containers }),
      ...(rate === null ? {} : { rate }),
    },
  };
}

function parseConform(args: string[]): Command {
  const { values, positionals } = parseArgs({ args, options: CONFORM_OPTIONS, allowPositionals: true });
  if (values.help === true) return { name: 'help' };
  return {
    name: 'conform',
    target: readTarget(positionals),
    ...readKeySource(values),
    long: values.long ?? false,
    only: readList(values.only, '--only'),
    redisUrl: readRedisUrl(values['redis-url']),
  };
}

function readTarget(positionals: readonly string[]): Target {
  const [url = DEFAULT_URL, ...surplus] = positionals;
  if (surplus.length > 0) throw new AppError('usage_invalid', 'one address only');
  const target = deriveTarget(url);
  if (target === null)
    throw new AppError(
      'usage_invalid',
      `"${url}" is no address: write ws://, wss://, http:// or https:// first`,
    );
  return target;
}

function readKeySource(values: { key?: string; 'key-file'?: string }): KeySource {
  const { key = null, 'key-file': keyFile = null } = values;
  if (key !== null && keyFile !== null)
    throw new AppError('usage_invalid', 'give --key or --key-file, not both');
  return { key, keyFile };
}

function readList(given: readonly string[] | undefined, option: string): string[] | null {
  if (given === undefined) return null;
  const names = given.flatMap((list) => list.split(',')).map((name) => name.trim());
  if (names.includes('')) throw new AppError('usage_invalid', `${option} has an empty name`);
  return names;
}

function readTopics(given: readonly string[] | undefined): Topic[] | null {
  const names = readList(given, '--topics');
  if (names === null) return null;
  return names.map((name) => {
    const topic = TOPICS.find((known) => known === name);
    if (topic === undefined)
      throw new AppError('usage_invalid', `--topics: "${name}" is not among ${TOPICS.join(', ')}`);
    return topic;
  });
}

/** The rest is read by who connects: what it takes to know all of it, `pulsewire --help` need not wait for. */
function readRedisUrl(given: string | undefined): string | null {
  if (given === undefined || /^rediss?(-cluster)?:\/\/./.test(given)) return given ?? null;
  throw new AppError('usage_invalid', '--redis-url must start with redis://, rediss:// or redis-cluster://');
}

function readAfter(given: string | undefined): string | null {
  if (given === undefined) return null;
  if (!new RegExp(LOG_ID_PATTERN).test(given))
    throw new AppError('usage_invalid', '--after must be a message id such as 1768624200000-0');
  return given;
}

function readRate(given: string | undefined): number | null {
  if (given === undefined) return null;
  if (!/^[1-9]\d{0,8}$/.test(given))
    throw new AppError('usage_invalid', '--rate must be a whole number of messages a second');
  return Number(given);
}

/** Ours, or one that `parseArgs` found. */
function isMistake(error: unknown): error is Error {
  if (error instanceof AppError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
