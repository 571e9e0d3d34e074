/** The address bar as a store: the page that is shown follows it, back and forward too. */
import { deriveRoute, type Route, renderAddress } from './routes.js';

/** The part of the browser that is used. */
export interface AddressHistory {
  location(): { readonly pathname: string; readonly search: string };
  push(address: string): void;
  replace(address: string): void;
  /** Told of every change that this page did not make itself. */
  onPop(listener: () => void): () => void;
}

export class Router {
  #route: Route;
  readonly #address: AddressHistory;
  readonly #listeners = new Set<() => void>();
  readonly #release: () => void;

  constructor(address: AddressHistory) {
    this.#address = address;
    this.#route = this.#read();
    this.#release = address.onPop(() => this.#show(this.#read()));
  }

  readonly view = (): Route => this.#route;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Goes to another page, or to another state of this one, as an entry of its own in the browser's history. */
  go(route: Route, hash = ''): void {
    if (isSame(route, this.#route)) return;
    this.#address.push(`${renderAddress(route)}${hash}`);
    this.#show(route);
  }

  /** Keeps what the page shows in the address, without an entry in the browser's history. */
  note(query: string): void {
    const route = { page: this.#route.page, query };
    if (isSame(route, this.#route)) return;
    this.#address.replace(renderAddress(route));
    this.#show(route);
  }

  stop(): void {
    this.#release();
    this.#listeners.clear();
  }

  #read(): Route {
    const { pathname, search } = this.#address.location();
    return deriveRoute(pathname, search);
  }

  #show(route: Route): void {
    if (isSame(route, this.#route)) return;
    this.#route = route;
    for (const listener of this.#listeners) listener();
  }
}

function isSame(a: Route, b: Route): boolean {
  return a.page === b.page && a.query === b.query;
}
