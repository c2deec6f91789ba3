import { u32 } from '../../primitives/scale/index.ts';
import { asset } from '../ownership/types.ts';
import { accountId, balance, blockNumber, constant, defineState, h256, map, value } from '../support/index.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import {
  CLAIM_FEE,
  COMMIT_FEE,
  COMMITMENT_DEPOSIT,
  DATA_DEPOSIT,
  DIGEST_DEPOSIT,
  DISCLOSURE_DEPOSIT,
  ENTRY_DEPOSIT,
  EVIDENCE_DEPOSIT,
  LINK_FEE,
  MODEL_DEPOSIT,
  PORTFOLIO_DEPOSIT,
  VERSION_FEE,
} from './fees.ts';
import * as types from './types.ts';

const { attester, admission, child, claim, claimId, data, dataId, digest, evidence, evidenceId } = types;
const { branchName, model, modelId, modelVersion, portfolio, portfolioId, version } = types;

/** Evidence stands at least so long after who keeps it put up the deposit: longer than a dispute and its appeals last. 30 days of blocks. */
export const EVIDENCE_HOLD = 1_296_000;

/** A commitment is so much older than what it takes over from: longer than a registration waits in the pool. Ten minutes of blocks. */
export const COMMIT_AGE = 300;
/** For so long a commitment counts: nobody lies in wait for what others register without renewing it. A day of blocks. */
export const COMMIT_LIFE = 43_200;

const byNumber = { hasher: 'twox64Concat' } as const;

export const state = defineState({
  name: 'Registry',
  index: 40,
  docs: 'Which data, portfolios and models there are, and which came from which. Whose they are is told by `Ownership`.',
  storage: {
    data: map(dataId, data, { ...byNumber, docs: '$Data by number.' }),
    dataByDigest: map(digest, dataId, { docs: 'The number of the data with a digest.' }),
    nextData: value(dataId, { default: 0n, docs: 'The number of the next $Data.' }),
    commitments: map([accountId, h256], blockNumber, {
      hasher: 'blake2_128Concat',
      docs: 'When an account has committed to a registration, by the hash.',
    }),
    opened: map([accountId, h256], blockNumber, {
      hasher: 'blake2_128Concat',
      docs: 'When an account has committed to what it has shown by now, by the key of the content.',
    }),
    commitmentCount: map(accountId, u32, { default: 0, docs: 'How many commitments of an account wait.' }),
    dataSince: map(dataId, blockNumber, { ...byNumber, docs: 'Since when data count that were committed to before.' }),
    versionSince: map([modelId, u32], blockNumber, {
      ...byNumber,
      docs: 'The same of a version of a model.',
    }),
    dataTaken: map(dataId, dataId, {
      ...byNumber,
      docs: 'Data that have lost their digests, and to which data that were committed to earlier.',
    }),
    versionTaken: map([modelId, u32], modelVersion, {
      ...byNumber,
      docs: 'Versions that have lost their fingerprint, and to which version that was committed to earlier.',
    }),
    portfolios: map(portfolioId, portfolio, { ...byNumber, docs: '$Portfolio by number.' }),
    nextPortfolio: value(portfolioId, { default: 0n, docs: 'The number of the next $Portfolio.' }),
    models: map(modelId, model, { ...byNumber, docs: '$Model by number.' }),
    nextModel: value(modelId, { default: 0n, docs: 'The number of the next $Model.' }),
    versions: map([modelId, u32], version, {
      ...byNumber,
      docs: 'Versions of a model, in the order of their release.',
    }),
    branches: map([modelId, branchName], u32, {
      hasher: ['twox64Concat', 'blake2_128Concat'],
      docs: 'The last version of a branch of a model.',
    }),
    fingerprints: map(h256, modelVersion, { docs: 'The version of a model with a fingerprint.' }),
    links: map(modelId, types.links, {
      ...byNumber,
      default: [],
      docs: 'Parents of a model, in the order in which they were named. Entries are added and never changed.',
    }),
    children: map([asset, u32], child, { ...byNumber, docs: 'What came from an asset, in order.' }),
    childCount: map(asset, u32, { ...byNumber, default: 0, docs: 'How much came from an asset.' }),
    evidence: map(evidenceId, evidence, { ...byNumber, docs: 'Tensors that stand in two models.' }),
    nextEvidence: value(evidenceId, { default: 0n, docs: 'The number of the next evidence.' }),
    evidenceByTensor: map([modelId, modelId, h256], evidenceId, {
      hasher: ['twox64Concat', 'twox64Concat', 'blake2_128Concat'],
      docs: 'The evidence of two models, the older first, for a tensor by its hash.',
    }),
    sharedCount: map([modelId, modelId], u32, {
      ...byNumber,
      default: 0,
      docs: 'For how many tensors there is evidence that two models have them, the older first.',
    }),
    modelEvidence: map([modelId, u32], evidenceId, {
      ...byNumber,
      docs: 'Evidence about a model, in order; what was withdrawn leaves a gap.',
    }),
    modelEvidenceCount: map(modelId, u32, {
      ...byNumber,
      default: 0,
      docs: 'How many places the list of evidence about a model has.',
    }),
    attesters: map(accountId, attester, { docs: 'Who vouches for works.' }),
    admissions: map([accountId, u32], admission, {
      hasher: ['blake2_128Concat', 'twox64Concat'],
      docs: 'The times for which an attester was admitted, in order. Kept for good.',
    }),
    admissionCount: map(accountId, u32, { default: 0, docs: 'How often an attester was admitted.' }),
    claims: map(claimId, claim, { ...byNumber, docs: 'What attesters said of assets. Kept for good.' }),
    nextClaim: value(claimId, { default: 0n, docs: 'The number of the next claim.' }),
    assetClaims: map([asset, u32], claimId, { ...byNumber, docs: 'Claims about an asset, in order.' }),
    assetClaimCount: map(asset, u32, { ...byNumber, default: 0, docs: 'How many claims there are about an asset.' }),
  },
  events,
  errors,
  constants: {
    DataDeposit: constant(balance, DATA_DEPOSIT, 'Reserved for $Data.'),
    DigestDeposit: constant(balance, DIGEST_DEPOSIT, 'Reserved for each further digest.'),
    DisclosureDeposit: constant(balance, DISCLOSURE_DEPOSIT, 'Reserved while something is disclosed.'),
    PortfolioDeposit: constant(balance, PORTFOLIO_DEPOSIT, 'Reserved for a $Portfolio.'),
    EntryDeposit: constant(balance, ENTRY_DEPOSIT, 'Reserved for each item and each curator of a $Portfolio.'),
    ModelDeposit: constant(balance, MODEL_DEPOSIT, 'Reserved for a $Model with its first version.'),
    EvidenceDeposit: constant(balance, EVIDENCE_DEPOSIT, 'Reserved of who keeps evidence of a shared tensor.'),
    EvidenceHold: constant(blockNumber, EVIDENCE_HOLD, 'How long evidence stands at least.'),
    VersionFee: constant(balance, VERSION_FEE, 'Burned for a further version: it stands for good.'),
    LinkFee: constant(balance, LINK_FEE, 'Burned for a parent that is named: it stands for good.'),
    ClaimFee: constant(balance, CLAIM_FEE, 'Burned for a claim: it stands for good.'),
    CommitmentDeposit: constant(balance, COMMITMENT_DEPOSIT, 'Reserved for a commitment to a registration.'),
    CommitFee: constant(balance, COMMIT_FEE, 'Burned of it when a registration uses it.'),
    CommitAge: constant(
      blockNumber,
      COMMIT_AGE,
      'How much older a commitment is than what it takes over from, at least.',
    ),
    CommitLife: constant(blockNumber, COMMIT_LIFE, 'For how many blocks a commitment counts.'),
    MaxCommitments: constant(u32, types.MAX_COMMITMENTS, 'The most commitments of one account.'),
    MaxParents: constant(u32, types.MAX_PARENTS, 'The most parents that one call names.'),
    MaxLinks: constant(u32, types.MAX_LINKS, 'The most parents of a model.'),
    MaxItems: constant(u32, types.MAX_ITEMS, 'The most items of a portfolio.'),
    MaxWalk: constant(u32, types.MAX_WALK, 'The most that one walk over lineage looks at.'),
  },
});
export type Registry = ReturnType<typeof state.use>;
