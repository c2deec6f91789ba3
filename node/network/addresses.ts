/** Network addresses in multiaddresses: whose they are, and whether they are near. */
import { BlockList, isIP, isIPv6 } from 'node:net';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { peerIdFromString } from '@libp2p/peer-id';
import { TacitError } from '../../primitives/errors.ts';

const local = new BlockList();
for (const [net, prefix, family] of [
  ['127.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['::1', 128, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
] as const) {
  local.addSubnet(net, prefix, family);
}

/** Where a connection comes from. Transports without addresses, as the one in memory, are near. */
export interface Origin {
  /** What is counted: an IPv4 address, or the first half of an IPv6 address, which is one customer's. */
  readonly name: string;
  readonly isLocal: boolean;
}

export function originOf(address: Multiaddr): Origin {
  const ip = address.getComponents().find(({ name }) => name === 'ip4' || name === 'ip6')?.value;
  if (ip === undefined || isIP(ip) === 0) return { name: 'elsewhere', isLocal: true };
  const plain = /^::ffff:([0-9.]+)$/i.exec(ip)?.[1] ?? ip;
  const isLocal = local.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  return { name: isIPv6(plain) && !isLocal ? `${halfOf(plain)}::/64` : plain, isLocal };
}

/** The first four groups of an IPv6 address, written out. */
function halfOf(ip: string): string {
  const [head = '', tail] = ip.split('%')[0]!.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/** The peer a full multiaddress names: its last `/p2p/<id>`. Throws `network/bad-address`. */
export function parseAddress(text: string): { readonly address: Multiaddr; readonly peer: string } {
  let address: Multiaddr;
  try {
    address = multiaddr(text);
  } catch {
    throw new TacitError(
      'network/bad-address',
      `'${text}' is no multiaddress; one looks like /ip4/192.0.2.1/tcp/30333/p2p/12D3KooW...`,
    );
  }
  const peer = address.getComponents().findLast(({ name }) => name === 'p2p')?.value;
  try {
    if (peer !== undefined) return { address, peer: peerIdFromString(peer).toString() };
  } catch {
    // Not an id: the same message as without one.
  }
  throw new TacitError('network/bad-address', `'${text}' does not end in /p2p/<peer id>`);
}

/** Multiaddresses to listen on, checked. Throws `network/bad-address`, naming the one that is none. */
export function parseListenAddress(text: string): Multiaddr {
  try {
    const address = multiaddr(text);
    if (address.getComponents().length > 0) return address;
  } catch {
    // Not an address: the same message as for an empty one.
  }
  throw new TacitError(
    'network/bad-address',
    `cannot listen on '${text}': it is no multiaddress; one looks like /ip4/0.0.0.0/tcp/30333 or /ip6/::/tcp/30333`,
  );
}

/** The multiaddress for a host (IPv4 or IPv6 address) and port. Throws `network/bad-address`. */
export function listenAddress(host: string, port: number): string {
  const family = isIP(host);
  if (family === 0) {
    throw new TacitError(
      'network/bad-address',
      `'${host}' is neither an IPv4 nor an IPv6 address; give one of this machine, 0.0.0.0 or :: for all`,
    );
  }
  return `/ip${family}/${host}/tcp/${port}`;
}
