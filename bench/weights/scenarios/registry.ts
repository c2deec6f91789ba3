/** Calls of the registry, with everything as long as it may be. */
import { licensing } from '../../../pallets/licensing/index.ts';
import { ROLE } from '../../../pallets/ownership/types.ts';
import { ownership } from '../../../pallets/ownership/index.ts';
import { COMMIT_AGE, commitmentOf, contentKey, EVIDENCE_HOLD, registry } from '../../../pallets/registry/index.ts';
import {
  ALL_KINDS,
  type Digest,
  MAX_ATTESTER_NAME,
  MAX_BRANCH,
  MAX_CID_TEXT,
  MAX_DIGESTS,
  MAX_PARENTS,
  MAX_PRE_RELEASE,
  MAX_TEXT,
  MAX_TITLE,
} from '../../../pallets/registry/types.ts';
import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import {
  MAX_DTYPE,
  MAX_RANK,
  MAX_TENSOR_NAME,
  type NamedTensor,
  TensorTree,
} from '../../../primitives/proofs/tensor-tree.ts';
import {
  asset,
  named,
  newData,
  newModel,
  newVersion,
  numbered,
  type Parent,
  parentOf,
} from '../../../test/support/registry.ts';
import { idOfTerms, openTerms, storeTerms } from '../../../test/support/terms.ts';
import type { Prepared } from '../measure.ts';
import type { Scenario } from '../scenario.ts';
import { Assets, OTHER, OWNER, to, who } from './assets.ts';

const { call } = registry;
const id = 0n;
const disclosure = {
  title: 'x'.repeat(MAX_TITLE),
  text: 'x'.repeat(MAX_TEXT),
  metadataCid: 'x'.repeat(MAX_CID_TEXT),
  croissant: named('croissant'),
  statistics: named('statistics'),
};
/** A CID with a digest of 64 bytes. */
const cid = (n: number): Digest => ({
  tag: 'Cid',
  value: concatBytes(new Uint8Array([1, 0x70, 0x13, 64]), named(`${n}`), named(`${n}`)),
});
const cids = (count: number): Digest[] => Array.from({ length: count }, (_, n) => cid(n));
const release = (name: string) => ({
  fingerprint: named(name),
  architecture: named('architecture'),
  tensors: { root: named('root'), count: 1000 },
  card: { digest: named('card'), cid: 'x'.repeat(MAX_CID_TEXT) },
  changelog: named('changelog'),
});
const version = { branch: 'x'.repeat(MAX_BRANCH), semver: numbered(9, 9, 9, 'x'.repeat(MAX_PRE_RELEASE)) };
const own = openTerms('CC-BY-4.0', { revenueShare: 1 });

const withData = (told: boolean): Assets =>
  new Assets().done(OWNER, newData('content', { disclosure: told ? disclosure : undefined }));

/** Data of somebody else, each under terms of its own, bought by the owner, who has a waiver of each besides. */
function withParents(count: number): { assets: Assets; parents: Parent[] } {
  const assets = new Assets().done(OWNER, storeTerms(own));
  const parents = Array.from({ length: count }, (_, n) => {
    const data = asset('Data', BigInt(n));
    const terms = openTerms('CC-BY-4.0', { revenueShare: 1, revenueCeiling: BigInt(n + 1) });
    assets.done(OTHER, newData(`parent ${n}`)).done(OTHER, storeTerms(terms));
    const offer = { asset: data, terms: idOfTerms(terms), buyer: undefined, until: undefined };
    assets.done(OTHER, licensing.call.offer(offer));
    assets.done(OWNER, licensing.call.buy({ asset: data, offer: BigInt(n), most: 0n }));
    const waiver = { asset: data, owner: who(OWNER), terms: idOfTerms(own), clause: { tag: 'ShareAlike' as const } };
    assets.done(OTHER, licensing.call.waive(waiver));
    return parentOf('Data', BigInt(n), 'TrainedOn', BigInt(n));
  });
  return { assets, parents };
}
const sized = { unit: 'parent', from: 1, to: MAX_PARENTS };
/** A model of the owner, under terms, which `OTHER` may speak for. */
function withModel(count: number): { assets: Assets; parents: Parent[] } {
  const { assets, parents } = withParents(count);
  assets.done(OWNER, newModel(named('model'), { terms: idOfTerms(own) }));
  const roles = ROLE.metadata | ROLE.licensing;
  assets.done(OWNER, ownership.call.setDelegate({ asset: asset('Model', id), delegate: to(OTHER), roles }));
  return { assets, parents };
}

const DEPTH = 10;
const tensors = (model: number, count: number): NamedTensor[] =>
  Array.from({ length: count }, (_, n) => ({
    name: `${n === 0 ? 0 : model + 1}`.padEnd(MAX_TENSOR_NAME - 4, 'x') + String(n).padStart(4, '0'),
    dtype: 'x'.repeat(MAX_DTYPE),
    shape: Array.from({ length: MAX_RANK }, () => 1n),
    digest: named(n === 0 ? 'shared' : `${model} ${n}`),
  }));
/** Two models with trees of `2^depth` tensors each, the first of which they share. */
function sharing(depth: number): { assets: Assets; prove: ReturnType<typeof call.proveSharedTensor> } {
  const assets = new Assets();
  const proofs = [0, 1].map((model) => {
    const tree = new TensorTree(tensors(model, 2 ** depth));
    const shape = { root: tree.root, count: tree.tensors.length };
    assets.done(OTHER, newModel(named(`${model}`), { release: { ...release(`${model}`), tensors: shape } }));
    const { name } = tensors(model, 1)[0]!;
    return { model: BigInt(model), version: 0, name, ...tree.proofOf(name) };
  });
  const { name: _, ...content } = tensors(0, 1)[0]!;
  const tensor = { ...content, shape: [...content.shape] };
  return { assets, prove: call.proveSharedTensor({ tensor, first: proofs[0]!, second: proofs[1]! }) };
}
function heldLong(): Prepared {
  const { assets, prove } = sharing(0);
  assets.done(OWNER, prove);
  assets.chain.ctx.header.number += EVIDENCE_HOLD;
  return assets.by(OWNER, call.withdrawEvidence({ id }));
}

const register = call.registerAttester({ name: 'x'.repeat(MAX_ATTESTER_NAME), kinds: ALL_KINDS });
const admit = (until: number) => call.admitAttester({ who: to(OWNER), kinds: ALL_KINDS, until });
const claim = call.makeClaim({ asset: asset('Data', id), kind: { tag: 'Benchmark' }, digest: named('r'), until: 100 });
const attester = (): Assets => withData(false).done(OWNER, register);
const admitted = (): Assets => attester().done(undefined, admit(100));
function left(): Prepared {
  const assets = admitted().done(OWNER, call.leaveAttesters({}));
  assets.chain.ctx.header.number += 10_000_000;
  return assets.by(OWNER, call.withdrawBond({}));
}

/** The owner committed to data; since then each of its digests was registered by somebody else, who has as many others. */
function takenOver(count: number): Prepared {
  const assets = new Assets();
  const digests = cids(count);
  const [sha256, blake2b256] = [named('sha2-256'), named('blake2b-256')];
  const content = [
    { tag: 'Sha256' as const, value: sha256 },
    { tag: 'Blake2b256' as const, value: blake2b256 },
    ...digests,
  ];
  const [key, salt] = [contentKey({ tag: 'Data', value: content }), named('salt')];
  assets.done(OWNER, call.commit({ hash: commitmentOf(assets.chain.ctx, who(OWNER), key, salt) }));
  assets.done(OWNER, call.openCommitment({ key, salt }));
  assets.chain.ctx.header.number += COMMIT_AGE;
  const fillers = (n: number, many: number): Digest[] => cids(many).map((_, i) => cid(1_000 * (n + 1) + i));
  const copies = [{ sha256 }, { blake2b256 }, ...digests.map((digest) => ({ digest }))];
  copies.forEach((copy, n) => {
    const { digest, ...same } = { digest: undefined, ...copy };
    const own = digest === undefined ? fillers(n, MAX_DIGESTS) : [digest, ...fillers(n, MAX_DIGESTS - 1)];
    assets.done(OTHER, newData(`copy ${n}`, { ...same, digests: own }));
  });
  return assets.by(OWNER, newData('content', { sha256, blake2b256, digests, disclosure, optedOut: true }));
}

export const registryScenarios: readonly Scenario[] = [
  {
    call: 'Registry.registerData',
    size: { unit: 'digest', from: 0, to: MAX_DIGESTS },
    prepare: takenOver,
  },
  { call: 'Registry.disclose', prepare: () => withData(false).by(OWNER, call.disclose({ id, disclosure })) },
  { call: 'Registry.withdrawDisclosure', prepare: () => withData(true).by(OWNER, call.withdrawDisclosure({ id })) },
  { call: 'Registry.setOptOut', prepare: () => withData(true).by(OWNER, call.setOptOut({ id, optedOut: true })) },
  { call: 'Registry.addDigest', prepare: () => withData(true).by(OWNER, call.addDigest({ id, digest: cid(0) })) },
  { call: 'Registry.commit', prepare: () => new Assets().by(OWNER, call.commit({ hash: named('hash') })) },
  {
    call: 'Registry.openCommitment',
    prepare: () => {
      const assets = new Assets();
      const [key, salt] = [named('key'), named('salt')];
      const hash = commitmentOf(assets.chain.ctx, who(OWNER), key, salt);
      return assets.done(OWNER, call.commit({ hash })).by(OWNER, call.openCommitment({ key, salt }));
    },
  },
  {
    call: 'Registry.dropCommitment',
    prepare: () => {
      const hash = named('hash');
      return new Assets().done(OWNER, call.commit({ hash })).by(OWNER, call.dropCommitment({ hash }));
    },
  },
  {
    call: 'Registry.setCollective',
    prepare: () => withData(true).by(OWNER, call.setCollective({ id, collective: true })),
  },
  {
    call: 'Registry.registerModel',
    size: sized,
    prepare(count) {
      const { assets, parents } = withParents(count);
      return assets.by(
        OWNER,
        newModel(named('m'), { release: release('m'), ...version, terms: idOfTerms(own), parents }),
      );
    },
  },
  {
    call: 'Registry.releaseVersion',
    size: sized,
    prepare(count) {
      const { assets, parents } = withModel(count);
      return assets.by(OTHER, newVersion(id, named('v'), { release: release('v'), ...version, parents }));
    },
  },
  {
    call: 'Registry.deprecateVersion',
    prepare: () => withModel(0).assets.by(OTHER, call.deprecateVersion({ model: id, version: 0 })),
  },
  {
    call: 'Registry.declareParents',
    size: sized,
    prepare(count) {
      const { assets, parents } = withModel(count);
      return assets.by(OTHER, call.declareParents({ model: id, version: 0, parents }));
    },
  },
  {
    call: 'Registry.proveSharedTensor',
    size: { unit: 'hash', from: 0, to: 2 * DEPTH },
    prepare(hashes) {
      const { assets, prove } = sharing(hashes / 2);
      return assets.by(OWNER, prove);
    },
  },
  { call: 'Registry.withdrawEvidence', prepare: heldLong },
  { call: 'Registry.registerAttester', prepare: () => new Assets().by(OWNER, register) },
  { call: 'Registry.raiseBond', prepare: () => attester().by(OWNER, call.raiseBond({ amount: 1n })) },
  { call: 'Registry.admitAttester', prepare: () => attester().by(undefined, admit(100)) },
  {
    call: 'Registry.dismissAttester',
    prepare: () => admitted().by(undefined, call.dismissAttester({ who: to(OWNER) })),
  },
  {
    call: 'Registry.slashAttester',
    prepare: () => admitted().by(undefined, call.slashAttester({ who: to(OWNER), amount: 1n })),
  },
  { call: 'Registry.leaveAttesters', prepare: () => admitted().by(OWNER, call.leaveAttesters({})) },
  { call: 'Registry.withdrawBond', prepare: left },
  { call: 'Registry.makeClaim', prepare: () => admitted().by(OWNER, claim) },
  {
    call: 'Registry.revokeClaim',
    prepare: () => admitted().done(OWNER, claim).by(OWNER, call.revokeClaim({ id })),
  },
];
