/** Questions to the API over HTTP, with the key of this tab. A question never rejects: no answer is an answer. */
import { deriveFailure, type RestFailure } from './failure.js';

export type RestAnswer<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly failure: RestFailure };

/** A body as it came, or `null` when it is not what was asked for. */
export type ReadBody<T> = (body: unknown) => T | null;
export type Query = Readonly<Record<string, string | number | undefined>>;

export interface RestClient {
  get<T>(path: string, query: Query, read: ReadBody<T>, signal?: AbortSignal): Promise<RestAnswer<T>>;
}

export interface RestClientOptions {
  readonly key: () => string | null;
  readonly fetch: typeof fetch;
}

export function createRestClient({ key, fetch }: RestClientOptions): RestClient {
  return {
    async get(path, query, read, signal) {
      const headers = { 'x-api-key': key() ?? '' };
      try {
        const answer = await fetch(`${path}${renderQuery(query)}`, {
          headers,
          cache: 'no-store',
          // The key is for this server only.
          redirect: 'error',
          ...(signal === undefined ? {} : { signal }),
        });
        const body: unknown = await answer.json().catch(() => null);
        if (!answer.ok) return fail(deriveFailure(answer.status, body, answer.headers.get('retry-after')));
        const data = read(body);
        return data === null ? fail({ kind: 'broken' }) : { ok: true, data };
      } catch {
        return fail({ kind: 'unreachable' });
      }
    },
  };
}

/** What the key may not read, as nothing: for lists without which the rest still makes sense. */
export function unlessRefused<T>(answer: RestAnswer<T>, nothing: T): RestAnswer<T> {
  return !answer.ok && answer.failure.kind === 'refused' ? { ok: true, data: nothing } : answer;
}

/** What is `undefined` is left out. */
export function renderQuery(query: Query): string {
  const fields = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return fields.length === 0 ? '' : `?${new URLSearchParams(fields).toString()}`;
}

function fail(failure: RestFailure): { ok: false; failure: RestFailure } {
  return { ok: false, failure };
}
