/** Network addresses in multiaddresses. */
import { isIP } from 'node:net';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { peerIdFromString } from '@libp2p/peer-id';
import { TacitError } from '../../primitives/errors.ts';
import { type Origin, originOfIp } from '../base/addresses.ts';

/** Where a connection comes from. Transports without addresses, as the one in memory, are near. */
export function originOf(address: Multiaddr): Origin {
  const ip = address.getComponents().find(({ name }) => name === 'ip4' || name === 'ip6')?.value;
  return ip === undefined || isIP(ip) === 0 ? { name: 'elsewhere', isLocal: true } : originOfIp(ip);
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
