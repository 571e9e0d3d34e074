/** Numbers that both ends of the stream rely on. Sources: contracts.md §1–§3 and specification 001 §4, §6. */
export const LIMITS = {
  /** Concurrent WebSocket clients of one gateway (specification 001 §6). */
  maxClients: 100,
  /** Messages a second sent to one client before samples are conflated. */
  messagesPerSecond: 200,
  /** Largest client → server frame, in bytes. */
  clientFrameBytes: 4096,
  /** One above this is not answered: it closes with 1009. */
  closingFrameBytes: 65_536,
  /** Client → server messages a second; one more closes with 1008. */
  clientMessagesPerSecond: 20,
  /** Bad client messages within a minute; the tenth closes with 1008. */
  badClientMessagesPerMinute: 10,
  /** Failed keys from one address within a minute before 429. */
  failedKeysPerMinute: 10,
  /** Largest message accepted from the bus, in bytes. */
  maxPayloadBytes: 65_536,
  /** Largest body of an HTTP request, in bytes. */
  bodyBytes: 1_048_576,
  /** WebSocket ping period; two missed pongs end the connection. */
  heartbeatMs: 20_000,
  /** The 503 packet is repeated this often while the bus is down. */
  outageRepeatMs: 10_000,
  /** A canary that has not come back after this means that the bus is down. */
  canaryTimeoutMs: 1000,
  /** Entries kept in a channel's capped log: at 1,000 messages a second, more than 6 minutes. */
  logEntries: 400_000,
  /** The same on the memory bus, where they are in our own process and come more slowly. */
  memoryLogEntries: 100_000,
  /** Bytes of these messages, per channel. */
  memoryLogBytes: 33_554_432,
} as const;

/** Reconnect steps of the stream client; the last one repeats. Specification 001 §4. */
export const RECONNECT_STEPS_MS = [2000, 5000, 10_000, 30_000] as const;

/** Smallest number of characters that an API key may have. */
export const MIN_API_KEY_LENGTH = 16;
