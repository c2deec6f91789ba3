/** A model that is for sale, accounts that buy it, and what always holds checked after every call. */
import { balances, checkIssuance, freeOf, reservedOf, reservers } from '../../../pallets/balances/index.ts';
import { committee } from '../../../pallets/committee/index.ts';
import { curation } from '../../../pallets/curation/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { ownership } from '../../../pallets/ownership/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import { session } from '../../../pallets/session/index.ts';
import {
  checkPallets,
  type MockRuntime,
  mockRuntime,
  Origin,
  type RuntimeCall,
  remembered,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import type { Terms } from '../../../pallets/licensing/types.ts';
import { newModel } from '../../support/registry.ts';
import { idOfTerms, openTerms, storeTerms } from '../../support/terms.ts';

export const who = (n: number): Uint8Array => new Uint8Array(32).fill(n);
export const as = (n: number): Origin => Origin.signed(who(n));
export const OWNER = 1;
export const MONEY = 10n ** 12n;
export const MODEL = 0n;
export const { errors, call: calls } = curation;
const PEOPLE = Array.from({ length: 30 }, (_, i) => i + 1);
const pallets = [system, balances, session, committee, tally, parameters, ownership, licensing, registry, curation];

/** What the parameters say here: easy to count with. */
export const PARAMETERS = {
  LicenceBurn: 100n,
  LicenceTreasury: 100n,
  LicenceDiscount: 0n,
  EvaluationAge: 5n,
  EvaluationPrior: 1_000_000n,
  EvaluationReward: 2_500n,
} as const;

export function fresh(): MockRuntime {
  const chain = mockRuntime(
    pallets,
    { balances: { accounts: PEOPLE.map((n) => [who(n), MONEY] as const) }, parameters: PARAMETERS },
    { invariants: [remembered(checkIssuance), checkPallets(pallets, { freeOf, reservedOf, reservers })] },
  );
  ok(chain, OWNER, newModel(who(77)));
  return chain;
}

/** A call that has to succeed. */
export function ok(chain: MockRuntime, n: number, call: RuntimeCall): void {
  const outcome = chain.dispatch(as(n), call);
  if (outcome !== 'ok') throw new Error(`${call.tag}.${call.value.tag} by ${n}: ${outcome}`);
}
export function root(chain: MockRuntime, call: RuntimeCall): void {
  const outcome = chain.dispatch(Origin.root, call);
  if (outcome !== 'ok') throw new Error(`${call.tag}.${call.value.tag}: ${outcome}`);
}

/** Sells the model at a price. @returns the number of the offer */
export const sell = (chain: MockRuntime, amount: bigint): bigint =>
  offerOf(chain, openTerms('MIT', { price: { tag: 'Once', value: { amount } }, transferable: true }));

/** Offers the model under terms. @returns the number of the offer */
export function offerOf(chain: MockRuntime, terms: Terms): bigint {
  const asset = { tag: 'Model' as const, value: MODEL };
  const offer = licensing.use(chain.ctx).store.nextOffer.get();
  if (chain.dispatch(as(OWNER), storeTerms(terms)) !== 'ok') throw new Error('terms');
  ok(chain, OWNER, licensing.call.offer({ asset, terms: idOfTerms(terms), buyer: undefined, until: undefined }));
  return offer;
}

/** Buys a grant and opens it. @returns the number of the grant */
export function buy(chain: MockRuntime, n: number, offer: bigint): bigint {
  const grant = licensing.use(chain.ctx).store.nextGrant.get();
  ok(chain, n, licensing.call.buy({ asset: { tag: 'Model', value: MODEL }, offer, most: MONEY }));
  ok(chain, n, licensing.call.open({ grant }));
  return grant;
}

export const evaluate = (rating: number): RuntimeCall =>
  calls.evaluate({ model: MODEL, rating, input: 'cid-in', output: 'cid-out' });
export const count = (evaluation: number): RuntimeCall => calls.count({ model: MODEL, evaluation });
export const rate = (evaluation: number, useful: boolean, points: bigint): RuntimeCall =>
  calls.rate({ model: MODEL, evaluation, useful, points });

/** Evaluates, waits, and has it counted. @returns its place */
export function counted(chain: MockRuntime, n: number, rating: number): number {
  const place = curation.use(chain.ctx).store.nextEvaluation.get(MODEL);
  ok(chain, n, evaluate(rating));
  chain.runToBlock(chain.ctx.block + Number(PARAMETERS.EvaluationAge));
  ok(chain, n, count(place));
  return place;
}
