/** A fixed bonus for each use of a portfolio: for every model that names it as a parent, once, out of a pot that whoever wants it used fills. */
import { at } from '../../primitives/at.ts';
import { largestRemainder } from '../../primitives/money.ts';
import { burn, EXISTENTIAL_DEPOSIT, freeOf, reservedOf, transfer } from '../balances/index.ts';
import { ensureMay, titleOf } from '../ownership/index.ts';
import { parentsOf, portfolioOf } from '../registry/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { type Curation, POTS, USE_FEE } from './state.ts';

/** The owner says what each use is worth; 0 ends it. What is in the pot stays there. */
export function setBonus(curation: Curation, who: Uint8Array, portfolio: bigint, perUse: bigint): void {
  const { ctx, store, events, errors } = curation;
  ensureMay(ctx, { tag: 'Portfolio', value: portfolio }, who, 'money');
  ensure(perUse === 0n || perUse > USE_FEE, errors.BonusTooSmall);
  const { pot } = store.bonuses.get(portfolio);
  // What says nothing is not kept.
  if (perUse === 0n && pot === 0n) store.bonuses.remove(portfolio);
  else store.bonuses.put(portfolio, { perUse, pot });
  events.BonusSet({ portfolio, perUse });
}

export function fundBonus(curation: Curation, who: Uint8Array, portfolio: bigint, amount: bigint): void {
  const { ctx, store, events, errors } = curation;
  ensure(titleOf(ctx, { tag: 'Portfolio', value: portfolio }), errors.UnknownPortfolio);
  ensure(amount > 0n, errors.NothingDue);
  transfer(ctx, who, POTS, amount, 'keepAlive');
  store.bonuses.mutate(portfolio, (bonus) => ({ ...bonus, pot: bonus.pot + amount }));
  events.BonusFunded({ portfolio, who, amount });
}

/** Pays the curators of a portfolio for one model that was made of it, once. Anyone may ask for it. */
export function payUse(curation: Curation, portfolio: bigint, model: bigint): void {
  const { ctx, store, events, errors } = curation;
  const selection = portfolioOf(ctx, portfolio);
  ensure(selection, errors.UnknownPortfolio);
  const isUsed = parentsOf(ctx, { tag: 'Model', value: model }).some(
    ({ parent }) => parent.tag === 'Portfolio' && parent.value === portfolio,
  );
  ensure(isUsed, errors.NotUsed);
  ensure(!store.usesPaid.has(portfolio, model), errors.UsePaid);
  const { perUse, pot } = store.bonuses.get(portfolio);
  ensure(perUse > 0n && pot >= perUse, errors.NothingDue);
  store.usesPaid.put(portfolio, model, undefined);
  // The entry stays for good: it is paid for out of the bonus.
  burn(ctx, POTS, USE_FEE, 'allowDeath');
  const parts = largestRemainder(
    perUse - USE_FEE,
    selection.curators.map(({ weight }) => weight),
  );
  let paid = USE_FEE;
  for (const [place, { account }] of selection.curators.entries()) {
    const amount = at(parts, place);
    // Whoever cannot be paid holds up nobody: that part stays in the pot.
    if (amount === 0n || !canReceive(ctx, account, amount)) continue;
    transfer(ctx, POTS, account, amount, 'allowDeath');
    paid += amount;
  }
  store.bonuses.put(portfolio, { perUse, pot: pot - paid });
  events.UsePaid({ portfolio, model, amount: paid - USE_FEE });
}

const canReceive = (ctx: Context, who: Uint8Array, amount: bigint): boolean =>
  freeOf(ctx, who) + amount >= EXISTENTIAL_DEPOSIT || reservedOf(ctx, who) > 0n;
