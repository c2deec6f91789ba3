/** What must always hold of backing and of the base. It walks the state: for tests and the audit. */
import { sumOf } from '../../../primitives/money.ts';
import { mustHold } from '../../support/index.ts';
import type { Royalty } from '../state.ts';
import { countedBacker, countedData } from './backing.ts';
import { LEAST_BACKING } from './decl.ts';
import { partsOf } from './exact.ts';
import type { Backer, DataBacking } from './types.ts';

const CODE = 'royalty/broken-backing';

/** Backers add up to their data, data to all backing, and what both have earned to what is promised: to the last part of a unit. */
export function checkBacking({ ctx, store }: Royalty): void {
  const { began, backing: totals } = store.issuance.get();
  const isInTime = totals.at <= ctx.block && totals.at >= began;
  mustHold(isInTime, CODE, `the base is counted up to block ${totals.at}, of a period that began in ${began}`);
  const backers = new Map<bigint, Backer[]>();
  for (const [[data], backer] of store.backers.entries()) backers.set(data, [...(backers.get(data) ?? []), backer]);
  let [active, promised] = [0n, 0n];
  for (const [[data], kept] of store.backings.entries()) {
    const counted = countedData(kept, totals.index);
    const own = backers.get(data) ?? [];
    backers.delete(data);
    if (kept.burned > 0n) checkBurned(data, kept, own);
    else {
      const due = sumOf(own.map((each) => partsOf(countedBacker(each, totals.index.backers).due)));
      mustHold(due === partsOf(counted.backers), CODE, `what backers of data ${data} are due does not add up`);
      checkStanding(data, kept, own);
    }
    active += kept.active;
    promised += partsOf(counted.data) + partsOf(counted.backers);
  }
  mustHold(backers.size === 0, CODE, 'somebody backs data behind which nothing stands');
  mustHold(active === totals.total, CODE, `${active} stand behind data, counted are ${totals.total}`);
  mustHold(promised === partsOf(totals.promised), CODE, 'what is promised of the base is not what is due');
}

function checkStanding(data: bigint, { active, leaving }: DataBacking, own: readonly Backer[]): void {
  const isSame = sumOf(own.map((each) => each.active)) === active && sumOf(own.map((each) => each.leaving)) === leaving;
  mustHold(isSame && active + leaving > 0n, CODE, `backers of data ${data} do not add up`);
  const isWorth = own.every((each) => each.active >= LEAST_BACKING || (each.active === 0n && each.leaving > 0n));
  mustHold(isWorth, CODE, `somebody has less behind data ${data} than what keeps an entry`);
}

function checkBurned(data: bigint, kept: DataBacking, own: readonly Backer[]): void {
  const isEmpty = kept.active + kept.leaving + partsOf(kept.data) + partsOf(kept.backers) === 0n;
  mustHold(isEmpty, CODE, `something stands behind data ${data}, whose backing was burned`);
  const lost = sumOf(own.map((each) => each.active + each.leaving));
  mustHold(lost <= kept.burned, CODE, `backers of data ${data} have lost more than was burned`);
}
