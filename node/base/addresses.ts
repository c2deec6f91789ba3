/** Whose an address is, and whether it is near. */
import { BlockList, isIPv6 } from 'node:net';

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

/** Where a connection comes from. */
export interface Origin {
  /** What is counted: an IPv4 address, or the first half of an IPv6 address, which is one customer's. */
  readonly name: string;
  readonly isLocal: boolean;
}

/** @param ip an IPv4 or IPv6 address */
export function originOfIp(ip: string): Origin {
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
