/** `$Data`: registered by digests, told of, closed to training. */
import { present } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { addDeposit, createAsset, dataAsset, ensureMay, returnDeposit, setOptedOut } from '../ownership/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { canonicalOf, parseCid } from './cid.ts';
import { isOlder, takePriority } from './commitments.ts';
import { DATA_DEPOSIT, DIGEST_DEPOSIT, DISCLOSURE_DEPOSIT } from './fees.ts';
import { type Registry, state } from './state.ts';
import { type Data, type Digest, digest as digestTy, type Disclosure, MAX_DIGESTS } from './types.ts';

export function dataOf(ctx: Context, id: bigint): Data | undefined {
  return state.use(ctx).store.data.get(id);
}

function known({ store, errors }: Registry, id: bigint): Data {
  const found = store.data.get(id);
  ensure(found, errors.UnknownData);
  return found;
}

export const canonicalDigests = ({ sha256, blake2b256 }: Pick<Data, 'sha256' | 'blake2b256'>): Digest[] => [
  { tag: 'Sha256', value: sha256 },
  { tag: 'Blake2b256', value: blake2b256 },
];

/** A further digest is of another kind than the canonical two, and if it is a CID that shows one of them, it shows the same. */
function checkDigest({ errors }: Registry, digest: Digest, data: Pick<Data, 'sha256' | 'blake2b256'>): void {
  ensure(digest.tag !== 'Sha256' && digest.tag !== 'Blake2b256', errors.CanonicalDigest);
  if (digest.tag !== 'Cid') return;
  const cid = parseCid(digest.value);
  ensure(cid, errors.BadCid);
  const shown = canonicalOf(cid);
  const same = canonicalDigests(data).find(({ tag }) => tag === shown?.tag);
  ensure(shown === undefined || (same !== undefined && sameBytes(same.value, shown.value)), errors.DigestsDisagree);
}

/** One digest of one kind belongs to one `$Data`: to the first, by the block since which it counts. */
function claimDigests(registry: Registry, id: bigint, digests: readonly Digest[], since: number): void {
  const { store, errors } = registry;
  const different = new Set(digests.map((digest) => toHex(digestTy.codec.enc(digest))));
  ensure(different.size === digests.length, errors.AlreadyRegistered);
  for (const digest of digests) {
    const holder = store.dataByDigest.get(digest);
    if (holder === undefined) continue;
    ensure(isOlder(since, dataSince(registry, holder)), errors.AlreadyRegistered);
    loseDigests(registry, holder, id);
  }
}

/** The block since which data count: of the commitment before their registration, or of that. */
function dataSince({ store }: Registry, id: bigint): number {
  return store.dataSince.get(id) ?? present(store.data.get(id), 'data with a digest').block;
}

/** All digests of data are free again, for those that were committed to earlier. The data stay what they are to those who hold licences of them. */
function loseDigests({ store, events }: Registry, id: bigint, by: bigint): void {
  const data = present(store.data.get(id), 'data with a digest');
  for (const digest of [...canonicalDigests(data), ...data.digests]) store.dataByDigest.remove(digest);
  store.dataTaken.put(id, by);
  events.DataTaken({ id, by });
}

/** The data to which data have lost their digests; undefined if they have them. */
export function dataTakenBy(ctx: Context, id: bigint): bigint | undefined {
  return state.use(ctx).store.dataTaken.get(id);
}

export interface NewData extends Pick<Data, 'sha256' | 'blake2b256' | 'digests' | 'disclosure' | 'collective'> {
  readonly optedOut: boolean;
}

/** @returns its number */
export function registerData(registry: Registry, owner: Uint8Array, { optedOut, ...given }: NewData): bigint {
  const { ctx, store, events } = registry;
  const id = store.nextData.get();
  for (const digest of given.digests) checkDigest(registry, digest, given);
  const digests = [...canonicalDigests(given), ...given.digests];
  const since = takePriority(registry, owner, { tag: 'Data', value: digests });
  claimDigests(registry, id, digests, since);
  const data: Data = { ...given, block: ctx.block };
  createAsset(ctx, dataAsset(id), owner, depositOfData(data));
  store.nextData.put(id + 1n);
  for (const digest of digests) store.dataByDigest.put(digest, id);
  store.data.put(id, data);
  if (since < ctx.block) store.dataSince.put(id, since);
  events.DataRegistered({ id, owner, sha256: data.sha256, blake2b256: data.blake2b256 });
  if (optedOut) setOptedOut(ctx, dataAsset(id), true);
  return id;
}

/** What is reserved for `$Data` as it stands. */
export function depositOfData({ digests, disclosure }: Pick<Data, 'digests' | 'disclosure'>): bigint {
  const told = disclosure === undefined ? 0n : DISCLOSURE_DEPOSIT;
  return DATA_DEPOSIT + DIGEST_DEPOSIT * BigInt(digests.length) + told;
}

export function addDigest(registry: Registry, who: Uint8Array, id: bigint, digest: Digest): void {
  const { ctx, store, events, errors } = registry;
  const data = known(registry, id);
  ensureMay(ctx, dataAsset(id), who, 'metadata');
  ensure(data.digests.length < MAX_DIGESTS, errors.TooManyDigests);
  checkDigest(registry, digest, data);
  ensure(!store.dataByDigest.has(digest), errors.AlreadyRegistered);
  ensure(!store.dataTaken.has(id), errors.DigestsTaken);
  addDeposit(ctx, dataAsset(id), DIGEST_DEPOSIT);
  store.dataByDigest.put(digest, id);
  store.data.put(id, { ...data, digests: [...data.digests, digest] });
  events.DigestAdded({ id, digest });
}

/** Tells something of data, in place of what was told before. */
export function disclose(registry: Registry, who: Uint8Array, id: bigint, disclosure: Disclosure): void {
  const { ctx, store, events } = registry;
  const data = known(registry, id);
  ensureMay(ctx, dataAsset(id), who, 'metadata');
  if (data.disclosure === undefined) addDeposit(ctx, dataAsset(id), DISCLOSURE_DEPOSIT);
  store.data.put(id, { ...data, disclosure });
  events.DataDisclosed({ id });
}

export function withdrawDisclosure(registry: Registry, who: Uint8Array, id: bigint): void {
  const { ctx, store, events, errors } = registry;
  const data = known(registry, id);
  ensureMay(ctx, dataAsset(id), who, 'metadata');
  ensure(data.disclosure !== undefined, errors.NothingDisclosed);
  returnDeposit(ctx, dataAsset(id), DISCLOSURE_DEPOSIT);
  store.data.put(id, { ...data, disclosure: undefined });
  events.DisclosureWithdrawn({ id });
}

/** To refuse training is a word about data; to allow it again is a matter of licences. */
export function optOut(registry: Registry, who: Uint8Array, id: bigint, optedOut: boolean): void {
  known(registry, id);
  ensureMay(registry.ctx, dataAsset(id), who, optedOut ? 'metadata' : 'licensing');
  setOptedOut(registry.ctx, dataAsset(id), optedOut);
}

/** Whether portfolios may license data is a matter of licences: delegates need that role. */
export function setCollective(registry: Registry, who: Uint8Array, id: bigint, collective: boolean): void {
  const { ctx, store, events } = registry;
  const data = known(registry, id);
  ensureMay(ctx, dataAsset(id), who, 'licensing');
  store.data.put(id, { ...data, collective });
  events.CollectiveSet({ id, collective });
}
