import { bool, bounded, option, str, vec } from '../../primitives/scale/index.ts';
import { reserve, unreserve } from '../balances/index.ts';
import { type Context, definePallet, ensure, h256, lookup, method, multiAddress } from '../support/index.ts';
import { held } from './held.ts';
import { checkParents, depositOf, handOver, ownedData, ownedModel } from './rules.ts';
import { DATA_DEPOSIT, DISCLOSURE_DEPOSIT, MODEL_DEPOSIT, state } from './state.ts';
import {
  contentDigest,
  type Data,
  data,
  dataId,
  disclosure,
  MAX_LICENCE,
  MAX_PARENTS,
  type Model,
  model,
  modelId,
  parent,
} from './types.ts';
import { weights } from './weights.ts';

/** $Data and $Model: who owns what, and what came from what. The content itself never touches the chain. */
export const registry = definePallet({
  ...state,
  ...held,
  calls: {
    registerData: {
      index: 0,
      docs: 'Mint $Data by the digest of content that stays with its owner.',
      args: { digest: contentDigest, disclosure: option(disclosure), optedOut: bool },
      weight: ({ measured }) => measured(weights.registerData),
      run({ ctx, store, origin, events, errors }, { digest, disclosure, optedOut }) {
        const owner = origin.signed();
        ensure(!store.dataByDigest.has(digest), errors.AlreadyRegistered);
        const entry: Data = { owner, digest, disclosure, optedOut };
        reserve(ctx, owner, depositOf(entry));
        const id = store.nextData.get();
        store.nextData.put(id + 1n);
        store.data.put(id, entry);
        store.dataByDigest.put(digest, id);
        events.DataRegistered({ id, owner, digest });
      },
    },
    disclose: {
      index: 1,
      docs: 'Tell something about $Data, in place of what was told before.',
      args: { id: dataId, disclosure },
      weight: ({ measured }) => measured(weights.disclose),
      run({ origin, ...registry }, { id, disclosure }) {
        const owner = origin.signed();
        const found = ownedData(registry, id, owner);
        if (found.disclosure === undefined) reserve(registry.ctx, owner, DISCLOSURE_DEPOSIT);
        registry.store.data.put(id, { ...found, disclosure });
        registry.events.DataDisclosed({ id });
      },
    },
    withdrawDisclosure: {
      index: 2,
      docs: 'Take back what was told about $Data. Past blocks keep it.',
      args: { id: dataId },
      weight: ({ measured }) => measured(weights.withdrawDisclosure),
      run({ origin, ...registry }, { id }) {
        const { ctx, store, events, errors } = registry;
        const owner = origin.signed();
        const found = ownedData(registry, id, owner);
        ensure(found.disclosure !== undefined, errors.NothingDisclosed);
        unreserve(ctx, owner, DISCLOSURE_DEPOSIT);
        store.data.put(id, { ...found, disclosure: undefined });
        events.DisclosureWithdrawn({ id });
      },
    },
    setOptOut: {
      index: 3,
      docs: 'Allow or refuse training on $Data; models registered from now on are bound by it.',
      args: { id: dataId, optedOut: bool },
      weight: ({ measured }) => measured(weights.setOptOut),
      run({ origin, ...registry }, { id, optedOut }) {
        const found = ownedData(registry, id, origin.signed());
        registry.store.data.put(id, { ...found, optedOut });
        registry.events.OptOutSet({ id, optedOut });
      },
    },
    transferData: {
      index: 4,
      docs: 'Give $Data to another account; its deposit goes along.',
      args: { id: dataId, to: multiAddress },
      weight: ({ measured }) => measured(weights.transferData),
      run({ origin, ...registry }, { id, to }) {
        const from = origin.signed();
        const receiver = lookup(to);
        const found = ownedData(registry, id, from);
        handOver(registry.ctx, from, receiver, depositOf(found));
        registry.store.data.put(id, { ...found, owner: receiver });
        registry.events.DataTransferred({ id, from, to: receiver });
      },
    },
    registerModel: {
      index: 10,
      docs: 'Mint a $Model with its lineage, which is never rewritten.',
      args: {
        fingerprint: h256,
        architecture: h256,
        licence: bounded(str, MAX_LICENCE),
        parents: bounded(vec(parent), MAX_PARENTS),
      },
      weight: ({ measured }, { parents }) => measured(weights.registerModel, parents.length),
      run({ origin, ...registry }, args) {
        const { ctx, store, events, errors } = registry;
        const owner = origin.signed();
        ensure(!store.modelByFingerprint.has(args.fingerprint), errors.AlreadyRegistered);
        checkParents(registry, args.parents);
        reserve(ctx, owner, MODEL_DEPOSIT);
        const id = store.nextModel.get();
        store.nextModel.put(id + 1n);
        store.models.put(id, { owner, ...args });
        store.modelByFingerprint.put(args.fingerprint, id);
        events.ModelRegistered({ id, owner, fingerprint: args.fingerprint });
      },
    },
    transferModel: {
      index: 11,
      docs: 'Give a $Model to another account; its deposit goes along.',
      args: { id: modelId, to: multiAddress },
      weight: ({ measured }) => measured(weights.transferModel),
      run({ origin, ...registry }, { id, to }) {
        const from = origin.signed();
        const receiver = lookup(to);
        const found = ownedModel(registry, id, from);
        handOver(registry.ctx, from, receiver, MODEL_DEPOSIT);
        registry.store.models.put(id, { ...found, owner: receiver });
        registry.events.ModelTransferred({ id, from, to: receiver });
      },
    },
  },
  apis: {
    RegistryApi: {
      version: 1,
      docs: 'Who owns what, and what came from what.',
      methods: {
        data: method({
          docs: '$Data by number.',
          inputs: { id: dataId },
          output: option(data),
          run: (ctx, { id }): Data | undefined => state.use(ctx).store.data.get(id),
        }),
        model: method({
          docs: '$Model by number.',
          inputs: { id: modelId },
          output: option(model),
          run: (ctx, { id }) => modelOf(ctx, id),
        }),
      },
    },
  },
});

/** The model with a number: who owns it decides over its rounds. */
export function modelOf(ctx: Context, id: bigint): Model | undefined {
  return state.use(ctx).store.models.get(id);
}

export { DATA_DEPOSIT, DISCLOSURE_DEPOSIT, MODEL_DEPOSIT };
export { dataId, modelId };
export type { Data, Model };
