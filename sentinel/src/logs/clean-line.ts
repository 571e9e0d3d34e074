/** Bytes of a line → text that can be shown, searched and sent: without colours, within the limit of a message. */

/**
 * Largest message in bytes of UTF-8. Encoded as JSON a character takes at most twice its bytes here, and the whole
 * must stay below the largest payload of the bus (65,536).
 */
export const MAX_MESSAGE_BYTES = 30_000;

const ESC = String.raw`\u001b`;
/**
 * Escape sequences of terminals: colours and cursor (CSI), titles and links (OSC), other strings (DCS, SOS, PM, APC),
 * and two-character ones. One that is cut off at the end of the line counts as well. Source: ECMA-48 §5.
 */
const ESCAPES = new RegExp(
  [
    String.raw`(?:${ESC}\[|\u009b)[0-?]*[ -/]*(?:[@-~]|$)`,
    String.raw`(?:${ESC}\]|\u009d)[^\u0007\u001b\u009c]*(?:\u0007|\u009c|${ESC}\\|$)?`,
    String.raw`${ESC}[PX^_][^\u001b\u009c]*(?:\u009c|${ESC}\\|$)?`,
    `${ESC}[ -/]*(?:[0-~]|$)`,
  ].join('|'),
  'g',
);
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const MAY_HAVE_ESCAPES = /[\u001b\u009b\u009d]/;
/** Everything that JSON would write as an escape of six characters, and what no terminal shows. Tabs stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const CONTROLS = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * What stands on the terminal after the line: colours are gone, and of a progress bar that rewrites its line with
 * carriage returns the last state is left. A line that is too long ends with a mark that tells its whole length.
 */
export function cleanLine(bytes: Uint8Array, totalBytes: number): string {
  let text = DECODER.decode(bytes);
  if (text.includes('\r')) text = lastState(text);
  if (MAY_HAVE_ESCAPES.test(text)) text = text.replace(ESCAPES, '');
  text = text.replace(CONTROLS, '');
  const isCut = totalBytes > bytes.length;
  if (!isCut && text.length * 3 <= MAX_MESSAGE_BYTES) return text;
  const encoded = Buffer.from(text);
  if (!isCut && encoded.length <= MAX_MESSAGE_BYTES) return text;
  return `${cutText(encoded)} … [cut: ${totalBytes} bytes]`;
}

function lastState(text: string): string {
  const trimmed = text.replace(/\r+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('\r') + 1);
}

/** Never through a character, and without what the kept bytes had of one. */
function cutText(encoded: Buffer): string {
  let end = Math.min(encoded.length, MAX_MESSAGE_BYTES);
  while (end > 0 && ((encoded[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return encoded.toString('utf8', 0, end).replace(/\ufffd$/, '');
}
