/** Check 11, dust: what each round leaves goes back to its models in proportion to what they gave, and no pool moves for another reason than events tell (§7.4). */
import { at } from '../../primitives/at.ts';
import { largestRemainder } from '../../primitives/money.ts';
import type { Asset } from '../../pallets/ownership/index.ts';
import { type RoundPool, royalty } from '../../pallets/royalty/index.ts';
import { fromLatin1, storagePrefix } from '../../pallets/support/index.ts';
import { u64 } from '../../primitives/scale/index.ts';
import { CHECK, type CheckBook } from './book.ts';
import type { ReplayedBlock } from './types.ts';

const POOLS = storagePrefix('Royalty', 'Pools');
/** A model's number stands at the end of its key. */
const NUMBER_BYTES = 8;

/** What events of a block say that pools gained; and what went back to models, to be held against how rounds ended. */
class Told {
  readonly gains = new Map<bigint, bigint>();
  #returned = new Map<bigint, bigint>();

  add(model: bigint, amount: bigint): void {
    this.gains.set(model, (this.gains.get(model) ?? 0n) + amount);
  }

  giveBack(model: bigint, amount: bigint): void {
    this.add(model, amount);
    this.#returned.set(model, (this.#returned.get(model) ?? 0n) + amount);
  }

  /** What has gone back since the last time. */
  takeReturned(): ReadonlyMap<bigint, bigint> {
    const returned = this.#returned;
    this.#returned = new Map();
    return returned;
  }
}

/** Compares the pools that a block changed with its events. */
export function checkPools({ events, changed, before, after }: ReplayedBlock, book: CheckBook): void {
  const told = new Told();
  let isForfeited = false;
  for (const { pallet, name, data } of events) {
    if (pallet !== 'Royalty') continue;
    const fact = data as { model: bigint; amount: bigint; round: number; models: RoundPool[] };
    if (name === 'PoolFunded') told.add(fact.model, fact.amount);
    else if (name === 'PoolReturned') told.giveBack(fact.model, fact.amount);
    else if (name === 'RoundCreated') for (const { model, pool } of fact.models) told.add(model, -pool);
    else if (name === 'Forfeited') isForfeited = true;
    else if (name === 'Distributed') {
      const { asset, pool } = data as { asset: Asset; pool: bigint };
      if (asset.tag === 'Model' && !isForfeited) told.add(asset.value, pool);
      isForfeited = false;
    } else if (name in ENDS) checkShares(name as keyof typeof ENDS, fact.round, data, { after, told, book });
  }
  const [was, is] = [royalty.use(before).store.pools, royalty.use(after).store.pools];
  for (const key of changed) {
    if (!key.startsWith(POOLS)) continue;
    const model = u64.codec.dec(fromLatin1(key.slice(-NUMBER_BYTES)));
    const gained = is.get(model) - was.get(model);
    book.same(CHECK.scores, `what the pool of model ${model} gained`, told.gains.get(model) ?? 0n, gained);
  }
}

/** What goes back where a round ends in one of these ways. */
const ENDS = {
  RoundSettled: (data: unknown) => (data as { dust: bigint }).dust,
  RoundRefunded: (_: unknown, pool: bigint) => pool,
} as const;

function checkShares(
  name: keyof typeof ENDS,
  round: number,
  data: unknown,
  { after, told, book }: { after: ReplayedBlock['after']; told: Told; book: CheckBook },
): void {
  const money = royalty.use(after).store.rounds.get(round);
  const back = told.takeReturned();
  if (!book.expect(CHECK.scores, money !== undefined, `round ${round} has no account`) || money === undefined) return;
  const given = money.models.map(({ pool }) => pool);
  const parts = largestRemainder(ENDS[name](data, money.pool), given);
  money.models.forEach(({ model }, place) => {
    const what = `what of round ${round} goes back to model ${model}`;
    book.same(CHECK.scores, what, at(parts, place), back.get(model) ?? 0n);
  });
}
