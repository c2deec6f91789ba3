/**
 * Who was first. Digests and fingerprints are taken by the first registration, and whoever sees one in the pool can copy it and pay more. So an owner may commit to
 * them some time before, by a hash that tells nothing. A registration that was committed to takes digests and fingerprints over from one that is younger than
 * the commitment, by at least `COMMIT_AGE` blocks: a copier who sees the registration has no commitment as old.
 */
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { reserve, slashReserved, unreserve } from '../balances/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { genesisHash } from '../system/index.ts';
import { COMMIT_FEE, COMMITMENT_DEPOSIT } from './fees.ts';
import { COMMIT_AGE, COMMIT_LIFE, type Registry } from './state.ts';
import { type Content, content as contentTy, MAX_COMMITMENTS } from './types.ts';

/** What a commitment is to: all digests of data in their order, the canonical two first, or the fingerprint of a version. */
export const contentKey = (content: Content): Uint8Array =>
  hash32Of('tacit/registered-content/1', contentTy.codec.enc(content));

/** The hash by which an account commits. @param salt 32 random bytes: without it whoever guesses the content could tell */
export function commitmentOf(ctx: Context, account: Uint8Array, key: Uint8Array, salt: Uint8Array): Uint8Array {
  return hash32Of('tacit/registration/1', genesisHash(ctx), account, key, salt);
}

/** Commits to what is to be registered, for a deposit that comes back. */
export function commit(registry: Registry, who: Uint8Array, hash: Uint8Array): void {
  const { ctx, store, events, errors } = registry;
  ensure(!store.commitments.has(who, hash), errors.AlreadyCommitted);
  const count = store.commitmentCount.get(who);
  ensure(count < MAX_COMMITMENTS, errors.TooManyCommitments);
  reserve(ctx, who, COMMITMENT_DEPOSIT);
  store.commitments.put(who, hash, ctx.block);
  store.commitmentCount.put(who, count + 1);
  events.RegistrationCommitted({ who, hash });
}

/** Shows what a commitment is to: by the key of the content, which still tells nothing of it. The registration that follows is as old as the commitment. */
export function openCommitment(registry: Registry, who: Uint8Array, key: Uint8Array, salt: Uint8Array): void {
  const { ctx, store, events, errors } = registry;
  const hash = commitmentOf(ctx, who, key, salt);
  const block = store.commitments.get(who, hash);
  ensure(block !== undefined, errors.NoCommitment);
  ensure(!store.opened.has(who, key), errors.AlreadyCommitted);
  store.commitments.remove(who, hash);
  store.opened.put(who, key, block);
  events.CommitmentOpened({ who, key, block });
}

/** Takes a commitment back, opened or not. @param hash its hash, or the key that it was opened with */
export function dropCommitment(registry: Registry, who: Uint8Array, hash: Uint8Array): void {
  const { ctx, store, events, errors } = registry;
  ensure(store.commitments.has(who, hash) || store.opened.has(who, hash), errors.NoCommitment);
  if (store.commitments.has(who, hash)) store.commitments.remove(who, hash);
  else store.opened.remove(who, hash);
  forget(registry, who);
  unreserve(ctx, who, COMMITMENT_DEPOSIT);
  events.CommitmentDropped({ who, hash });
}

function forget({ store }: Registry, who: Uint8Array): void {
  store.commitmentCount.mutate(who, (count) => (count === 1 ? undefined : count - 1));
}

/**
 * The block since which a registration counts: that of the opened commitment to its content, or this one. A commitment is used up, except for what it pays for
 * the entry that stays its deposit returns. One that is over counts for nothing.
 */
export function takePriority(registry: Registry, who: Uint8Array, content: Content): number {
  const { ctx, store } = registry;
  const key = contentKey(content);
  const block = store.opened.get(who, key);
  if (block === undefined || ctx.block >= block + COMMIT_LIFE) return ctx.block;
  store.opened.remove(who, key);
  forget(registry, who);
  slashReserved(ctx, who, COMMIT_FEE);
  unreserve(ctx, who, COMMITMENT_DEPOSIT - COMMIT_FEE);
  return block;
}

/** Whether a registration since one block takes over from one since another. */
export const isOlder = (since: number, than: number): boolean => since + COMMIT_AGE <= than;
