import { bool, field, u32 } from '../../primitives/scale/index.ts';
import { accountId, balance, constant, defineState, event, h256, map, value } from '../support/index.ts';
import { contentDigest, data, dataId, MAX_PARENTS, model, modelId } from './types.ts';

/** Reserved of the owner for each entry, in units of 10^-6 TAC; goes along when the entry is transferred. */
export const DATA_DEPOSIT = 100_000n;
export const MODEL_DEPOSIT = 1_000_000n;
/** Reserved besides while something is disclosed. */
export const DISCLOSURE_DEPOSIT = 200_000n;

const owner = field(accountId, 'Whose it is.');
const from = field(accountId, 'Whose it was.');
const to = field(accountId, 'Whose it is now.');

export const state = defineState({
  name: 'Registry',
  index: 40,
  docs: 'Who owns which data and models, and which came from which.',
  storage: {
    data: map(dataId, data, { hasher: 'twox64Concat', docs: '$Data by number.' }),
    dataByDigest: map(contentDigest, dataId, { docs: 'The number of the data with a digest.' }),
    nextData: value(dataId, { default: 0n, docs: 'The number of the next $Data.' }),
    models: map(modelId, model, { hasher: 'twox64Concat', docs: '$Model by number.' }),
    modelByFingerprint: map(h256, modelId, { docs: 'The number of the model with a fingerprint.' }),
    nextModel: value(modelId, { default: 0n, docs: 'The number of the next $Model.' }),
  },
  events: {
    DataRegistered: event('$Data was minted.', {
      id: dataId,
      owner,
      digest: field(contentDigest, 'Digest of the content, which stays with its owner.'),
    }),
    DataDisclosed: event('The owner of $Data told something about it.', { id: dataId }),
    DisclosureWithdrawn: event('The owner of $Data took back what it had told.', { id: dataId }),
    OptOutSet: event('The owner of $Data allowed or refused training on it.', {
      id: dataId,
      optedOut: field(bool, 'Whether training is refused from now on.'),
    }),
    DataTransferred: event('$Data went to another owner, with its deposit.', { id: dataId, from, to }),
    ModelRegistered: event('A $Model was minted with its lineage.', {
      id: modelId,
      owner,
      fingerprint: field(h256, 'Root of the manifest of its files.'),
    }),
    ModelTransferred: event('A $Model went to another owner, with its deposit.', { id: modelId, from, to }),
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
    DataDeposit: constant(balance, DATA_DEPOSIT, 'Reserved for $Data.'),
    ModelDeposit: constant(balance, MODEL_DEPOSIT, 'Reserved for a $Model.'),
    DisclosureDeposit: constant(balance, DISCLOSURE_DEPOSIT, 'Reserved while something is disclosed.'),
    MaxParents: constant(u32, MAX_PARENTS, 'The most direct parents of a model.'),
  },
});
export type Registry = ReturnType<typeof state.use>;
