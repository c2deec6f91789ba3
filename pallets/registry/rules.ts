import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { repatriateReserved, reserve } from '../balances/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { DATA_DEPOSIT, DISCLOSURE_DEPOSIT, type Registry } from './state.ts';
import type { Data, Model, Parent } from './types.ts';

export function ownedData({ store, errors }: Registry, id: bigint, who: Uint8Array): Data {
  const found = store.data.get(id);
  ensure(found, errors.UnknownData);
  ensure(sameBytes(found.owner, who), errors.NotOwner);
  return found;
}

export function ownedModel({ store, errors }: Registry, id: bigint, who: Uint8Array): Model {
  const found = store.models.get(id);
  ensure(found, errors.UnknownModel);
  ensure(sameBytes(found.owner, who), errors.NotOwner);
  return found;
}

export function depositOf(data: Data): bigint {
  return data.disclosure === undefined ? DATA_DEPOSIT : DATA_DEPOSIT + DISCLOSURE_DEPOSIT;
}

/** A new owner gets the deposit with the entry: nobody can make another reserve money of its own. */
export function handOver(ctx: Context, from: Uint8Array, to: Uint8Array, deposit: bigint): void {
  repatriateReserved(ctx, from, to, deposit);
  reserve(ctx, to, deposit);
}

/** Every parent exists, is named once, and is not closed to training. Since parents are older than children, lineage has no cycles. */
export function checkParents({ store, errors }: Registry, parents: readonly Parent[]): void {
  const seen = new Set<string>();
  for (const { tag, value } of parents) {
    // Two relations to one parent are possible: merged from a model and distilled from it.
    const name = `${tag} ${'data' in value ? value.data : value.model}`;
    ensure(!seen.has(name), errors.DuplicateParent);
    seen.add(name);
    if ('model' in value) {
      ensure(store.models.has(value.model), errors.UnknownModel);
    } else {
      const found = store.data.get(value.data);
      ensure(found, errors.UnknownData);
      ensure(!found.optedOut, errors.OptedOut);
    }
  }
}
