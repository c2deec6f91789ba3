/** What clients ask of the registry. Every answer that could be long is a page, and every walk is bounded. */
import { bool, field, option, struct, u32, vec } from '../../primitives/scale/index.ts';
import type { Asset } from '../ownership/index.ts';
import { asset } from '../ownership/types.ts';
import { type Api, accountId, blockNumber, type Context, h256, method } from '../support/index.ts';
import { childrenOf } from './children.ts';
import { claimOf, claimsAt, isValidAt } from './claims.ts';
import { commitmentOf, contentKey } from './commitments.ts';
import { dataOf } from './data.ts';
import { evidenceOf, sharedTensorsOf } from './evidence.ts';
import { modelByFingerprint, modelOf } from './models.ts';
import { portfolioOf } from './portfolios.ts';
import { state } from './state.ts';
import * as types from './types.ts';
import { versionOf } from './versions.ts';
import { ancestorsOf, descendantsOf } from './walks.ts';

const { dataId, modelId, portfolioId, versionNumber, MAX_BRANCHES, MAX_PAGE } = types;
const page = {
  from: field(u32, 'The first place.'),
  limit: field(u32, 'How many at most; no answer has more than 256.'),
};
const atBlock = field(blockNumber, 'In which block.');

/** What stands at the places of a page. */
function pageOf<T>(count: number, from: number, limit: number, at: (place: number) => T | undefined): T[] {
  const found: T[] = [];
  const end = Math.min(count, from + Math.min(limit, MAX_PAGE));
  for (let place = from; place < end; place++) {
    const entry = at(place);
    if (entry !== undefined) found.push(entry);
  }
  return found;
}

function branchesOf(ctx: Context, model: bigint): { name: string; tip: number }[] {
  const tips = [...state.use(ctx).store.branches.entries(model)].slice(0, MAX_BRANCHES);
  return tips.map(([[, name], tip]) => ({ name, tip })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function evidenceAbout(ctx: Context, model: bigint, from: number, limit: number): types.Evidence[] {
  const { store } = state.use(ctx);
  return pageOf(store.modelEvidenceCount.get(model), from, limit, (place) => {
    const id = store.modelEvidence.get(model, place);
    return id === undefined ? undefined : evidenceOf(ctx, id);
  });
}

/** When an asset was registered or minted. */
export function registeredAt(ctx: Context, asset: Asset): number | undefined {
  if (asset.tag === 'Data') return dataOf(ctx, asset.value)?.block;
  return (asset.tag === 'Model' ? modelOf(ctx, asset.value) : portfolioOf(ctx, asset.value))?.block;
}

const registryApi: Api = {
  version: 2,
  docs: 'What there is, and what came from what.',
  methods: {
    data: method({
      docs: '$Data by number.',
      inputs: { id: dataId },
      output: option(types.data),
      run: (ctx, { id }): types.Data | undefined => dataOf(ctx, id),
    }),
    portfolio: method({
      docs: '$Portfolio by number.',
      inputs: { id: portfolioId },
      output: option(types.portfolio),
      run: (ctx, { id }): types.Portfolio | undefined => portfolioOf(ctx, id),
    }),
    model: method({
      docs: '$Model by number.',
      inputs: { id: modelId },
      output: option(types.model),
      run: (ctx, { id }): types.Model | undefined => modelOf(ctx, id),
    }),
    dataByDigest: method({
      docs: 'The number of the $Data with a digest.',
      inputs: { digest: types.digest },
      output: option(dataId),
      run: (ctx, { digest }): bigint | undefined => state.use(ctx).store.dataByDigest.get(digest),
    }),
    modelByFingerprint: method({
      docs: 'The version of a $Model with a fingerprint.',
      inputs: { fingerprint: h256 },
      output: option(types.modelVersion),
      run: (ctx, { fingerprint }): types.ModelVersion | undefined => modelByFingerprint(ctx, fingerprint),
    }),
    commitment: method({
      docs: 'The key of what is to be registered, and the hash by which an account commits to it. Ask a node of your own: who knows the salt can tell.',
      inputs: { who: accountId, content: types.content, salt: h256 },
      output: struct('tacit_registry::Commitment', {
        key: field(h256, 'The key of the content.'),
        hash: field(h256, 'The commitment.'),
      }),
      run: (ctx, { who, content, salt }) => {
        const key = contentKey(content);
        return { key, hash: commitmentOf(ctx, who, key, salt) };
      },
    }),
    registeredAt: method({
      docs: 'The block in which an asset was registered.',
      inputs: { asset },
      output: option(blockNumber),
      run: (ctx, { asset }): number | undefined => registeredAt(ctx, asset),
    }),
    versions: method({
      docs: 'Versions of a model, in the order of their release.',
      inputs: { model: modelId, ...page },
      output: vec(types.version),
      run: (ctx, { model, from, limit }): types.Version[] =>
        pageOf(modelOf(ctx, model)?.versions ?? 0, from, limit, (place) => versionOf(ctx, model, place)),
    }),
    version: method({
      docs: 'A version of a model.',
      inputs: { model: modelId, version: versionNumber },
      output: option(types.version),
      run: (ctx, { model, version }): types.Version | undefined => versionOf(ctx, model, version),
    }),
    branches: method({
      docs: 'The branches of a model, with the last version of each; at most 64.',
      inputs: { model: modelId },
      output: vec(types.branchTip),
      run: (ctx, { model }) => branchesOf(ctx, model),
    }),
    parents: method({
      docs: 'The parents of a model, in the order in which they were named; at most 64.',
      inputs: { model: modelId },
      output: vec(types.link),
      run: (ctx, { model }): types.Link[] => state.use(ctx).store.links.get(model),
    }),
    children: method({
      docs: 'What came from an asset directly, in order.',
      inputs: { asset, ...page },
      output: vec(types.child),
      run: (ctx, { asset, from, limit }): types.Child[] =>
        childrenOf(state.use(ctx), asset, from, Math.min(limit, MAX_PAGE)),
    }),
    ancestors: method({
      docs: 'All that an asset comes from, the nearest first. One call looks at 4,096 assets and links, and says if there are more.',
      inputs: { asset, ...page },
      output: types.family,
      run: (ctx, { asset, from, limit }): types.Family => ancestorsOf(ctx, asset, from, limit),
    }),
    descendants: method({
      docs: 'All that came from an asset, the nearest first. One call looks at 4,096 assets and links, and says if there are more.',
      inputs: { asset, ...page },
      output: types.family,
      run: (ctx, { asset, from, limit }): types.Family => descendantsOf(ctx, asset, from, limit),
    }),
  },
};

const evidenceApi: Api = {
  version: 1,
  docs: 'What is proved and what is vouched for.',
  methods: {
    evidence: method({
      docs: 'Evidence by number.',
      inputs: { id: types.evidenceId },
      output: option(types.evidence),
      run: (ctx, { id }): types.Evidence | undefined => evidenceOf(ctx, id),
    }),
    about: method({
      docs: 'Evidence about a model, with any other one, in order; what was withdrawn is left out.',
      inputs: { model: modelId, ...page },
      output: vec(types.evidence),
      run: (ctx, { model, from, limit }): types.Evidence[] => evidenceAbout(ctx, model, from, limit),
    }),
    sharedTensors: method({
      docs: 'For how many tensors there is evidence that two models have them.',
      inputs: { a: modelId, b: modelId },
      output: u32,
      run: (ctx, { a, b }): number => sharedTensorsOf(ctx, a, b),
    }),
    attester: method({
      docs: 'An attester.',
      inputs: { who: accountId },
      output: option(types.attester),
      run: (ctx, { who }): types.Attester | undefined => state.use(ctx).store.attesters.get(who),
    }),
    admissions: method({
      docs: 'The times for which an attester was admitted.',
      inputs: { who: accountId, ...page },
      output: vec(types.admission),
      run: (ctx, { who, from, limit }): types.Admission[] => {
        const { store } = state.use(ctx);
        return pageOf(store.admissionCount.get(who), from, limit, (place) => store.admissions.get(who, place));
      },
    }),
    claim: method({
      docs: 'A claim by number.',
      inputs: { id: types.claimId },
      output: option(types.claim),
      run: (ctx, { id }): types.Claim | undefined => claimOf(ctx, id),
    }),
    validAt: method({
      docs: 'Whether a claim held in a block.',
      inputs: { id: types.claimId, block: atBlock },
      output: bool,
      run: (ctx, { id, block }): boolean => {
        const claim = claimOf(ctx, id);
        return claim !== undefined && isValidAt(ctx, claim, block);
      },
    }),
    claims: method({
      docs: 'Claims about an asset, each with whether it held in a block.',
      inputs: { asset, block: atBlock, ...page },
      output: vec(types.judgedClaim),
      run: (ctx, { asset, block, from, limit }): types.JudgedClaim[] =>
        claimsAt(ctx, asset, block, from, Math.min(limit, MAX_PAGE)),
    }),
  },
};

export const apis: Record<string, Api> = { RegistryApi: registryApi, EvidenceApi: evidenceApi };
