/** Bytes received and sent by the machine, from /proc/net/dev. */
import { type HostSample, hostSample } from '../sample.js';
import type { Collector, ReadText } from './collector.js';
import { type BytePair, type CounterReading, deriveRates } from './counters.js';

/**
 * Interfaces that carry no traffic of their own: it leaves or enters through another one and would be counted
 * twice (bridges, tunnels, VLANs, bonds, containers' ends), or it never leaves the machine.
 */
const VIRTUAL =
  /^(?:lo\d*|veth.*|docker.*|br\d*|br-.*|virbr.*|vnet.*|tap.*|tun.*|wg.*|ifb.*|dummy.*|cni.*|flannel.*|cali.*|cilium.*|lxc.*|lxd.*|podman.*|bond.*|team.*|sit\d.*|gre.*|erspan.*|ip6.*|tunl.*|vxlan.*|geneve.*|kube-.*|nodelocaldns|tailscale.*|zt.*|ovs-.*|.*\.\d+)$/;

const LINE = /^\s*([^\s:]+(?::[^\s:]+)?):\s*(\d+)(?:\s+\d+){7}\s+(\d+)/;

/** Physical interfaces only. Never throws; lines that are not understood are left out. */
export function parseNetwork(text: string): Map<string, BytePair> {
  const devices = new Map<string, BytePair>();
  for (const line of text.split('\n')) {
    const match = LINE.exec(line);
    if (match?.[1] === undefined || VIRTUAL.test(match[1])) continue;
    devices.set(match[1], { inBytes: Number(match[2]), outBytes: Number(match[3]) });
  }
  return devices;
}

export function deriveNetwork(before: CounterReading, now: CounterReading): HostSample[] {
  const rates = deriveRates(before, now);
  if (rates === null) return [];
  return [hostSample('net_rx', rates.inPerSecond), hostSample('net_tx', rates.outPerSecond)];
}

export function createNetworkCollector(read: ReadText): Collector {
  let before: CounterReading | null = null;
  return {
    name: 'network',
    collect(monotonicMs) {
      const now = { monotonicMs, devices: parseNetwork(read('/proc/net/dev')) };
      const samples = before === null ? [] : deriveNetwork(before, now);
      before = now;
      return samples;
    },
  };
}
