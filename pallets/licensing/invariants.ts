/** What must always hold of the pallet's state: deposits, the escrow, references, entries of grants. Walks the state. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { assetName } from '../ownership/index.ts';
import type { Held } from '../support/index.ts';
import { untilOf } from './access.ts';
import { tableHash } from './gate/index.ts';
import { totalOf } from './price.ts';
import type { Grant } from './records.ts';
import { openTiersOf } from './licences.ts';
import { ESCROW, GRANT_DEPOSIT, type Licensing, SEAT_DEPOSIT } from './state.ts';
import { idOf } from './terms.ts';

export function* depositsOf({ store }: Licensing): Generator<Held> {
  for (const [, { storer, deposit }] of store.terms.entries()) yield [storer, deposit];
  for (const [, { maker, deposit }] of store.offers.entries()) yield [maker, deposit];
  for (const [, { holder, deposit, fund }] of store.grants.entries()) yield [holder, deposit + fund];
  for (const [, { proposer, deposit }] of store.amendments.entries()) yield [proposer, deposit];
}

export function* owesOf({ store }: Licensing): Generator<Held> {
  for (const [, { state }] of store.grants.entries())
    if (state.tag !== 'Open') yield [ESCROW, totalOf(state.value.escrow)];
}

function broken(what: string): never {
  throw new TacitError('licensing/broken-state', what);
}

/** References as the records themselves say them. */
function* referencesOf({ store }: Licensing): Generator<Uint8Array> {
  for (const [, { terms }] of store.licences.entries()) yield terms;
  for (const [, { terms }] of store.offers.entries()) yield terms;
  for (const [, { terms }] of store.grants.entries()) yield terms;
  for (const [, { terms }] of store.amendments.entries()) yield terms;
  for (const [, list] of store.bonds.entries()) for (const { terms } of list) yield terms;
}

function checkTerms(licensing: Licensing): void {
  const counts = new Map<string, number>();
  for (const id of referencesOf(licensing)) counts.set(toHex(id), (counts.get(toHex(id)) ?? 0) + 1);
  for (const [[id], { terms, references }] of licensing.store.terms.entries()) {
    const name = toHex(id);
    if (!sameBytes(idOf(terms), id)) broken(`terms ${name} have another hash`);
    if ((counts.get(name) ?? 0) !== references) broken(`terms ${name} count ${references} references`);
    counts.delete(name);
  }
  for (const name of counts.keys()) broken(`terms ${name} are referred to and not stored`);
  const { table, tableHash: hash } = licensing.store;
  const stored = table.get();
  if (stored !== undefined && !sameBytes(tableHash(stored), hash.get())) broken('the table has another hash');
}

function checkOffers({ store }: Licensing): void {
  for (const [[asset], count] of store.offerCounts.entries())
    if ([...store.offers.entries(asset)].length !== count || count === 0)
      broken(`offers of ${assetName(asset)} are miscounted`);
  for (const [[asset]] of store.offers.entries())
    if (store.offerCounts.get(asset) === 0) broken(`an offer of ${assetName(asset)} is not counted`);
}

function checkGrant({ store }: Licensing, id: bigint, grant: Grant): void {
  const seats = store.seats.get(id);
  const terms = store.terms.get(grant.terms)?.terms ?? broken(`grant ${id} has no terms`);
  if (grant.deposit !== GRANT_DEPOSIT + SEAT_DEPOSIT * BigInt(seats.length)) broken(`deposits of grant ${id}`);
  if (grant.state.tag !== 'Open' && (seats.length > 0 || grant.fund > 0n || grant.paid > 0n))
    broken(`grant ${id} is used and not open`);
  if (grant.lost > grant.paid) broken(`grant ${id} has lost more than was paid`);
  if (!store.grantsOf.has(grant.holder, id)) broken(`grant ${id} is not among its holder's`);
  const tiers = grant.state.tag === 'Open' ? terms.tiers : 0;
  const until = untilOf(grant, terms);
  for (const [place, account] of [grant.holder, ...seats.map(({ account }) => account)].entries()) {
    const entry = store.access.get(grant.asset, account).find((one) => one.grant === id);
    if (entry?.meter !== undefined && (!entry.isHolder || entry.usesLeft === undefined))
      broken(`a meter of grant ${id} counts nothing`);
    const isRight = entry?.tiers === tiers && entry.until === until && entry.isHolder === (place === 0);
    if (!isRight) broken(`what account ${place} of grant ${id} may do is not what the grant says`);
  }
}

function checkEntries({ store }: Licensing): void {
  for (const [[asset, account], entries] of store.access.entries()) {
    if (entries.length === 0) broken(`an empty list of ${assetName(asset)}`);
    for (const { grant: id, isHolder } of entries) {
      const grant = store.grants.get(id) ?? broken(`an entry of grant ${id}, which is not there`);
      const isOne = isHolder
        ? sameBytes(grant.holder, account)
        : store.seats.get(id).some((seat) => sameBytes(seat.account, account));
      if (!isOne) broken(`an entry of grant ${id} for an account that does not use it`);
    }
  }
  for (const item of [store.seats, store.amendments])
    for (const [[id]] of item.entries()) if (!store.grants.has(id)) broken(`something is left of grant ${id}`);
  for (const [[account, id]] of store.grantsOf.entries())
    if (!sameBytes(store.grants.get(id)?.holder ?? new Uint8Array(0), account)) broken(`grant ${id} is another's`);
}

export function tryState(licensing: Licensing): undefined {
  checkTerms(licensing);
  checkOffers(licensing);
  for (const [[id], grant] of licensing.store.grants.entries()) checkGrant(licensing, id, grant);
  checkEntries(licensing);
  for (const [[asset], { terms, openTiers }] of licensing.store.licences.entries()) {
    const found = licensing.store.terms.get(terms);
    if (found && openTiersOf(found.terms) !== openTiers) broken(`what is open of ${assetName(asset)}`);
  }
}
