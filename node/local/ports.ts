/** Ports of a local network: which it takes, and whether they are free. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { TacitError } from '../../primitives/errors.ts';

/** Distance from the base port to the ports of libp2p and of the metrics; validators count up from there. */
export const P2P_OFFSET = 100;
export const METRICS_OFFSET = 200;
/** Where networks that do not care are looked for: below the ports that systems give out by themselves. */
const FIRST = 24_000;
const STEPS = 80;
const STEP = 10;

/** @throws `local/port-in-use` if something listens there, `local/cannot-listen` if this machine does not let us */
export async function checkFree(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new TacitError('local/port-in-use', `port ${port} is in use; give another --base-port`, { port });
    }
    throw new TacitError('local/cannot-listen', `cannot listen on ${host}, port ${port}: ${code}`, {
      host,
      port,
      code,
    });
  } finally {
    server.close();
  }
}

/**
 * A base port whose network finds all its ports free now. Two that ask at once may get the same: the later start fails and says so.
 * @throws `local/no-ports` if there is none
 */
export async function freeBasePort(validators: number): Promise<number> {
  const first = process.pid % STEPS;
  for (let step = 0; step < STEPS; step++) {
    const base = FIRST + ((first + step) % STEPS) * STEP;
    const ports = [0, P2P_OFFSET, METRICS_OFFSET].flatMap((offset) =>
      Array.from({ length: validators }, (_, i) => base + offset + i),
    );
    const results = await Promise.allSettled(ports.map((port) => checkFree('127.0.0.1', port)));
    if (results.every(({ status }) => status === 'fulfilled')) return base;
  }
  throw new TacitError('local/no-ports', `no ports for a network are free from ${FIRST} on; give a --base-port`);
}
