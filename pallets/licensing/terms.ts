/** Terms: checked for sense, stored once under their hash, removed when nothing refers to them. */
import { compareBytes, sameBytes } from '../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { WHOLE } from '../../primitives/money.ts';
import { reserve, unreserve } from '../balances/index.ts';
import { ensure, type PalletError } from '../support/index.ts';
import { MAX_SEATS, type TermsRecord } from './records.ts';
import { type Licensing, TERMS_BYTE_DEPOSIT, TERMS_DEPOSIT } from './state.ts';
import { ALL_PURPOSES, ALL_RESTRICTIONS, ALL_TIERS, type Terms, terms as termsTy } from './types.ts';
import { dueOf, lengthOf, usesOf } from './price.ts';

type Errors = Licensing['errors'];

const isWithin = (bits: number, all: number): boolean => bits > 0 && (bits & ~all) === 0;
const ascend = (list: readonly Uint8Array[]): boolean =>
  list.every((item, place) => place === 0 || compareBytes(list[place - 1]!, item) < 0);
const isCountry = (code: Uint8Array): boolean => code.every((letter) => letter >= 65 && letter <= 90);
const isZero = (bound: number | bigint | undefined): boolean => bound !== undefined && BigInt(bound) === 0n;

/** What price, time and uses must be to one another; each is bounded by one of them only. */
function faultOfBounds(terms: Terms, errors: Errors): PalletError | undefined {
  const { price, seats, duration, uses, grace, renewal } = terms;
  if (price.tag === 'Volume') {
    const { steps } = price.value;
    const isStair = steps.every(({ from }, place) => (place === 0 ? from === 0n : steps[place - 1]!.from < from));
    if (steps.length === 0 || !isStair) return errors.BadSteps;
  } else if (price.tag !== 'Free') {
    const amounts = Object.values(price.value) as (bigint | number)[];
    if (amounts.some((amount) => BigInt(amount) === 0n)) return errors.BadPrice;
  }
  if (price.tag === 'Bundle' && uses !== undefined) return errors.BadPrice;
  if (price.tag === 'Subscription' && duration !== undefined) return errors.BadPrice;
  if (isZero(seats) || isZero(duration) || isZero(uses) || (seats ?? 0) > MAX_SEATS + 1) return errors.BadBound;
  const length = lengthOf(terms);
  if (grace > 0 && length === undefined) return errors.BadGrace;
  if (renewal.tag === 'None') return undefined;
  // Renewed for nothing, a bound of uses would be none.
  const isPaid = dueOf(price) > 0n;
  const isBounded = length !== undefined || usesOf(terms) !== undefined;
  if (!isBounded || (!isPaid && (renewal.tag === 'Automatic' || usesOf(terms) !== undefined))) return errors.BadRenewal;
  // So that whoever renews in the grace is not behind again at once.
  if (length !== undefined && grace > length) return errors.BadGrace;
  return renewal.tag === 'Automatic' && length !== undefined && grace === 0 ? errors.BadGrace : undefined;
}

/** What is wrong with terms; undefined if they can be stored. */
export function faultOf(terms: Terms, errors: Errors): PalletError | undefined {
  const { base, purposes, tiers, restrictions, revenueShare, revenueCeiling, territory, approvers, approvals } = terms;
  if (base.tag !== 'Custom' && base.value.trim() === '') return errors.EmptyLicence;
  if (!isWithin(purposes, ALL_PURPOSES) || !isWithin(tiers, ALL_TIERS)) return errors.UnknownBits;
  if ((restrictions & ~ALL_RESTRICTIONS) !== 0) return errors.UnknownBits;
  if (revenueShare > WHOLE || (revenueCeiling !== undefined && revenueShare === 0)) return errors.BadShare;
  if (!ascend(territory) || !territory.every(isCountry) || !ascend(approvers)) return errors.NotAscending;
  if (approvals > approvers.length || (approvals === 0) !== (approvers.length === 0)) return errors.BadApprovals;
  return faultOfBounds(terms, errors);
}

export const idOf = (terms: Terms): Uint8Array => blake2b256(termsTy.codec.enc(terms));

export function storeTerms(licensing: Licensing, storer: Uint8Array, terms: Terms): undefined {
  const { ctx, store, events, errors } = licensing;
  const fault = faultOf(terms, errors);
  ensure(fault === undefined, fault ?? errors.UnknownTerms);
  const encoded = termsTy.codec.enc(terms);
  const id = blake2b256(encoded);
  ensure(!store.terms.has(id), errors.AlreadyStored);
  const deposit = TERMS_DEPOSIT + TERMS_BYTE_DEPOSIT * BigInt(encoded.length);
  reserve(ctx, storer, deposit);
  store.terms.put(id, { terms, storer, deposit, references: 0 });
  events.TermsStored({ id, storer });
}

export function removeTerms(licensing: Licensing, who: Uint8Array, id: Uint8Array): undefined {
  const { ctx, store, events, errors } = licensing;
  const { storer, deposit, references } = knownRecord(licensing, id);
  ensure(sameBytes(storer, who), errors.NotStorer);
  ensure(references === 0, errors.InUse);
  store.terms.remove(id);
  unreserve(ctx, storer, deposit);
  events.TermsRemoved({ id });
}

function knownRecord({ store, errors }: Licensing, id: Uint8Array): TermsRecord {
  const found = store.terms.get(id);
  ensure(found, errors.UnknownTerms);
  return found;
}

/** Terms that are stored, or the call fails. */
export const knownTerms = (licensing: Licensing, id: Uint8Array): Terms => knownRecord(licensing, id).terms;

/** One reference more: the terms stay while it stands. */
export function refer(licensing: Licensing, id: Uint8Array): void {
  const found = knownRecord(licensing, id);
  licensing.store.terms.put(id, { ...found, references: found.references + 1 });
}
export function release(licensing: Licensing, id: Uint8Array): void {
  const found = knownRecord(licensing, id);
  licensing.store.terms.put(id, { ...found, references: found.references - 1 });
}
