/** Where the Docker Engine listens: `DOCKER_HOST`, in the forms `unix:///path` and `tcp://host:port`. */

export type DockerAddress = { kind: 'unix'; path: string } | { kind: 'tcp'; host: string; port: number };

const DEFAULT_ADDRESS = 'unix:///var/run/docker.sock';
const DEFAULT_TCP_PORT = 2375;

/** Throws an `Error` that tells the fix. */
export function parseDockerHost(raw: string | undefined): DockerAddress {
  const text = raw ?? DEFAULT_ADDRESS;
  const fix = 'must be unix:///path/to/docker.sock or tcp://host:port';
  const unix = /^unix:\/\/(\/\P{C}{1,100})$/u.exec(text);
  if (unix?.[1] !== undefined) return { kind: 'unix', path: unix[1] };
  if (text.startsWith('ssh://') || text.startsWith('npipe://'))
    throw new Error(`${fix}; ${text.split(':', 1)[0]} is not supported`);
  if (!text.startsWith('tcp://') || !URL.canParse(text)) throw new Error(fix);
  const { hostname, port, username, password, pathname } = new URL(text);
  if (hostname === '' || username !== '' || password !== '' || pathname.length > 1) throw new Error(fix);
  return { kind: 'tcp', host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || DEFAULT_TCP_PORT) };
}

/** As a person would write it. */
export function renderDockerHost(address: DockerAddress): string {
  if (address.kind === 'unix') return `unix://${address.path}`;
  return `tcp://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}
