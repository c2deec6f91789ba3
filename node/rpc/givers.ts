/** Who asks: a client of this machine, or one of an address. */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { originOfIp } from '../base/addresses.ts';
import type { Giver } from '../base/givers.ts';
import { isOfThisMachine } from './origins.ts';

/** All clients of an address, which share what there is of places. */
export function hostOf(request: IncomingMessage): Giver {
  return isOfThisMachine(request) ? ['own', 'clients', ''] : ['clients', addressOf(request), ''];
}

/** One of them. @param connection what tells it from the others of this node */
export function clientOf(request: IncomingMessage, connection: number): Giver {
  const [kind, group] = hostOf(request);
  return [kind, group, String(connection)];
}

/** A proxy on this machine says for whom it asks: it adds the address that it has heard from itself, the last one. */
function addressOf({ headers, socket }: IncomingMessage): string {
  const { name } = originOfIp(socket.remoteAddress ?? '');
  const isProxy = name === '::1' || name.startsWith('127.');
  const told = isProxy ? [headers['x-forwarded-for']].flat().at(-1)?.split(',').at(-1)?.trim() : undefined;
  return told !== undefined && isIP(told) !== 0 ? originOfIp(told).name : name;
}
