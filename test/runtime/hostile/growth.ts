/** What a call adds to the state, and who pays for it. */
import { type Composition, fromLatin1, type StateReader, storagePrefix } from '../../../pallets/support/index.ts';
import { StorageItem } from '../../../pallets/support/storage.ts';
import { type AccountInfo, accountInfo } from '../../../pallets/system/types.ts';
import { isOfPallet } from './types.ts';

type Changes = ReadonlyMap<string, Uint8Array | null>;

/** What one call, or several, did to the state. */
export interface Growth {
  /** Entries of maps more than before. Accounts do not count: they live by their own deposit. */
  readonly entries: number;
  /** Bytes of keys and values of these maps more than before. */
  readonly bytes: number;
  /** Units that are reserved more, that accounts of pallets hold more, that are gone for good: the most of the three. */
  readonly paid: bigint;
}

const ACCOUNTS = storagePrefix('System', 'Account');
const ISSUANCE = storagePrefix('Balances', 'TotalIssuance');

export class GrowthGauge {
  /** Prefixes of maps. */
  readonly #maps = new Set<string>();

  constructor({ pallets }: Composition) {
    for (const { name, storage } of pallets) {
      // The system keeps accounts and the hashes of a fixed number of blocks.
      if (name === 'System') continue;
      for (const [item, decl] of Object.entries(storage))
        if (decl.keys.length > 0) this.#maps.add(new StorageItem(name, item, decl).prefix);
    }
  }

  /** @param before changes of the block before the call; `after`: after it; `state`: that of the block before */
  between(state: StateReader, before: Changes, after: Changes): Growth {
    let [entries, bytes] = [0, 0];
    let [reserved, kept, burned] = [0n, 0n, 0n];
    for (const [key, now] of after) {
      const changed = before.get(key);
      if (changed === now) continue;
      const was = changed === undefined ? state.get(fromLatin1(key)) : (changed ?? undefined);
      if (this.#maps.has(key.slice(0, 32))) {
        entries += Number(now !== null) - Number(was !== undefined);
        bytes += sizeOf(key, now ?? undefined) - sizeOf(key, was);
      } else if (key === ISSUANCE) burned += amountOf(was) - amountOf(now ?? undefined);
      else if (key.startsWith(ACCOUNTS)) {
        const [had, has] = [dataOf(was), dataOf(now ?? undefined)];
        reserved += has.reserved - had.reserved;
        if (isOfPallet(key.slice(48))) kept += has.free - had.free;
      }
    }
    return { entries, bytes, paid: [reserved, kept, burned].reduce((a, b) => (a > b ? a : b)) };
  }
}

const sizeOf = (key: string, value: Uint8Array | undefined): number =>
  value === undefined ? 0 : key.length + value.length;

const NOTHING: AccountInfo['data'] = { free: 0n, reserved: 0n, frozen: 0n, flags: 0n };
const dataOf = (value: Uint8Array | undefined): AccountInfo['data'] =>
  value === undefined ? NOTHING : accountInfo.codec.dec(value).data;

function amountOf(value: Uint8Array | undefined): bigint {
  return value === undefined ? 0n : BigInt(`0x${Buffer.from(value.toReversed()).toString('hex') || '0'}`);
}
