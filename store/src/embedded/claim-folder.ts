/**
 * One process at a time may open a data folder: two would each write over what the other wrote. The claim is a socket,
 * because it ends with its process, however that ends; whoever wants it next waits for that on a connection. On Linux
 * its name is no file; elsewhere it is a file beside the folder, which a killed process leaves behind.
 */
import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';

/** Resolves when this process has it, for as long as it lives. `onWait` is called when somebody else has it. */
export async function claimFolder(folder: string, onWait: () => void): Promise<void> {
  const path = `${realpathSync(folder)}.lock`;
  const isFile = process.platform !== 'linux';
  const address = isFile ? path : `\0pulsewire-${createHash('sha256').update(path).digest('hex')}`;
  while (!(await listen(address))) {
    onWait();
    const wasAlive = await outlive(address);
    if (!wasAlive && isFile) rmSync(address, { force: true });
  }
}

/** False when somebody else has it. */
function listen(address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.unref();
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(address, () => {
      server.unref();
      resolve(true);
    });
  });
}

/** Resolves when the process that has it ended; false when there is none. */
function outlive(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    let connected = false;
    const socket = connect(address, () => {
      connected = true;
    });
    // What went wrong shows in that it closes.
    socket.on('error', () => {});
    socket.once('close', () => resolve(connected));
    socket.resume();
  });
}
