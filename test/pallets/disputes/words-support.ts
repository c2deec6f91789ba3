/** A court before which people quarrel about what was said of a model: by those who paid for it, and by an attester. */
import { curation, scoreOf, standingEvaluation } from '../../../pallets/curation/index.ts';
import type { Kind, Subject } from '../../../pallets/disputes/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import type { Asset } from '../../../pallets/ownership/index.ts';
import { parameters, type PARAMETERS } from '../../../pallets/parameters/index.ts';
import { ATTESTS, isValidAt, registry } from '../../../pallets/registry/index.ts';
import { Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { named, newModel } from '../../support/registry.ts';
import { idOfTerms, openTerms, storeTerms } from '../../support/terms.ts';
import { call, court, type Court, digest, JURORS, OWNER, START, who } from './support.ts';

/** Those who paid for the model, the first of whom rates it badly; and who vouches for it. */
export const [AUTHOR, RATER, ATTESTER] = [6, 7, 8] as const;
export const GRANT = 0n;
/** The model that is talked of; the court's other works are not the registry's. */
export const TALKED: Asset = { tag: 'Model', value: 0n };
export const EVALUATION: Subject = { tag: 'Evaluation', value: { model: 0n, evaluation: 0 } };
export const CLAIM: Subject = { tag: 'Claim', value: 0n };
const PRICE = 100_000_000n;
export const ATTESTER_BOND = 1_000_000_000n;
const to = (n: number) => ({ tag: 'Id' as const, value: who(n) });

export function set(it: Court, tag: keyof typeof PARAMETERS, value: bigint): void {
  root(it, parameters.call.setParameter({ name: { tag }, value }));
}
export function root(it: Court, made: RuntimeCall): void {
  const outcome = it.chain.dispatch(Origin.root, made);
  if (outcome !== 'ok') throw new Error(`${made.value.tag}: ${outcome}`);
}

/** Buys a grant and opens it. @returns its number */
export function buy(it: Court, n: number): bigint {
  const grant = licensing.use(it.chain.ctx).store.nextGrant.get();
  it.ok(n, licensing.call.buy({ asset: TALKED, offer: 0n, most: START }));
  it.ok(n, licensing.call.open({ grant }));
  return grant;
}

/** Posts an evaluation and has it counted. @returns its place */
export function evaluated(it: Court, n: number, rating: number): number {
  const evaluation = curation.use(it.chain.ctx).store.nextEvaluation.get(0n);
  it.ok(n, curation.call.evaluate({ model: 0n, rating, input: 'cid-in', output: 'cid-out' }));
  it.pass(5);
  it.ok(n, curation.call.count({ model: 0n, evaluation }));
  return evaluation;
}
export const rate = (useful: boolean, points: bigint, evaluation = 0): RuntimeCall =>
  curation.call.rate({ model: 0n, evaluation, useful, points });

/** A court with a model for sale, a bad and a good evaluation of it, and a claim about it. */
export function hall(jurors: readonly number[] = JURORS): Court {
  const it = court(jurors);
  set(it, 'EvaluationAge', 5n);
  set(it, 'AttesterUnbonding', 40n);
  it.ok(OWNER, newModel(named('talked of')));
  const terms = openTerms('MIT', { price: { tag: 'Once', value: { amount: PRICE } }, transferable: true });
  it.ok(OWNER, storeTerms(terms));
  it.ok(OWNER, licensing.call.offer({ asset: TALKED, terms: idOfTerms(terms), buyer: undefined, until: undefined }));
  for (const n of [AUTHOR, RATER]) buy(it, n);
  evaluated(it, AUTHOR, 10);
  evaluated(it, RATER, 90);
  it.ok(ATTESTER, registry.call.registerAttester({ name: 'Auditors', kinds: ATTESTS.SafetyAudit }));
  root(it, registry.call.admitAttester({ who: to(ATTESTER), kinds: ATTESTS.SafetyAudit, until: 1_000_000 }));
  claim(it);
  return it;
}

/** The attester vouches for the model. @returns the number of the claim */
export function claim(it: Court, until = 100_000): bigint {
  const id = registry.use(it.chain.ctx).store.nextClaim.get();
  const kind = { tag: 'SafetyAudit' as const };
  it.ok(ATTESTER, registry.call.makeClaim({ asset: TALKED, kind, digest: digest(50 + Number(id)), until }));
  return id;
}

export const about = (subject: Subject, kind: Kind = 'False', evidence = 1): RuntimeCall =>
  call.report({ subject, kind: { tag: kind }, digests: [digest(evidence)], against: undefined });

export const score = ({ chain }: Court) => scoreOf(chain.ctx, 0n);
export const evaluation = ({ chain }: Court, index = 0) => standingEvaluation(chain.ctx, 0n, index);
export function holds({ chain }: Court, id = 0n): boolean {
  const found = registry.use(chain.ctx).store.claims.get(id);
  return found !== undefined && isValidAt(chain.ctx, found, chain.ctx.block);
}
export const attesterBond = ({ chain }: Court): bigint | undefined =>
  registry.use(chain.ctx).store.attesters.get(who(ATTESTER))?.bond;
