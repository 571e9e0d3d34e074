/** What the engine itself has of a container's log. */
import type Docker from 'dockerode';

const HEADER_BYTES = 8;

/** Every line, read in one go; of a container without a terminal that writes short lines. */
export async function readEngineLines(docker: Docker, name: string): Promise<string[]> {
  const options = { follow: false, stdout: true, stderr: true } as const;
  const frames = (await docker.getContainer(name).logs(options)) as unknown as Buffer;
  const lines: string[] = [];
  for (let at = 0; at < frames.length; ) {
    const end = at + HEADER_BYTES + frames.readUInt32BE(at + 4);
    lines.push(frames.toString('utf8', at + HEADER_BYTES, end).replace(/\n$/, ''));
    at = end;
  }
  return lines;
}
