/** 3: a trainer registers a model and sells it; its earnings fill the pool of those who improve it. Without licences nothing is minted; with them the lineage stands. */
import { type Person, TAC } from '../people.ts';
import { field, type Stage } from '../stage.ts';
import { type Asset, buy, digestOf, offer, PRICES, SHARES, splitOf, storeTerms, TIERS } from '../terms.ts';
import type { Datasets } from './data.ts';
import type { Portfolio } from './portfolio.ts';

const CHAPTER = 3;
/** The contributors' part of what the first model earns, in basis points. */
export const CONTRIBUTORS_BPS = 5_000;

interface Parent {
  readonly asset: Asset;
  readonly relation: string;
  readonly grant: number | null;
  readonly mostBps: number;
  readonly mostInAll: null;
}

const release = (fingerprint: string) => {
  return { fingerprint, architecture: digestOf('architecture'), tensors: null, card: null, changelog: null };
};
const FIRST = { major: 1, minor: 0, patch: 0, pre: '' };

/** The first model: registered, and its licence stored. @returns its number and that of its offer */
export async function firstModel(stage: Stage): Promise<{ model: number; offer: number }> {
  const who = stage.people.Theo;
  const terms = await storeTerms(stage, CHAPTER, who, 'base');
  const call = stage.tx('registry', 'registerModel', release(digestOf('weights', 'base')), 'main', FIRST, terms, []);
  const done = await stage.act({
    chapter: CHAPTER,
    step: 'base-registered',
    who,
    what: 'registers a first model',
    call,
    check: async (view, done) => {
      const model = field<number>(done, 'registry.ModelRegistered', 'id');
      const title = (await view.ask('ownershipApi', 'title', { Model: model })) as { owner: string };
      const under = (await view.ask('licensingApi', 'termsUnder', { Model: model })) as { id: string };
      return { owner: [title.owner, who.address], under: [under.id, terms] };
    },
    sees: (done) => `it is $Model ${field<number>(done, 'registry.ModelRegistered', 'id')}`,
  });
  const model = field<number>(done, 'registry.ModelRegistered', 'id');
  const asset = { Model: model };
  const [number] = await Promise.all([
    offer(stage, { chapter: CHAPTER, step: 'base-offered', who, asset, terms }),
    promises(stage, model),
  ]);
  return { model, offer: number };
}

async function promises(stage: Stage, model: number): Promise<void> {
  await stage.act({
    chapter: CHAPTER,
    step: 'contributors-share',
    who: stage.people.Theo,
    what: 'promises half of what it earns to its contributors',
    call: stage.tx('royalty', 'setContributorsShare', model, CONTRIBUTORS_BPS),
    check: async (view) => {
      const stream = (await view.ask('royaltyApi', 'stream', { Model: model })) as { contributors: number };
      return { contributors: [stream.contributors, CONTRIBUTORS_BPS] };
    },
    sees: () => 'he may raise it at once, and lower it only with notice',
  });
}

/** The first customer pays, and half of that waits for contributors. @returns what the pool holds, in units */
export async function firstCustomer(stage: Stage, base: { model: number; offer: number }): Promise<bigint> {
  const asset = { Model: base.model };
  const sale = { chapter: CHAPTER, step: 'nora', who: stage.people.Nora, asset, offer: base.offer };
  await buy(stage, { ...sale, price: PRICES.base, tiers: TIERS.toUse });
  let pool = 0n;
  await stage.act({
    chapter: CHAPTER,
    step: 'base-distributed',
    who: stage.people.Zoe,
    what: 'has the first model’s earnings divided',
    call: stage.tx('royalty', 'distribute', asset),
    check: async (view) => {
      const { earned } = await splitOf(view, PRICES.base);
      pool = (earned * BigInt(CONTRIBUTORS_BPS)) / 10_000n;
      return {
        pool: [`${BigInt((await view.ask('royaltyApi', 'pool', base.model)) as number)}`, `${pool}`],
        owedToTheo: [`${await view.owed(stage.people.Theo.address)}`, `${earned - pool}`],
      };
    },
    sees: () => `${pool / TAC} TAC wait for contributors`,
  });
  return pool;
}

/** What a trainer cannot do: name data of an owner who refuses, use a portfolio beyond what owners gave, train without a licence. */
export async function refusals(stage: Stage, data: Datasets, { portfolio }: Portfolio): Promise<void> {
  const trainedOn = (asset: Asset): Parent => ({
    asset,
    relation: 'TrainedOn',
    grant: null,
    mostBps: 0,
    mostInAll: null,
  });
  const [mira, all] = [trainedOn({ Data: data.mira }), trainedOn({ Portfolio: portfolio })];
  const cases = [
    ['names-opted-out', [trainedOn({ Data: data.otis })], 'registry.OptedOut', 'Otis refuses training'],
    ['names-portfolio-alone', [all], 'registry.ItemNotLicensed', 'Mira sells her own licences: she has to be named'],
    ['mints-without-licence', [all, mira], 'licensing.GrantMissing', 'he has bought no licence'],
  ] as const;
  await Promise.all(
    cases.map(([step, parents, refused, sees]) =>
      stage.act({
        chapter: CHAPTER,
        step,
        who: stage.people.Theo,
        what: 'tries to mint a model that names what he has no right to',
        call: stage.tx('registry', 'registerModel', release(digestOf('weights', step)), 'main', FIRST, null, parents),
        refused,
        check: async (view) => ({
          registered: [await view.ask('registryApi', 'modelByFingerprint', digestOf('weights', step)), null],
        }),
        sees: () => `${refused}: ${sees}`,
      }),
    ),
  );
}

export interface Licences {
  readonly portfolio: number;
  readonly mira: number;
}
/** Training licences of the portfolio and of the owner who sells her own. */
export async function trainingLicences(stage: Stage, data: Datasets, portfolio: Portfolio): Promise<Licences> {
  const common = { chapter: CHAPTER, who: stage.people.Theo, tiers: TIERS.toTrain };
  const all = { asset: { Portfolio: portfolio.portfolio }, offer: portfolio.offer, price: PRICES.portfolioTraining };
  const mira = { asset: { Data: data.mira }, offer: data.miraOffer, price: PRICES.miraTraining };
  const [first, second] = await Promise.all([
    buy(stage, { ...common, ...all, step: 'trains-on-portfolio' }),
    buy(stage, { ...common, ...mira, step: 'trains-on-mira' }),
  ]);
  return { portfolio: first, mira: second };
}

export interface Trained {
  readonly model: number;
  /** Hash of the terms that it is under. */
  readonly terms: string;
}
/** Mints the trained model with all that it comes from. */
export async function trainedModel(
  stage: Stage,
  made: { fingerprint: string; base: number; data: Datasets; portfolio: number; licences: Licences },
): Promise<Trained> {
  const who: Person = stage.people.Theo;
  const terms = await storeTerms(stage, CHAPTER, who, 'fineTune');
  const { base, data, portfolio, licences, fingerprint } = made;
  const shares = [SHARES.portfolio, SHARES.mira, SHARES.base];
  const parents: readonly Parent[] = (
    [
      { asset: { Portfolio: portfolio }, relation: 'TrainedOn', grant: licences.portfolio },
      { asset: { Data: data.mira }, relation: 'TrainedOn', grant: licences.mira },
      { asset: { Model: base }, relation: 'FinetunedFrom', grant: null },
    ] as const
  ).map((parent, place) => ({ ...parent, mostBps: shares[place] ?? 0, mostInAll: null }));
  const done = await stage.act({
    chapter: CHAPTER,
    step: 'mints-trained',
    who,
    what: 'mints the trained model with its lineage',
    call: stage.tx('registry', 'registerModel', release(fingerprint), 'main', FIRST, terms, parents),
    check: async (view, done) => {
      const model = field<number>(done, 'registry.ModelRegistered', 'id');
      const links = (await view.ask('registryApi', 'parents', model)) as { parent: object; shareBps: number }[];
      const family = (await view.ask('registryApi', 'ancestors', { Model: model }, 0, 100)) as { members: unknown[] };
      return {
        parents: [links.map(({ parent }) => parent), parents.map(({ asset }) => lower(asset))],
        shares: [links.map(({ shareBps }) => shareBps), shares],
        // two parents besides, which the portfolio and the first model have not; Mira's data is both an item and a parent
        ancestors: [family.members.length, 5],
      };
    },
    sees: (done) =>
      `it is $Model ${field<number>(done, 'registry.ModelRegistered', 'id')}; of what it earns its parents get ${shares.join(', ')} basis points`,
  });
  return { model: field(done, 'registry.ModelRegistered', 'id'), terms };
}

/** As polkadot.js names the variants of an enumeration in its JSON. */
export const lower = (asset: Asset): Asset =>
  Object.fromEntries(Object.entries(asset).map(([kind, id]) => [kind.toLowerCase(), id]));
