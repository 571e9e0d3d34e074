/** The page's one connection: made for a key, replaced by another key, ended for good. */
import {
  createStreamManager,
  type StreamManager,
  type StreamManagerOptions,
} from '@pulsewire/shared-schema/client';
import type { PageClock } from '../platform/clock.js';
import { fillHistory } from './history-fill.js';
import type { LiveStore } from './live-store.js';

export interface StreamSession {
  /** Connects with this key, instead of any other. */
  connect(key: string): void;
  retryNow(): void;
  /** Ends the connection and forgets what it brought. */
  end(): void;
}

export interface StreamSessionOptions {
  readonly clock: PageClock;
  readonly store: LiveStore;
  /** Address of the feed, without key. */
  readonly url: string;
  /** Called when the gateway does not accept the key. */
  readonly onKeyRefused: () => void;
  readonly create?: (options: StreamManagerOptions) => StreamManager;
}

export function createStreamSession(options: StreamSessionOptions): StreamSession {
  const { clock, store, url, onKeyRefused, create = createStreamManager } = options;
  let stream: StreamManager | null = null;
  let detach: (() => void) | null = null;

  /** Once per key, when the first snapshot has named the hosts and the gateway has its source, the log. */
  function fillOnce(main: StreamManager, key: string): () => void {
    let serverNowMs = 0;
    let hostsNamed = false;
    let hasSource = false;
    let stopFilling: (() => void) | null = null;
    const release = main.on('feed', (message) => {
      if (message.type === 'hello') {
        serverNowMs = Date.parse(message.data.server_time);
        hasSource = message.data.state === 'live';
      } else if (message.type === 'snapshot') hostsNamed ||= message.data.phase === 'end';
      else if (message.type === 'status') hasSource = true;
      if (!hostsNamed || !hasSource) return;
      release();
      const onSeries = (...series: Parameters<LiveStore['backfill']>) => store.backfill(...series);
      stopFilling = fillHistory({ clock, url, key, serverNowMs, create, onSeries });
    });
    return () => {
      release();
      stopFilling?.();
    };
  }

  function leave(): void {
    detach?.();
    stream?.close();
    stream = null;
    detach = null;
  }

  function connect(key: string): void {
    leave();
    // Without topics: a key that may read some only is refused when it asks for more, and gets what it may read so.
    const main = create({ url, key });
    const releases = [
      store.attach(main),
      main.on('state', (state) => {
        if (state.name === 'rejected' && state.status === 401) onKeyRefused();
      }),
      main.on('feed', (message) => {
        // More was missed than the log holds, ends of alerts among it: only a fresh start tells what is true now.
        if (message.type === 'hello' && message.data.resumed === 'partial') connect(key);
      }),
      fillOnce(main, key),
    ];
    stream = main;
    detach = () => {
      for (const release of releases) release();
    };
    main.open();
  }

  return {
    connect,
    retryNow() {
      stream?.retryNow();
    },
    end() {
      leave();
      store.clear();
    },
  };
}
