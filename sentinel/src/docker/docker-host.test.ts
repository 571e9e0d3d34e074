import { expect, it } from 'vitest';
import { parseDockerHost, renderDockerHost } from './docker-host.js';

it.each([
  [undefined, { kind: 'unix', path: '/var/run/docker.sock' }],
  ['unix:///run/user/1000/docker.sock', { kind: 'unix', path: '/run/user/1000/docker.sock' }],
  ['tcp://10.0.0.5:2375', { kind: 'tcp', host: '10.0.0.5', port: 2375 }],
  ['tcp://docker', { kind: 'tcp', host: 'docker', port: 2375 }],
  ['tcp://[::1]:2375', { kind: 'tcp', host: '::1', port: 2375 }],
])('SE-63: %s is understood', (text, address) => {
  expect(parseDockerHost(text)).toEqual(address);
});

it.each([
  '',
  'unix://',
  'unix://relative',
  'ssh://me@host',
  'npipe:////./pipe/x',
  'http://host',
  'tcp://',
  'tcp://a:99999',
  'tcp://u:p@h:1',
  'tcp://h:1/path',
])('SE-63: %j is a mistake that names the allowed forms', (text) => {
  expect(() => parseDockerHost(text)).toThrow(
    /must be unix:\/\/\/path\/to\/docker\.sock or tcp:\/\/host:port/,
  );
});

it('SE-63: an address is shown as it was given', () => {
  for (const text of ['unix:///run/docker.sock', 'tcp://10.0.0.5:2375', 'tcp://[::1]:2375'])
    expect(renderDockerHost(parseDockerHost(text))).toBe(text);
});
