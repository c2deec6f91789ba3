/** 4: a child whose terms keep back more than its parent's is refused with the clause named, and accepted after a waiver. */
import { field, type Stage } from '../stage.ts';
import { buy, digestOf, nameOf, offer, PRICES, SHARES, storeTerms, TIERS } from '../terms.ts';
import { lower, type Trained } from './training.ts';

const CHAPTER = 4;
const CLAUSE = 'SameTerms';

/** @returns the number of the child */
export async function restrictiveChild(stage: Stage, trained: Trained, fineTuneOffer: number): Promise<number> {
  const { Rolf, Theo, Victor } = stage.people;
  const asset = { Model: trained.model };
  const sale = { chapter: CHAPTER, step: 'rolf', who: Rolf, asset, offer: fineTuneOffer };
  const [grant, terms] = await Promise.all([
    buy(stage, { ...sale, price: PRICES.fineTune, tiers: TIERS.toChange }),
    storeTerms(stage, CHAPTER, Rolf, 'child'),
  ]);
  const link = { asset, relation: 'FinetunedFrom', grant };
  const parents = [{ ...link, mostBps: SHARES.trained, mostInAll: null }];
  const fingerprint = digestOf('weights', 'child');
  const release = { fingerprint, architecture: digestOf('architecture'), tensors: null, card: null, changelog: null };
  const semver = { major: 1, minor: 0, patch: 0, pre: '' };
  const register = () => stage.tx('registry', 'registerModel', release, 'main', semver, terms, parents);
  const asks = [Rolf.address, terms, [link]];

  await stage.act({
    chapter: CHAPTER,
    step: 'child-refused',
    who: Rolf,
    what: 'wants to mint a child of which nothing may be made',
    call: register(),
    refused: `licensing.${CLAUSE}`,
    check: async (view) => {
      const [verdict] = (await view.ask('licensingApi', 'checkDerivation', ...asks)) as Verdict[];
      return {
        parent: [verdict?.parent, lower(asset)],
        clause: [verdict?.clause, CLAUSE],
        cure: [verdict?.cure, 'The same base, tiers, purposes, derivatives, restrictions and territory.'],
      };
    },
    sees: (_, found) => `${CLAUSE}, of ${nameOf(asset)}. What would cure it: ${String(found['cure'])}`,
  });
  await stage.act({
    chapter: CHAPTER,
    step: 'waives',
    who: Theo,
    what: `waives ${CLAUSE} for this one work of Rolf’s`,
    call: stage.tx('licensing', 'waive', asset, Rolf.address, terms, CLAUSE),
    check: async (view) => {
      const [verdict] = (await view.ask('licensingApi', 'checkDerivation', ...asks)) as Verdict[];
      return { clause: [verdict?.clause ?? null, null], shareBps: [verdict?.shareBps, SHARES.trained] };
    },
    sees: () => 'nothing stands against it any more',
  });
  const done = await stage.act({
    chapter: CHAPTER,
    step: 'child-accepted',
    who: Rolf,
    what: 'mints it again',
    call: register(),
    check: async (view, done) => {
      const child = field<number>(done, 'registry.ModelRegistered', 'id');
      const [link] = (await view.ask('registryApi', 'parents', child)) as { parent: object; shareBps: number }[];
      const kept = await view.stored('licensing', 'waivers', asset, { owner: Rolf.address, terms });
      return {
        parent: [link?.parent, lower(asset)],
        shareBps: [link?.shareBps, SHARES.trained],
        waiversLeft: [kept, []],
      };
    },
    sees: (done) => `it is $Model ${field<number>(done, 'registry.ModelRegistered', 'id')}; the waiver is used up`,
  });
  const child = field<number>(done, 'registry.ModelRegistered', 'id');
  const ownOffer = await offer(stage, {
    chapter: CHAPTER,
    step: 'rolf-offers',
    who: Rolf,
    asset: { Model: child },
    terms,
  });
  const order = { chapter: CHAPTER, step: 'victor-child', who: Victor, asset: { Model: child }, offer: ownOffer };
  await buy(stage, { ...order, price: PRICES.child, tiers: TIERS.toUse });
  return child;
}

interface Verdict {
  readonly parent: object;
  readonly clause: string | null;
  readonly cure: string;
  readonly shareBps: number;
}
