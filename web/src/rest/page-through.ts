/** Lists come in pages; this asks for one after the other. */
import type { Pagination } from '@pulsewire/shared-schema/rest';
import { REST_LIMITS } from '@pulsewire/shared-schema/rest';
import type { Query, ReadBody, RestAnswer, RestClient } from './rest-client.js';

interface ListOf<T> {
  data: T[];
  pagination: Pagination;
}

interface PageThroughOptions<T> {
  readonly path: string;
  readonly query: Query;
  readonly read: ReadBody<ListOf<T>>;
  /** Pages beyond this one are not asked for. */
  readonly maxPages: number;
  readonly signal?: AbortSignal;
}

/** All entries of the first `maxPages` pages, or the first failure. */
export async function pageThrough<T>(
  client: RestClient,
  { path, query, read, maxPages, signal }: PageThroughOptions<T>,
): Promise<RestAnswer<readonly T[]>> {
  const entries: T[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const answer = await client.get(path, { ...query, page, limit: REST_LIMITS.rows }, read, signal);
    if (!answer.ok) return answer;
    entries.push(...answer.data.data);
    if (page >= answer.data.pagination.totalPages) break;
  }
  return { ok: true, data: entries };
}
