import { bool, u32, u64, u128 } from '../../primitives/scale/index.ts';
import { accountId, constant, defineState, h256, map, value } from '../support/index.ts';
import { contentDigest, data, MAX_PARENTS, model } from './types.ts';

/** Reserved of the owner for each entry, in units of 10^-6 TAC; goes along when the entry is transferred. */
export const DATA_DEPOSIT = 100_000n;
export const MODEL_DEPOSIT = 1_000_000n;
/** Reserved besides while something is disclosed. */
export const DISCLOSURE_DEPOSIT = 200_000n;

export const state = defineState({
  name: 'Registry',
  index: 40,
  docs: 'Who owns which data and models, and which came from which.',
  storage: {
    data: map(u64, data, { hasher: 'twox64Concat', docs: '$Data by number.' }),
    dataByDigest: map(contentDigest, u64, { docs: 'The number of the data with a digest.' }),
    nextData: value(u64, { default: 0n }),
    models: map(u64, model, { hasher: 'twox64Concat', docs: '$Model by number.' }),
    modelByFingerprint: map(h256, u64, { docs: 'The number of the model with a fingerprint.' }),
    nextModel: value(u64, { default: 0n }),
  },
  events: {
    DataRegistered: { id: u64, owner: accountId, digest: contentDigest },
    DataDisclosed: { id: u64 },
    DisclosureWithdrawn: { id: u64 },
    OptOutSet: { id: u64, optedOut: bool },
    DataTransferred: { id: u64, from: accountId, to: accountId },
    ModelRegistered: { id: u64, owner: accountId, fingerprint: h256 },
    ModelTransferred: { id: u64, from: accountId, to: accountId },
  },
  errors: {
    UnknownData: 'No data has this number.',
    UnknownModel: 'No model has this number.',
    AlreadyRegistered: 'The digest or fingerprint is registered already.',
    NotOwner: 'The caller is not the owner.',
    NothingDisclosed: 'Nothing is disclosed.',
    OptedOut: 'The owner of a parent does not allow training on it.',
    DuplicateParent: 'A parent is named twice.',
  },
  constants: {
    DataDeposit: constant(u128, DATA_DEPOSIT, 'Reserved for $Data.'),
    ModelDeposit: constant(u128, MODEL_DEPOSIT, 'Reserved for a $Model.'),
    DisclosureDeposit: constant(u128, DISCLOSURE_DEPOSIT, 'Reserved while something is disclosed.'),
    MaxParents: constant(u32, MAX_PARENTS, 'The most direct parents of a model.'),
  },
});
export type Registry = ReturnType<typeof state.use>;
