/** What must always hold of the issuance. It walks the state: for tests and the audit. */
import { sumOf } from '../../../primitives/money.ts';
import { mustHold } from '../../support/index.ts';
import type { Royalty } from '../state.ts';

const CODE = 'royalty/broken-issuance';

/** Pots cover what uses are due, and are less than what was burned; uses add up to their period. */
export function checkUses({ ctx, store }: Royalty): void {
  const now = store.issuance.get();
  const uses = [...store.uses.entries()].map(([, use]) => use);
  for (const [[period], { open, burned, pot, left }] of store.periods.entries()) {
    const own = uses.filter((use) => use.period === period);
    const due = sumOf(own.map((use) => (pot * use.burned) / burned));
    mustHold(own.length === open && due <= left, CODE, `the pot of period ${period} does not cover its uses`);
    mustHold(pot < burned && left <= pot, CODE, `the pot of period ${period} is not less than what was burned`);
  }
  const running = uses.filter(({ period }) => period === now.period);
  const isSame = running.length === now.uses && sumOf(running.map(({ burned }) => burned)) === now.burned;
  mustHold(isSame, CODE, 'uses of the period that runs are miscounted');
  const isKnown = uses.every(({ period }) => period === now.period || store.periods.has(period));
  mustHold(isKnown, CODE, 'a use belongs to no period');
  mustHold(ctx.block >= now.began, CODE, 'the period that runs has not begun');
}
