/** Why a node cannot listen, in words: libp2p tells it as a text with stacks in it. */
import type { Libp2pOptions } from 'libp2p';
import { TacitError } from '../../primitives/errors.ts';

type Transports = NonNullable<Libp2pOptions['transports']>;

/** Transports that keep the errors of their listeners. */
export class Listening {
  readonly transports: Transports;
  #failed: { readonly address: string; readonly error: unknown } | undefined;

  constructor(transports: Transports) {
    this.transports = transports.map((make) => (components) => {
      const transport = make(components);
      const createListener = transport.createListener.bind(transport);
      transport.createListener = (options) => {
        const listener = createListener(options);
        const listen = listener.listen.bind(listener);
        listener.listen = async (address) => {
          try {
            await listen(address);
          } catch (error) {
            this.#failed ??= { address: address.toString(), error };
            throw error;
          }
        };
        return listener;
      };
      return transport;
    });
  }

  /** Starts the host. Throws `network/port-taken` or `network/cannot-listen` for an address that cannot be listened on. */
  async watch(start: () => Promise<void> | void): Promise<void> {
    this.#failed = undefined;
    try {
      await start();
    } catch (error) {
      const failed = this.#failed as { readonly address: string; readonly error: unknown } | undefined;
      if (failed !== undefined) throw explain(failed.address, failed.error);
      if (error instanceof Error && error.name === 'UnsupportedListenAddressesError') {
        throw new TacitError(
          'network/cannot-listen',
          'none of the addresses to listen on is one this node can use; give TCP addresses such as /ip4/0.0.0.0/tcp/30333',
        );
      }
      throw error;
    }
  }
}

function explain(address: string, error: unknown): TacitError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'EADDRINUSE') {
    return new TacitError(
      'network/port-taken',
      `cannot listen on ${address}: the port is in use; stop the program that has it (another node?) or give another --p2p-port`,
      { address },
    );
  }
  const why: Record<string, string> = {
    EACCES: 'the system does not allow it; give a port above 1023',
    EADDRNOTAVAIL: 'it is no address of this machine; give one of it, or 0.0.0.0',
    EAFNOSUPPORT: 'this machine has no such kind of address; give an IPv4 address',
  };
  const reason = why[code] ?? (error instanceof Error ? error.message : 'unknown');
  return new TacitError('network/cannot-listen', `cannot listen on ${address}: ${reason}`, { address, cause: code });
}
