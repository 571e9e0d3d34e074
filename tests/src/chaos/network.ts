/**
 * A TCP proxy on the loopback interface that is as bad as a network can be. A *link* is one client's connection
 * through it. All modes but `pass` end with `heal`; links that were lost meanwhile stay lost.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * `hold`: nothing passes, then everything at once. `crumble`: what is read is written byte by byte, as far as
 * {@link CRUMBLED_BYTES}.
 */
export type NetworkMode = 'pass' | 'hold' | 'crumble';

export interface Network {
  readonly port: number;
  /** Where new links lead. */
  leadTo(port: number): void;
  set(mode: NetworkMode): void;
  /** Resets all links on both sides. */
  cut(): void;
  /**
   * The far side is reset, the near side hears nothing: a connection of which one end forgot. Until `heal` what
   * is sent vanishes and new links get no answer; afterwards the first byte is answered with a reset.
   */
  halfOpen(): void;
  heal(): void;
  stop(): Promise<void>;
}

interface Link {
  near: Socket;
  far: Socket | null;
  /** What waits while nothing passes, in order. */
  held: (() => void)[];
}

/** Of each piece that is read; the rest follows whole, or two cores would do nothing else. */
const CRUMBLED_BYTES = 128;

export async function startNetwork(target: number): Promise<Network> {
  const links = new Set<Link>();
  let towards = target;
  let mode: NetworkMode = 'pass';
  let deaf = false;

  function forward(link: Link, to: Socket, chunk: Buffer): void {
    if (mode === 'hold' || link.held.length > 0) link.held.push(() => to.write(chunk));
    else if (mode === 'crumble') crumble(to, chunk);
    else to.write(chunk);
  }

  function end(link: Link): void {
    links.delete(link);
    link.near.destroy();
    link.far?.destroy();
  }

  function serve(near: Socket): void {
    const link: Link = { near, far: null, held: [] };
    links.add(link);
    near.setNoDelay(true);
    if (!deaf) link.far = lead(link);
    near.on('data', (chunk) => {
      if (link.far !== null) forward(link, link.far, chunk);
      else if (!deaf) reset(link);
    });
    for (const event of ['error', 'close'] as const) near.on(event, () => end(link));
  }

  function lead(link: Link): Socket {
    const far = connect({ host: '127.0.0.1', port: towards, noDelay: true });
    far.on('data', (chunk) => forward(link, link.near, chunk));
    for (const event of ['error', 'close'] as const)
      far.on(event, () => {
        if (link.far === far) end(link);
      });
    return far;
  }

  function reset(link: Link): void {
    links.delete(link);
    link.near.resetAndDestroy();
    link.far?.resetAndDestroy();
  }

  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    leadTo(port) {
      towards = port;
    },
    set(wanted) {
      mode = wanted;
    },
    cut() {
      for (const link of [...links]) reset(link);
    },
    halfOpen() {
      deaf = true;
      for (const link of links) {
        const { far } = link;
        link.far = null;
        far?.resetAndDestroy();
      }
    },
    heal() {
      mode = 'pass';
      deaf = false;
      for (const link of links) for (const pass of link.held.splice(0)) pass();
    },
    async stop() {
      for (const link of [...links]) end(link);
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function crumble(to: Socket, chunk: Buffer): void {
  for (let at = 0; at < Math.min(CRUMBLED_BYTES, chunk.length); at += 1) to.write(chunk.subarray(at, at + 1));
  if (chunk.length > CRUMBLED_BYTES) to.write(chunk.subarray(CRUMBLED_BYTES));
}
