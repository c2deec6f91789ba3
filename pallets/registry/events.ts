/** What happened in the registry. Titles, shares and opt-outs are told by `Ownership`. */
import { bool, bounded, field, str, u32, vec } from '../../primitives/scale/index.ts';
import { asset } from '../ownership/types.ts';
import { accountId, balance, blockNumber, event, h256 } from '../support/index.ts';
import {
  branchName,
  claimId,
  claimKind,
  dataId,
  digest,
  evidenceId,
  kinds,
  link,
  MAX_ATTESTER_NAME,
  MAX_PARENTS,
  modelId,
  modelVersion,
  portfolioId,
  semver,
  versionNumber,
} from './types.ts';

const owner = field(accountId, 'Whose it is.');
const attester = field(accountId, 'Which attester.');

export const events = {
  DataRegistered: event('$Data was minted.', {
    id: dataId,
    owner,
    sha256: field(h256, 'sha2-256 of the content, which stays with its owner.'),
    blake2b256: field(h256, 'blake2b-256 of the same.'),
  }),
  DigestAdded: event('$Data got a further digest.', { id: dataId, digest: field(digest, 'Which.') }),
  DataDisclosed: event('The owner of $Data told something about it.', { id: dataId }),
  DisclosureWithdrawn: event('The owner of $Data took back what it had told.', { id: dataId }),
  CollectiveSet: event('The owner of $Data let portfolios license it for training, or no longer.', {
    id: dataId,
    collective: field(bool, 'Whether they may from now on.'),
  }),
  PortfolioMinted: event('A $Portfolio was minted.', {
    id: portfolioId,
    owner,
    items: field(u32, 'How many data it has.'),
  }),
  ModelRegistered: event('A $Model was minted with its first version.', {
    id: modelId,
    owner,
    fingerprint: field(h256, 'Root of the manifest of its files.'),
  }),
  VersionReleased: event('A version of a $Model was released.', {
    model: modelId,
    version: versionNumber,
    branch: branchName,
    semver: field(semver, 'Its number.'),
  }),
  VersionDeprecated: event('The owner advises against a version.', { model: modelId, version: versionNumber }),
  ParentsNamed: event('A model named parents, under the terms of the day.', {
    model: modelId,
    links: field(bounded(vec(link), MAX_PARENTS), 'What was added to its lineage.'),
  }),
  TensorShared: event('Two models were proved to have a tensor in common.', {
    id: evidenceId,
    first: field(modelId, 'The older model.'),
    second: field(modelId, 'The younger one.'),
    by: field(accountId, 'Who keeps the evidence.'),
  }),
  EvidenceWithdrawn: event('Who kept evidence took it and its deposit back.', { id: evidenceId }),
  AttesterRegistered: event('An attester put up its bond; its word counts once it is admitted.', {
    attester,
    name: field(bounded(str, MAX_ATTESTER_NAME), 'What it calls itself.'),
    bond: field(balance, 'What it put up.'),
  }),
  BondRaised: event('An attester put up more.', { attester, bond: field(balance, 'All of its bond now.') }),
  AttesterAdmitted: event('Governance admitted an attester.', {
    attester,
    kinds,
    until: field(blockNumber, 'The first block in which its word no longer counts.'),
  }),
  AttesterDismissed: event('Governance dismissed an attester.', { attester }),
  AttesterLeft: event('An attester left.', {
    attester,
    free: field(blockNumber, 'The first block in which it may take its bond.'),
  }),
  AttesterSlashed: event('An attester lost of its bond.', { attester, amount: field(balance, 'How much.') }),
  BondWithdrawn: event('An attester that had left took its bond.', { attester, bond: field(balance, 'How much.') }),
  Claimed: event('An attester vouched for an asset.', {
    id: claimId,
    attester,
    asset: field(asset, 'For which.'),
    kind: field(claimKind, 'In what way.'),
  }),
  ClaimRevoked: event('An attester took back what it had claimed.', { id: claimId }),
  ClaimStruck: event('A ruling holds that a claim is false: it holds no more.', { id: claimId }),
  ClaimRestored: event('A later ruling holds that a claim is not false: it is what it was.', { id: claimId }),
  RegistrationCommitted: event('An account committed to something that it will register.', {
    who: field(accountId, 'Who did.'),
    hash: field(h256, 'The hash, which tells nothing.'),
  }),
  CommitmentOpened: event('An account has shown what it committed to, by the key of the content.', {
    who: field(accountId, 'Who did.'),
    key: field(h256, 'The key of the content.'),
    block: field(blockNumber, 'When it committed: a registration of the content counts since then.'),
  }),
  CommitmentDropped: event('An account took a commitment back; its deposit is back.', {
    who: field(accountId, 'Who did.'),
    hash: field(h256, 'The hash, or the key that it was opened with.'),
  }),
  DataTaken: event('Data lost their digests to data that were committed to before them.', {
    id: field(dataId, 'Which data.'),
    by: field(dataId, 'Which data have them now.'),
  }),
  FingerprintTaken: event('A version lost its fingerprint to one that was committed to before it.', {
    version: field(modelVersion, 'Which version.'),
    by: field(modelVersion, 'Which version has it now.'),
  }),
};
