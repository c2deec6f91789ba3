/** A chain that answers storage reads from a table, as polkadot.js would give them, and remembers what is asked and sent. For unit tests of the wallet's logic only. */
import type { Chain } from '../../../../client/sdk/connect.ts';

export interface SentCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What stands in storage: JSON by `pallet.item` and keys (bytes as their hexadecimal text). */
export type Table = Record<string, unknown>;

const keyText = (key: unknown): string =>
  key instanceof Uint8Array ? `0x${Buffer.from(key).toString('hex')}` : String(key);

function named<T>(make: (name: string) => T): T {
  return new Proxy({}, { get: (_, name) => (typeof name === 'string' ? make(name) : undefined) }) as T;
}

export function fakeChain(genesis: Uint8Array, table: Table): { chain: Chain; sent: SentCall[]; asked: Set<string> } {
  const sent: SentCall[] = [];
  const asked = new Set<string>();
  const place = (pallet: string, item: string, keys: readonly unknown[]): string => {
    const text = [`${pallet}.${item}`, ...keys.map(keyText)].join(' ');
    asked.add(text);
    return text;
  };
  const query = named((pallet) =>
    named((item) => {
      const entry = async (...keys: unknown[]) => {
        const json = table[place(pallet, item, keys)];
        return { isEmpty: json === undefined, toJSON: () => json ?? null };
      };
      const keysUnder = async (...first: unknown[]) => {
        const prefix = `${place(pallet, item, first)} `;
        const found = Object.keys(table).filter((text) => text.startsWith(prefix));
        return found.map((text) => ({ args: text.split(' ').slice(1) }));
      };
      return Object.assign(entry, { keys: keysUnder });
    }),
  );
  const tx = named((section) =>
    named((method) => (...args: unknown[]) => ({
      method: { section, method },
      send: async (watch: (result: unknown) => void) => {
        sent.push({ name: `${section}.${method}`, args });
        watch({ status: { isFinalized: true, asFinalized: { toHex: () => '0x00' } }, events: [] });
        return () => undefined;
      },
    })),
  );
  const api = {
    tx,
    consts: { royalty: { claimFee: '1000' } },
    rpc: { chain: { getFinalizedHead: async () => '0x00' } },
    at: async () => ({ query }),
    on: () => undefined,
    off: () => undefined,
  };
  return { chain: { api, genesis } as unknown as Chain, sent, asked };
}
