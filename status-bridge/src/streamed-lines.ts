/** What `logs:stream` tells of new lines. Source: specification 000 §4. */
import { isoTime } from '@pulsewire/runtime';
import { BRIDGE_LIMITS, type StreamedLogLine } from '@pulsewire/shared-schema';
import type { LogTail } from '@pulsewire/store';

const OWN_NAME = 'status-bridge';

/** In order of their recording; before them, when lines were left out, a line that says how many. */
export function deriveStreamedLines({ lines, skipped }: LogTail): StreamedLogLine[] {
  const streamed = lines.map(({ service, level, message, timeMs }) => ({
    service,
    level,
    message: cut(message),
    timestamp: isoTime(timeMs),
  }));
  const [first] = streamed;
  if (skipped === 0 || first === undefined) return streamed;
  const message = `skipped ${skipped} ${skipped === 1 ? 'line' : 'lines'}: more than ${BRIDGE_LIMITS.logLinesPerSecond} a second`;
  return [{ service: OWN_NAME, level: 'warn', message, timestamp: first.timestamp }, ...streamed];
}

/** Not between the halves of a character. */
function cut(message: string): string {
  const length = BRIDGE_LIMITS.logMessageLength;
  if (message.length <= length) return message;
  return `${message.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
