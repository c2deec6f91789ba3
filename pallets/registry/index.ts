import { bool, bounded, field, option, str, vec } from '../../primitives/scale/index.ts';
import { termsId } from '../licensing/types.ts';
import { asset } from '../ownership/types.ts';
import { balance, blockNumber, definePallet, ensure, h256, lookup, multiAddress } from '../support/index.ts';
import { apis } from './apis.ts';
import {
  admitAttester,
  dismissAttester,
  leaveAttesters,
  raiseBond,
  registerAttester,
  slashAttester,
  withdrawBond,
} from './attesters.ts';
import { checkRegistry } from './check.ts';
import { makeClaim, revokeClaim } from './claims.ts';
import { addDigest, disclose, optOut, registerData, setCollective, withdrawDisclosure } from './data.ts';
import { proveSharedTensor, withdrawEvidence } from './evidence.ts';
import { declareParents, deprecate, registerModel, releaseVersion } from './models.ts';
import { state } from './state.ts';
import * as types from './types.ts';
import { parentsWeight } from './weigh.ts';
import { weights } from './weights.ts';

const { dataId, modelId, versionNumber, parents, branchName, semver, release } = types;

/** $Data, $Portfolio and $Model: what there is, and what came from what. The content itself never touches the chain. */
export const registry = definePallet({
  ...state,
  calls: {
    registerData: {
      index: 0,
      docs: 'Mint $Data by digests of content that stays with its owner: sha2-256 and blake2b-256 of the same bytes, and others.',
      args: {
        sha256: field(h256, 'sha2-256 of the bytes.'),
        blake2b256: field(h256, 'blake2b-256 of the same bytes.'),
        digests: field(bounded(vec(types.digest), types.MAX_DIGESTS), 'Further digests, of other kinds.'),
        disclosure: option(types.disclosure),
        optedOut: field(bool, 'Refuse training on it.'),
        collective: field(bool, 'Let portfolios license it for training, for its weight of what they earn.'),
      },
      weight: ({ measured }, { digests }) => measured(weights.registerData, digests.length),
      run(pallet, args) {
        registerData(pallet, pallet.origin.signed(), args);
      },
    },
    disclose: {
      index: 1,
      docs: 'Tell something about $Data, in place of what was told before.',
      args: { id: dataId, disclosure: types.disclosure },
      weight: ({ measured }) => measured(weights.disclose),
      run(pallet, { id, disclosure }) {
        disclose(pallet, pallet.origin.signed(), id, disclosure);
      },
    },
    withdrawDisclosure: {
      index: 2,
      docs: 'Take back what was told about $Data. Past blocks keep it.',
      args: { id: dataId },
      weight: ({ measured }) => measured(weights.withdrawDisclosure),
      run(pallet, { id }) {
        withdrawDisclosure(pallet, pallet.origin.signed(), id);
      },
    },
    setOptOut: {
      index: 3,
      docs: 'Refuse training on $Data, or allow it: what names it as a parent from now on is bound by that, directly or by a portfolio.',
      args: { id: dataId, optedOut: bool },
      weight: ({ measured }) => measured(weights.setOptOut),
      run(pallet, { id, optedOut }) {
        optOut(pallet, pallet.origin.signed(), id, optedOut);
      },
    },
    addDigest: {
      index: 5,
      docs: 'Add a further digest to $Data.',
      args: { id: dataId, digest: types.digest },
      weight: ({ measured }) => measured(weights.addDigest),
      run(pallet, { id, digest }) {
        addDigest(pallet, pallet.origin.signed(), id, digest);
      },
    },
    setCollective: {
      index: 6,
      docs: 'Let portfolios license $Data for training under their own terms, for its weight of what they earn; or no longer.',
      args: { id: dataId, collective: bool },
      weight: ({ measured }) => measured(weights.setCollective),
      run(pallet, { id, collective }) {
        setCollective(pallet, pallet.origin.signed(), id, collective);
      },
    },
    registerModel: {
      index: 10,
      docs: 'Mint a $Model with its first version, its licence and its lineage, which is never rewritten.',
      args: {
        release,
        branch: branchName,
        semver,
        terms: field(
          option(termsId),
          'The licence that it is under, by the hash of stored terms; without it nothing is allowed to anyone.',
        ),
        parents,
      },
      weight: ({ measured }, { parents }) =>
        measured(weights.registerModel, parents.length) + parentsWeight(measured, parents),
      run(pallet, args) {
        registerModel(pallet, pallet.origin.signed(), args);
      },
    },
    releaseVersion: {
      index: 12,
      docs: 'Release a version of a model: higher than the last one of its branch, or the first of a branch. Parents need the role of licences besides.',
      args: {
        model: modelId,
        branch: branchName,
        semver,
        from: field(
          bounded(vec(versionNumber), 2),
          'The version that it continues, and the one that it merges if it does.',
        ),
        release,
        parents,
      },
      weight: ({ measured }, { parents }) =>
        measured(weights.releaseVersion, parents.length) + parentsWeight(measured, parents),
      run(pallet, { model, ...next }) {
        releaseVersion(pallet, pallet.origin.signed(), model, next);
      },
    },
    deprecateVersion: {
      index: 13,
      docs: 'Advise against a version. It stays.',
      args: { model: modelId, version: versionNumber },
      weight: ({ measured }) => measured(weights.deprecateVersion),
      run(pallet, { model, version }) {
        deprecate(pallet, pallet.origin.signed(), model, version);
      },
    },
    declareParents: {
      index: 14,
      docs: 'Name parents of a version that stands already, under their terms of today.',
      args: { model: modelId, version: versionNumber, parents },
      weight: ({ measured }, { parents }) =>
        measured(weights.declareParents, parents.length) + parentsWeight(measured, parents),
      run(pallet, { model, version, parents }) {
        declareParents(pallet, pallet.origin.signed(), model, version, parents);
      },
    },
    proveSharedTensor: {
      index: 20,
      docs: 'Prove that a tensor stands in two models, whatever it is called in them. The evidence is kept once; who proves it again keeps it from then on.',
      args: {
        tensor: types.tensor,
        first: field(types.tensorProof, 'Where it stands in one of them.'),
        second: field(types.tensorProof, 'Where it stands in the other.'),
      },
      weight: ({ measured }, { first, second }) =>
        measured(weights.proveSharedTensor, first.path.length + second.path.length),
      run(pallet, { tensor, first, second }) {
        proveSharedTensor(pallet, pallet.origin.signed(), tensor, [first, second]);
      },
    },
    withdrawEvidence: {
      index: 21,
      docs: 'Take back evidence that the caller has kept for as long as it must be, with its deposit.',
      args: { id: types.evidenceId },
      weight: ({ measured }) => measured(weights.withdrawEvidence),
      run(pallet, { id }) {
        withdrawEvidence(pallet, pallet.origin.signed(), id);
      },
    },
    registerAttester: {
      index: 30,
      docs: 'Offer to vouch for works, with a bond. The word counts once the chain has admitted the attester.',
      args: { name: bounded(str, types.MAX_ATTESTER_NAME), kinds: types.kinds },
      weight: ({ measured }) => measured(weights.registerAttester),
      run(pallet, { name, kinds }) {
        registerAttester(pallet, pallet.origin.signed(), name, kinds);
      },
    },
    raiseBond: {
      index: 31,
      docs: 'Put up more of a bond.',
      args: { amount: balance },
      weight: ({ measured }) => measured(weights.raiseBond),
      run(pallet, { amount }) {
        raiseBond(pallet, pallet.origin.signed(), amount);
      },
    },
    admitAttester: {
      index: 32,
      docs: 'Let the word of an attester count, or for longer. Only the chain itself may: by a proposal.',
      args: {
        who: multiAddress,
        kinds: types.kinds,
        until: field(blockNumber, 'The first block in which it no longer counts.'),
      },
      weight: ({ measured }) => measured(weights.admitAttester),
      run(pallet, { who, kinds, until }) {
        pallet.origin.root();
        admitAttester(pallet, lookup(who), kinds, until);
      },
    },
    dismissAttester: {
      index: 33,
      docs: 'End the admission of an attester; what it claimed holds no more from now on. Only the chain itself may.',
      args: { who: multiAddress },
      weight: ({ measured }) => measured(weights.dismissAttester),
      run(pallet, { who }) {
        pallet.origin.root();
        dismissAttester(pallet, lookup(who));
      },
    },
    slashAttester: {
      index: 36,
      docs: 'Burn a part of the bond of an attester that has lied, at most what is left. Only the chain itself may: by a proposal.',
      args: { who: multiAddress, amount: field(balance, 'How much at most.') },
      weight: ({ measured }) => measured(weights.slashAttester),
      run(pallet, { who, amount }) {
        pallet.origin.root();
        ensure(slashAttester(pallet.ctx, lookup(who), amount) > 0n, pallet.errors.NoBond);
      },
    },
    leaveAttesters: {
      index: 34,
      docs: 'Leave the attesters: the word counts no more, and the bond is free after a while.',
      args: {},
      weight: ({ measured }) => measured(weights.leaveAttesters),
      run(pallet) {
        leaveAttesters(pallet, pallet.origin.signed());
      },
    },
    withdrawBond: {
      index: 35,
      docs: 'Take the bond back, once it is free.',
      args: {},
      weight: ({ measured }) => measured(weights.withdrawBond),
      run(pallet) {
        withdrawBond(pallet, pallet.origin.signed());
      },
    },
    makeClaim: {
      index: 40,
      docs: 'Vouch for an asset, by the digest of a report. Its fee is burned: claims are kept for good.',
      args: {
        asset,
        kind: types.claimKind,
        digest: field(h256, 'sha2-256 of the report.'),
        until: field(blockNumber, 'The first block in which it no longer holds.'),
      },
      weight: ({ measured }) => measured(weights.makeClaim),
      run(pallet, args) {
        makeClaim(pallet, pallet.origin.signed(), args);
      },
    },
    revokeClaim: {
      index: 41,
      docs: 'Take a claim back from now on. Blocks before keep it.',
      args: { id: types.claimId },
      weight: ({ measured }) => measured(weights.revokeClaim),
      run(pallet, { id }) {
        revokeClaim(pallet, pallet.origin.signed(), id);
      },
    },
  },
  *deposits({ store }) {
    for (const [, { by, deposit }] of store.evidence.entries()) yield [by, deposit];
    for (const [[who], { bond }] of store.attesters.entries()) yield [who, bond];
  },
  tryState: checkRegistry,
  apis,
});

export { registeredAt } from './apis.ts';
export { isAdmittedFor, slashAttester } from './attesters.ts';
export { claimOf, isValidAt } from './claims.ts';
export { dataOf } from './data.ts';
export { evidenceOf, sharedTensorsOf } from './evidence.ts';
export * from './fees.ts';
export { type ParentLink, parentsOf } from './lineage.ts';
export { modelByFingerprint, modelOf } from './models.ts';
export { mintPortfolio, portfolioOf } from './portfolios.ts';
export { EVIDENCE_HOLD } from './state.ts';
export * from './types.ts';
export { versionOf } from './versions.ts';
