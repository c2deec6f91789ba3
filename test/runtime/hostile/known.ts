/** Values that stand in a state, found again by what their types are called: ids, accounts, hashes, whole structs. */
import type { AnyPallet, Context, HeldCall, RuntimeCall } from '../../../pallets/support/index.ts';
import { latin1, pascalCase, storagePrefix } from '../../../pallets/support/index.ts';
import { StorageItem } from '../../../pallets/support/storage.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import type { Ty } from '../../../primitives/scale/index.ts';
import { bare, isOfPallet, labelOf, type Leaf, leavesOf } from './types.ts';

/** Values kept of one name, accounts kept beside one value. */
const [KEPT, BESIDE] = [24, 4];
/** Entries of one storage item that are looked at. */
const ENTRIES = 64;
const ACCOUNT = 'AccountId';

const nameOf = ({ label, ty, value }: Leaf): string => `${label} ${toHex(ty.codec.enc(value))}`;

export class Known {
  readonly #values = new Map<string, Map<string, unknown>>();
  readonly #beside = new Map<string, Uint8Array[]>();
  /** Calls that may stand within others. */
  readonly calls: readonly RuntimeCall[];
  /** Calls that have been made on the way to this state, or will be, with who made them. */
  readonly history: readonly HeldCall[];

  constructor(
    ctx: Context,
    pallets: readonly AnyPallet[],
    history: readonly HeldCall[],
    calls: readonly RuntimeCall[],
  ) {
    this.calls = calls;
    this.history = history;
    for (const { name, storage } of pallets) {
      for (const [item, decl] of Object.entries(storage)) {
        // Declared as bytes: what they are only the runtime knows.
        if (name === 'System' && item === 'events') continue;
        const place = new StorageItem(name, item, decl);
        const entries = ctx.storage.entries(storagePrefix(name, pascalCase(item)));
        const step = Math.max(1, Math.floor(entries.length / ENTRIES));
        for (let i = 0; i < entries.length; i += step) {
          const [key, value] = entries[i]!;
          const keys = place.keysOf(key).flatMap((part, at) => [...leavesOf(decl.keys[at]!.ty, part)]);
          this.#note([...keys, ...leavesOf(decl.ty, place.decode(value))]);
        }
      }
    }
  }

  /** The parts of one entry. */
  #note(leaves: readonly Leaf[]): void {
    const all = leaves.filter(({ label }) => label === ACCOUNT).map(({ value }) => value as Uint8Array);
    const accounts = all.filter((account) => !isOfPallet(latin1(account)));
    for (const leaf of leaves) {
      const kept = this.#values.get(leaf.label) ?? new Map<string, unknown>();
      this.#values.set(leaf.label, kept);
      const name = nameOf(leaf);
      if (!kept.has(name) && kept.size >= KEPT) continue;
      kept.set(name, leaf.value);
      if (leaf.label === ACCOUNT) continue;
      const beside = this.#beside.get(name) ?? [];
      this.#beside.set(name, [...beside, ...accounts].slice(0, BESIDE));
    }
  }

  /** Values of the type that stand in the state; of bytes without a name of their own, all of that length. */
  of(ty: Ty<unknown>): unknown[] {
    const own = this.#values.get(labelOf(ty) ?? '');
    const found = own ?? this.#values.get(labelOf(bare(ty)) ?? '');
    return found === undefined ? [] : [...found.values()];
  }

  /** Accounts that stand beside a part of the value: whoever owns what an id names is among them. */
  beside(ty: Ty<unknown>, value: unknown): Uint8Array[] {
    return [...leavesOf(ty, value)].flatMap((leaf) => this.#beside.get(nameOf(leaf)) ?? []);
  }
}
