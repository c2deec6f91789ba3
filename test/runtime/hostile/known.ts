/** Values that stand in a state, found again by what their types are called: ids, accounts, hashes, whole structs. */
import type { AnyPallet, Context, HeldCall, RuntimeCall } from '../../../pallets/support/index.ts';
import { pascalCase, storagePrefix } from '../../../pallets/support/index.ts';
import { StorageItem } from '../../../pallets/support/storage.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import type { Ty } from '../../../primitives/scale/index.ts';
import { bare, isCall, labelOf, partsOf, variantOf } from './types.ts';

/** Values kept of one name. */
const KEPT = 24;
/** Entries of one storage item that are looked at, elements of one list, types within types. */
const [ENTRIES, ELEMENTS, DEPTH] = [64, 8, 8];

export class Known {
  readonly #values = new Map<string, Map<string, unknown>>();
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
          place.keysOf(key).forEach((part, at) => this.#note(decl.keys[at]!.ty, part));
          this.#note(decl.ty, place.decode(value));
        }
      }
    }
  }

  #keep(label: string | undefined, ty: Ty<unknown>, value: unknown): void {
    if (label === undefined) return;
    const kept = this.#values.get(label) ?? new Map<string, unknown>();
    if (kept.size < KEPT) kept.set(toHex(ty.codec.enc(value)), value);
    this.#values.set(label, kept);
  }

  #note(ty: Ty<unknown>, value: unknown, depth = 0): void {
    if (depth > DEPTH || isCall(ty)) return;
    this.#keep(labelOf(ty), ty, value);
    const def = ty.def();
    const inner = (parts: Iterable<readonly [Ty<unknown>, unknown]>): void => {
      for (const [type, part] of parts) this.#note(type, part, depth + 1);
    };
    switch (def.tag) {
      case 'alias':
      case 'compact':
        return this.#note(def.of, value, depth);
      case 'tuple':
        return inner(def.of.map((type, i) => [type, (value as unknown[])[i]]));
      case 'sequence':
        if (Array.isArray(value)) inner(value.slice(0, ELEMENTS).map((each) => [def.of, each]));
        return;
      case 'composite':
        return inner(partsOf(def.fields, value));
      case 'variant':
        return inner(variantOf(ty, value).parts);
      case 'array':
        return this.#keep(`[u8; ${def.length}]`, ty, value);
      case 'primitive':
    }
  }

  /** Values of the type that stand in the state; of bytes without a name of their own, all of that length. */
  of(ty: Ty<unknown>): unknown[] {
    const own = this.#values.get(labelOf(ty) ?? '');
    const found = own ?? this.#values.get(labelOf(bare(ty)) ?? '');
    return found === undefined ? [] : [...found.values()];
  }
}
