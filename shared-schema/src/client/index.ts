/**
 * The framework-free stream client. Imports no schema library at run time, so that a page stays small; names and
 * message types come from `@pulsewire/shared-schema`.
 */
export { STREAM_CLIENT_ERRORS, StreamClientError, type StreamClientErrorCode } from '../errors.js';
export { createStreamManager } from './stream-manager.js';
export {
  type KnownType,
  type LatencyReport,
  LOSS_REASONS,
  type LossReason,
  type Received,
  type Selection,
  type SocketLike,
  type StreamClock,
  type StreamEvents,
  type StreamManager,
  type StreamManagerOptions,
  type StreamState,
  type StreamStateName,
} from './types.js';
