/**
 * What a client wants to receive: the query options of the handshake, or the fields of `subscribe`, which are
 * the same. A mistake names its field. Unknown options are ignored, as everywhere on the stream.
 */
import { DEFAULT_TOPICS, LOG_ID_PATTERN, TOPICS, type Topic } from '@pulsewire/shared-schema';

/** `null` in a filter: everything. */
export interface Selection {
  topics: ReadonlySet<Topic>;
  metricTypes: ReadonlySet<string> | null;
  hosts: ReadonlySet<string> | null;
  containers: ReadonlySet<string> | null;
  /** Messages a second that the client asked for, or `null` for the server's limit. */
  rate: number | null;
  /** Equal for selections that receive the same messages at the same rate. */
  key: string;
}

export interface SelectionFields {
  topics?: string | readonly string[];
  metric_type?: string | readonly string[];
  host?: string | readonly string[];
  container?: string | readonly string[];
  after?: string;
  rate?: string | number;
}

export interface FieldMistake {
  field: keyof SelectionFields;
  message: string;
}

export type SelectionResult =
  | { ok: true; selection: Selection; after: string | null }
  | { ok: false; mistakes: [FieldMistake, ...FieldMistake[]] };

type Report = (field: keyof SelectionFields, message: string) => void;

const MAX_NAMES = 256;
const MAX_NAME_CHARACTERS = 256;
const METRIC_TYPE = /^[a-z][a-z0-9_]{0,63}$/;
const LOG_ID = new RegExp(LOG_ID_PATTERN);

/** The options as the query string carries them. Of an option given twice, the first counts. */
export function fieldsOfQuery(query: URLSearchParams): SelectionFields {
  const fields: SelectionFields = {};
  for (const name of ['topics', 'metric_type', 'host', 'container', 'after', 'rate'] as const) {
    const value = query.get(name);
    if (value !== null) fields[name] = value;
  }
  return fields;
}

/**
 * Reads a selection. Never throws; every mistake is reported with its field. `readable`: what the client's key may
 * read, by default everything.
 */
export function readSelection(fields: SelectionFields, readable: readonly Topic[] = TOPICS): SelectionResult {
  const mistakes: FieldMistake[] = [];
  const report: Report = (field, message) => mistakes.push({ field, message });
  const topics = readTopics(fields.topics, readable, report);
  const metricTypes = readNames('metric_type', fields.metric_type, report);
  const hosts = readNames('host', fields.host, report);
  const containers = readNames('container', fields.container, report);
  const after = readAfter(fields.after, report);
  const rate = readRate(fields.rate, report);
  const [first, ...others] = mistakes;
  if (first !== undefined) return { ok: false, mistakes: [first, ...others] };
  const key = JSON.stringify([sorted(topics), sorted(metricTypes), sorted(hosts), sorted(containers), rate]);
  return { ok: true, selection: { topics, metricTypes, hosts, containers, rate, key }, after };
}

function readTopics(
  given: SelectionFields['topics'],
  readable: readonly Topic[],
  report: Report,
): Set<Topic> {
  if (given === undefined) {
    const usual = DEFAULT_TOPICS.filter((topic) => readable.includes(topic));
    return new Set(usual.length > 0 ? usual : readable);
  }
  const names = new Set(listOf('topics', given, report));
  const topics = TOPICS.filter((topic) => names.has(topic));
  if (topics.length < names.size) report('topics', `must be among ${TOPICS.join(', ')}`);
  else if (!topics.every((topic) => readable.includes(topic)))
    report('topics', `must be among what this key may read: ${readable.join(', ')}`);
  return new Set(topics);
}

function readNames(
  field: 'metric_type' | 'host' | 'container',
  given: string | readonly string[] | undefined,
  report: Report,
): Set<string> | null {
  if (given === undefined) return null;
  const names = listOf(field, given, report);
  if (names.some((name) => name.length > MAX_NAME_CHARACTERS))
    report(field, `each name may have at most ${MAX_NAME_CHARACTERS} characters`);
  else if (field === 'metric_type' && !names.every((name) => METRIC_TYPE.test(name)))
    report(field, 'must be names such as cpu or net_rx');
  return new Set(names);
}

/** The names of a list, or none after a mistake was reported. */
function listOf(field: keyof SelectionFields, given: string | readonly string[], report: Report): string[] {
  const names = (typeof given === 'string' ? given.split(',') : given).map((name) => name.trim());
  if (names.length > 0 && names.length <= MAX_NAMES && !names.includes('')) return names;
  report(field, `must name 1 to ${MAX_NAMES}, none of them empty`);
  return [];
}

function readAfter(given: string | undefined, report: Report): string | null {
  if (given === undefined) return null;
  if (!LOG_ID.test(given)) report('after', 'must be a message id such as 1768624200000-0');
  return given;
}

function readRate(given: string | number | undefined, report: Report): number | null {
  if (given === undefined) return null;
  const rate = typeof given === 'number' ? given : /^\d{1,9}$/.test(given) ? Number(given) : 0;
  if (!(rate >= 1 && Number.isInteger(rate)))
    report('rate', 'must be a whole number of messages a second, at least 1');
  return rate;
}

function sorted(names: ReadonlySet<string> | null): string[] | null {
  return names === null ? null : [...names].sort();
}
