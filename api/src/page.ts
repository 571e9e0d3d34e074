/** Lists, a page at a time. Source: contracts.md §4. */
import { type Pagination, REST_LIMITS } from '@pulsewire/shared-schema/rest';

export interface Page {
  page: number;
  limit: number;
  /** How many rows come before the page. */
  offset: number;
}

export function readPage(query: { page?: number; limit?: number }): Page {
  const { page = 1, limit = REST_LIMITS.rows } = query;
  return { page, limit, offset: (page - 1) * limit };
}

export function derivePagination({ page, limit }: Page, total: number): Pagination {
  return { page, limit, total, totalPages: Math.ceil(total / limit) };
}
