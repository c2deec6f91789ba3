/**
 * What is public of an item's score: points for data that curators chose, a factor for data that attesters vouch for. Whoever enrols shows data and claims; what
 * was shown is kept until the round is over, so that data counts once in a round and anyone can have it counted again.
 */
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { dataAsset, ensureLive, isLive, titleOf } from '../../ownership/index.ts';
import { claimOf, type ClaimKind, isValidAt, portfolioOf } from '../../registry/index.ts';
import { type Context, ensure, measuredWeight } from '../../support/index.ts';
import { findItem, FORGOTTEN_AT_ONCE, itemInOpenRound, setStanding } from '../../tally/index.ts';
import { type Royalty, state } from '../state.ts';
import type { RoyaltyRound } from '../types.ts';
import { hooks } from '../weights.ts';
import { namesHolder } from './holders.ts';
import { type Evidence, MAX_STATED, type RoundTerms, type StandingInfo } from './types.ts';

/** What an account's evidence is worth in a block. */
interface Worth {
  readonly standing: bigint;
  readonly factor: number;
  /** Kinds of claims that hold. */
  readonly kinds: readonly ClaimKind['tag'][];
  /** Whether some of the data is in the portfolio of the rule. */
  readonly isCurated: boolean;
}

function isOwner(ctx: Context, account: Uint8Array, data: bigint): boolean {
  const title = titleOf(ctx, dataAsset(data));
  return title !== undefined && sameBytes(title.owner, account);
}

/** Weights of data in the portfolio of a rule. */
function weightsOf(ctx: Context, { curation }: RoundTerms): ReadonlyMap<bigint, bigint> {
  const items = curation === undefined ? [] : (portfolioOf(ctx, curation.portfolio)?.items ?? []);
  return new Map(items.map(({ data, weight }) => [data, weight]));
}

/** What evidence is worth now: data counts that the account owns and no ruling stands against, and claims about such data that hold. */
function worthOf(ctx: Context, terms: RoundTerms, account: Uint8Array, { data, claims }: Evidence): Worth {
  const held = data.filter((id) => isOwner(ctx, account, id) && isLive(ctx, dataAsset(id)));
  const weights = weightsOf(ctx, terms);
  const weight = held.reduce((sum, id) => sum + (weights.get(id) ?? 0n), 0n);
  const { points, most } = terms.curation ?? { points: 0n, most: 0n };
  const kinds = claims.flatMap((id) => {
    const claim = claimOf(ctx, id);
    const isAbout = claim?.asset.tag === 'Data' && held.includes(claim.asset.value);
    return claim !== undefined && isAbout && isValidAt(ctx, claim, ctx.block) ? [claim.kind.tag] : [];
  });
  const factors = terms.factors.filter(({ kind }) => kinds.includes(kind.tag)).map(({ factor }) => factor);
  const earned = weight * points;
  return {
    standing: earned < most ? earned : most,
    factor: Math.max(1, ...factors),
    kinds,
    isCurated: weight > 0n,
  };
}

/** Whether a round takes an account with such evidence. */
function isTaken({ admits }: RoundTerms, { kinds, isCurated }: Worth): boolean {
  if (admits.tag === 'Anyone') return true;
  return admits.tag === 'Curated' ? isCurated : kinds.includes(admits.value.tag);
}

/** Fails unless whoever shows nothing may take part. */
export function ensureTakesAnyone({ errors }: Royalty, { terms }: RoyaltyRound): void {
  ensure(terms.holders.tag === 'Accounts', errors.HolderNeeded);
  ensure(terms.admits.tag === 'Anyone', errors.EvidenceNeeded);
}

/** Fails unless each of the claims is about data of the statement, holds now, and is of a kind that the rule asks for. */
function checkClaims({ ctx, errors }: Royalty, terms: RoundTerms, claims: readonly bigint[], data: readonly bigint[]) {
  const asked = terms.factors.map(({ kind }) => kind.tag);
  if (terms.admits.tag === 'Attested') asked.push(terms.admits.value.tag);
  for (const id of claims) {
    const claim = claimOf(ctx, id);
    ensure(claim?.asset.tag === 'Data' && data.includes(claim.asset.value), errors.UnknownClaim);
    ensure(asked.includes(claim.kind.tag) || namesHolder(terms, claim), errors.CountsForNothing);
    ensure(isValidAt(ctx, claim, ctx.block), errors.ClaimNotValid);
  }
}

/** Fails unless the account owns the data, no ruling stands against it, nobody has stated it in the round, and the rule gives something for it. */
function checkData(
  royalty: Royalty,
  account: Uint8Array,
  { id: round, terms, added }: { id: number; terms: RoundTerms; added: Evidence },
): void {
  const { ctx, store, errors } = royalty;
  const weights = weightsOf(ctx, terms);
  const vouchedFor = added.claims.map((id) => claimOf(ctx, id)?.asset.value);
  for (const [place, id] of added.data.entries()) {
    ensure(isOwner(ctx, account, id), errors.NotYourData);
    ensureLive(ctx, dataAsset(id));
    ensure(!store.stated.has(round, id) && added.data.indexOf(id) === place, errors.AlreadyStated);
    ensure(weights.has(id) || vouchedFor.includes(id), errors.CountsForNothing);
  }
}

/** What an account shows after it has shown more, and what all of it is worth. Fails where something of what is added does not count. */
interface Judged {
  readonly whole: Evidence;
  readonly worth: Worth;
}

function judge(
  royalty: Royalty,
  account: Uint8Array,
  { id, terms, before, added }: { id: number; terms: RoundTerms; before: Evidence; added: Evidence },
): Judged {
  const { ctx, errors } = royalty;
  ensure(added.data.length + added.claims.length > 0, errors.NothingStated);
  const claims = [...new Set([...before.claims, ...added.claims])];
  const whole = { data: [...before.data, ...added.data], claims };
  ensure(whole.data.length <= MAX_STATED && claims.length <= MAX_STATED, errors.TooManyStated);
  checkClaims(royalty, terms, added.claims, whole.data);
  checkData(royalty, account, { id, terms, added });
  return { whole, worth: worthOf(ctx, terms, account, whole) };
}

const NOTHING: Evidence = { data: [], claims: [] };

/** What whoever is about to enrol shows: it has to be what the round asks for. */
export function judgeShown(
  royalty: Royalty,
  account: Uint8Array,
  id: number,
  { terms }: RoyaltyRound,
  shown: Evidence,
): Judged {
  const judged = judge(royalty, account, { id, terms, before: NOTHING, added: shown });
  ensure(isTaken(terms, judged.worth), royalty.errors.NotTaken);
  return judged;
}

/** Keeps what an item has shown, and gives it what that is worth. */
export function putStatement(
  royalty: Royalty,
  account: Uint8Array,
  id: number,
  item: number,
  { whole, worth }: Judged,
): void {
  const { store } = royalty;
  store.statements.put(id, item, { data: [...whole.data], claims: [...whole.claims] });
  for (const data of whole.data) store.stated.put(id, data, item);
  putStanding(royalty, account, id, worth);
}

/** An enrolled account shows more, and gets what all of it is worth. */
export function stateEvidence(royalty: Royalty, account: Uint8Array, id: number, added: Evidence): void {
  const { ctx, store, errors } = royalty;
  const round = store.rounds.get(id);
  ensure(round, errors.UnknownRound);
  const { index } = itemInOpenRound(ctx, id, account);
  const before = store.statements.get(id, index) ?? NOTHING;
  putStatement(royalty, account, id, index, judge(royalty, account, { id, terms: round.terms, before, added }));
}

function putStanding({ ctx, events }: Royalty, account: Uint8Array, id: number, { standing, factor }: Worth): void {
  setStanding(ctx, id, account, { standing, factor });
  events.StandingSet({ round: id, account, standing, factor });
}

/** Counts an item's evidence again, as things stand now: anyone may, until the round closes. Whoever was taken stays in the round. */
export function recountStanding(royalty: Royalty, account: Uint8Array, id: number): void {
  const { ctx, store, errors } = royalty;
  const round = store.rounds.get(id);
  ensure(round, errors.UnknownRound);
  const { index, item } = itemInOpenRound(ctx, id, account);
  const stated = store.statements.get(id, index);
  ensure(stated, errors.NothingStated);
  const worth = worthOf(ctx, round.terms, account, stated);
  ensure(worth.standing !== item.standing || worth.factor !== item.factor, errors.SameStanding);
  putStanding(royalty, account, id, worth);
}

/** What an account has stated in a round under way, and what it is worth. */
export function standingInfoOf(ctx: Context, id: number, account: Uint8Array): StandingInfo | undefined {
  const { store } = state.use(ctx);
  const [round, found] = [store.rounds.get(id), findItem(ctx, id, account)];
  if (round === undefined || found === undefined) return undefined;
  const { index, item } = found;
  const { data, claims } = store.statements.get(id, index) ?? NOTHING;
  const now = worthOf(ctx, round.terms, account, { data, claims });
  const { standing, factor } = item;
  return { data: [...data], claims: [...claims], standing, factor, standingNow: now.standing, factorNow: now.factor };
}

/** What that takes as a block forgets. */
const FORGETTING: bigint = measuredWeight(hooks.forget, FORGOTTEN_AT_ONCE);

/** What forgetting takes at the end of this block. */
export const forgettingWeight = ({ store }: Royalty): bigint => (store.forgotten.get().length === 0 ? 0n : FORGETTING);

/** Forgets what items of settled rounds had stated, so many keys a block, if its end has room for it: a thousand items may have nine thousand. */
export function forgetStatements({ ctx, store }: Royalty): void {
  const [first, ...rest] = store.forgotten.get();
  if (first === undefined || !ctx.takeAtEnd(FORGETTING)) return;
  const removed = store.statements.clearSome(FORGOTTEN_AT_ONCE, first);
  const all = removed + store.stated.clearSome(FORGOTTEN_AT_ONCE - removed, first);
  if (all === FORGOTTEN_AT_ONCE) return;
  if (rest.length > 0) store.forgotten.put(rest);
  else store.forgotten.remove();
}
