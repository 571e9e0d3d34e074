/** Chunks of a container's log → lines of its two streams, whether it has a terminal or not. */
import { createDemultiplexer, type LogStreamName } from './demultiplexer.js';
import type { EngineTime } from './engine-time.js';
import { createLineAssembler, type RawLine } from './line-assembler.js';

export interface LogDecoder {
  /** Throws when the chunk does not follow the engine's format. */
  push(chunk: Buffer): void;
  /** Times of the lines whose end has not come. */
  openSince(): EngineTime[];
  /** The log ended for good: what is open is a line, too. */
  finish(): void;
}

export type OnLine = (stream: LogStreamName, line: RawLine) => void;

export function createLogDecoder(tty: boolean, onLine: OnLine): LogDecoder {
  return tty ? decodeTerminal(onLine) : decodeFrames(onLine);
}

function decodeFrames(onLine: OnLine): LogDecoder {
  const assemblers = {
    stdout: createLineAssembler((line) => onLine('stdout', line)),
    stderr: createLineAssembler((line) => onLine('stderr', line)),
  };
  const both = [assemblers.stdout, assemblers.stderr];
  return {
    push: createDemultiplexer((stream, piece, begins) => assemblers[stream].push(piece, begins)),
    openSince: () => both.map(({ openSince }) => openSince).filter((time) => time !== null),
    finish: () => both.forEach((assembler) => void assembler.finish()),
  };
}

/** A terminal has one stream, in which nothing tells where a part of a long line begins but its time. */
function decodeTerminal(onLine: OnLine): LogDecoder {
  const assembler = createLineAssembler((line) => onLine('stdout', joinParts(line)));
  let begins = true;
  return {
    push(chunk) {
      assembler.push(chunk, begins);
      begins = false;
    },
    openSince: () => (assembler.openSince === null ? [] : [assembler.openSince]),
    finish: assembler.finish,
  };
}

/** All parts carry the time of the first, to the nanosecond: no program writes that by chance. */
function joinParts(line: RawLine): RawLine {
  const marker = Buffer.from(`${line.time} `);
  if (line.time === null || !line.bytes.includes(marker)) return line;
  const parts: Buffer[] = [];
  let at = 0;
  for (let next = line.bytes.indexOf(marker); next !== -1; next = line.bytes.indexOf(marker, at)) {
    parts.push(line.bytes.subarray(at, next));
    at = next + marker.length;
  }
  const bytes = Buffer.concat([...parts, line.bytes.subarray(at)]);
  const isWhole = line.bytes.length === line.totalBytes;
  // Of what is cut off nobody counted the parts; they are as long as those that were kept.
  const shareOfText = bytes.length / line.bytes.length;
  return { ...line, bytes, totalBytes: isWhole ? bytes.length : Math.round(line.totalBytes * shareOfText) };
}
