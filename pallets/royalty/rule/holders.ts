/**
 * Whose an item is. Nothing in what is sent tells a copy under noise from honest work, so whoever asks for holders has somebody vouch for them: an attester's claim about
 * data of the account that enrols names its holder. Nobody but this attester can give another the same name [who names another's holder takes its place].
 */
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { type Claim, claimOf } from '../../registry/index.ts';
import { type Context, ensure } from '../../support/index.ts';
import type { Royalty } from '../state.ts';
import type { Holders, RoundTerms } from './types.ts';

/** What an attester calls a holder, as the state of rounds has it. */
export const holderOfClaim = ({ attester, digest }: Pick<Claim, 'attester' | 'digest'>): Uint8Array =>
  hash32Of('tacit/holder/1', attester, digest);

/** Whether a claim is one that names a holder under a rule. */
export function namesHolder({ holders }: { readonly holders: Holders }, { kind, attester }: Claim): boolean {
  if (holders.tag === 'Accounts' || kind.tag !== 'Holder') return false;
  return holders.value === undefined || sameBytes(holders.value, attester);
}

/** The holders that claims name under a rule, each once. */
export function holdersIn(ctx: Context, terms: Pick<RoundTerms, 'holders'>, claims: readonly bigint[]): Uint8Array[] {
  const found = claims.map((id) => claimOf(ctx, id)).filter((claim) => claim !== undefined);
  const names = found.filter((claim) => namesHolder(terms, claim)).map(holderOfClaim);
  return names.filter((name, place) => names.findIndex((other) => sameBytes(name, other)) === place);
}

/**
 * Whose the item of an account is: itself, or whom the claims name that it shows, which have been checked. What becomes of them later changes nothing in the round.
 * Fails with `HolderNeeded`, `SeveralHolders`.
 */
export function holderOf(
  { ctx, errors }: Royalty,
  account: Uint8Array,
  terms: RoundTerms,
  claims: readonly bigint[],
): Uint8Array {
  if (terms.holders.tag === 'Accounts') return account;
  const [holder, ...others] = holdersIn(ctx, terms, claims);
  ensure(holder, errors.HolderNeeded);
  ensure(others.length === 0, errors.SeveralHolders);
  return holder;
}
