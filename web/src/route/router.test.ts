import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type AddressHistory, Router } from './router.js';
import { deriveRoute, PAGES, renderAddress } from './routes.js';

function createAddress(pathname: string, search = '') {
  const entries = [{ pathname, search }];
  let pop = () => {};
  const address: AddressHistory = {
    location: () => entries.at(-1) ?? { pathname: '/', search: '' },
    push: (to) => void entries.push(parse(to)),
    replace: (to) => void entries.splice(-1, 1, parse(to)),
    onPop(listener) {
      pop = listener;
      return () => {
        pop = () => {};
      };
    },
  };
  const back = () => {
    entries.pop();
    pop();
  };
  return { address, entries, back };
}

function parse(address: string): { pathname: string; search: string } {
  const { pathname, search } = new URL(address, 'http://page');
  return { pathname, search };
}

describe('addresses of pages', () => {
  it.each([
    ['/', '', 'dashboard', ''],
    ['/history', '?range=1h', 'history', 'range=1h'],
    ['/logs/', '', 'logs', ''],
    ['/nowhere', '?a=1', 'dashboard', 'a=1'],
  ])('WB-100: the address %s%s, is the page %s', (path, search, page, query) => {
    expect(deriveRoute(path, search)).toEqual({ page, query });
  });

  it('WB-100: any page with any query, is found again by its address', () => {
    const query = fc.string().map((text) => new URLSearchParams({ text }).toString());
    fc.assert(
      fc.property(fc.constantFrom(...PAGES), query, (page, text) => {
        const { pathname, search } = parse(renderAddress({ page, query: text }));
        expect(deriveRoute(pathname, search)).toEqual({ page, query: text });
      }),
    );
  });
});

describe('router', () => {
  it('WB-101: another page, is an entry of the browser, and back returns', () => {
    const { address, back } = createAddress('/');
    const router = new Router(address);
    const told = vi.fn();
    router.subscribe(told);
    router.go({ page: 'logs', query: '' });
    expect(router.view().page).toBe('logs');
    back();
    expect(router.view().page).toBe('dashboard');
    expect(told).toHaveBeenCalledTimes(2);
  });

  it('WB-101: what a page notes of itself, replaces its entry', () => {
    const { address, entries } = createAddress('/history');
    const router = new Router(address);
    router.note('range=1h');
    expect(entries).toEqual([{ pathname: '/history', search: '?range=1h' }]);
  });

  it('WB-101: the page that is shown already, makes no entry', () => {
    const { address, entries } = createAddress('/logs');
    const router = new Router(address);
    router.go({ page: 'logs', query: '' });
    expect(entries).toHaveLength(1);
  });
});
