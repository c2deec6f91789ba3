/** 1: data owners. One tells of its data, one refuses training, two let portfolios license theirs, one shares what it earns. */
import type { Person } from '../people.ts';
import { field, type Stage } from '../stage.ts';
import { digestOf, offer, storeTerms } from '../terms.ts';

const CHAPTER = 1;

export interface Datasets {
  readonly mira: number;
  readonly miraOffer: number;
  readonly otis: number;
  readonly pia: number;
  readonly ravi: number;
}

export async function dataOwners(stage: Stage): Promise<Datasets> {
  const [mira, otis, pia, ravi] = await Promise.all([
    tellingOwner(stage),
    refusingOwner(stage),
    sharingOwner(stage),
    collectiveOwner(stage, stage.people.Ravi, 'ravi', '8,100 herbarium scans'),
  ]);
  return { mira: mira.data, miraOffer: mira.offer, otis, pia, ravi };
}

/** Mints `$Data` by the digests of its bytes. @returns its number */
async function mint(stage: Stage, who: Person, step: string, what: string): Promise<number> {
  const [sha256, blake2b256] = [digestOf('sha2', step), digestOf('blake2', step)];
  const done = await stage.act({
    chapter: CHAPTER,
    step: `${step}-mints`,
    who,
    what: `registers ${what}`,
    call: stage.tx('registry', 'registerData', sha256, blake2b256, [], null, false, false),
    check: async (view, done) => {
      const id = field<number>(done, 'registry.DataRegistered', 'id');
      const data = (await view.ask('registryApi', 'data', id)) as { sha256: string; block: number };
      const title = (await view.ask('ownershipApi', 'title', { Data: id })) as { owner: string };
      const found = await view.ask('registryApi', 'dataByDigest', { Blake2b256: blake2b256 });
      return {
        sha256: [data.sha256, sha256],
        block: [data.block, done.block],
        owner: [title.owner, who.address],
        byDigest: [found, id],
      };
    },
    sees: (done) =>
      `it is $Data ${field<number>(done, 'registry.DataRegistered', 'id')}; the files stay with the owner`,
  });
  return field(done, 'registry.DataRegistered', 'id');
}

async function tellingOwner(stage: Stage): Promise<{ data: number; offer: number }> {
  const who = stage.people.Mira;
  const data = await mint(stage, who, 'mira', '1,204 photographs of tide pools');
  const disclosure = {
    title: 'Tide pools, 2019 to 2026',
    text: '1,204 photographs of tide pools of one bay, each with date, tide and species. No people in them.',
    metadataCid: '',
    croissant: digestOf('croissant'),
    statistics: null,
  };
  await stage.act({
    chapter: CHAPTER,
    step: 'mira-discloses',
    who,
    what: 'discloses an abstract',
    call: stage.tx('registry', 'disclose', data, disclosure),
    check: async (view) => {
      const kept = (await view.ask('registryApi', 'data', data)) as { disclosure: unknown };
      return { disclosure: [kept.disclosure, disclosure] };
    },
    sees: () => `everyone reads '${disclosure.title}'`,
  });
  const terms = await storeTerms(stage, CHAPTER, who, 'miraTraining');
  return {
    data,
    offer: await offer(stage, { chapter: CHAPTER, step: 'mira-offers', who, asset: { Data: data }, terms }),
  };
}

async function refusingOwner(stage: Stage): Promise<number> {
  const who = stage.people.Otis;
  const data = await mint(stage, who, 'otis', '310 hours of field recordings');
  await stage.act({
    chapter: CHAPTER,
    step: 'otis-opts-out',
    who,
    what: 'refuses training on them',
    call: stage.tx('registry', 'setOptOut', data, true),
    check: async (view) => {
      const standing = (await view.ask('ownershipApi', 'standing', { Data: data })) as { optedOut: boolean };
      return { optedOut: [standing.optedOut, true] };
    },
    sees: () => 'nobody mints a model that names them from now on',
  });
  return data;
}

async function collectiveOwner(stage: Stage, who: Person, step: string, what: string): Promise<number> {
  const data = await mint(stage, who, step, what);
  await stage.act({
    chapter: CHAPTER,
    step: `${step}-collective`,
    who,
    what: 'lets portfolios license them',
    call: stage.tx('registry', 'setCollective', data, true),
    check: async (view) => {
      const kept = (await view.ask('registryApi', 'data', data)) as { collective: boolean };
      return { collective: [kept.collective, true] };
    },
    sees: () => 'for its weight of what a portfolio earns',
  });
  return data;
}

async function sharingOwner(stage: Stage): Promise<number> {
  const { Pia: who, Quinn: other } = stage.people;
  const data = await collectiveOwner(stage, who, 'pia', '960 drawings of sea slugs');
  await stage.act({
    chapter: CHAPTER,
    step: 'pia-shares',
    who,
    what: 'offers Quinn a quarter of what they earn',
    call: stage.tx('ownership', 'giveShare', { Data: data }, other.address, 2_500),
    check: async (view) => {
      const title = (await view.ask('ownershipApi', 'title', { Data: data })) as { shares: unknown };
      return { shares: [title.shares, [{ account: who.address, bps: 10_000 }]] };
    },
    sees: () => 'nobody has a part that it has not accepted',
  });
  await stage.act({
    chapter: CHAPTER,
    step: 'quinn-accepts',
    who: other,
    what: 'accepts it',
    call: stage.tx('ownership', 'accept', { Data: data }, who.address, { Share: 2_500 }),
    check: async (view) => {
      const title = (await view.ask('ownershipApi', 'title', { Data: data })) as { shares: unknown };
      const shares = [
        { account: who.address, bps: 7_500 },
        { account: other.address, bps: 2_500 },
      ];
      return { shares: [title.shares, shares] };
    },
    sees: () => '7,500 and 2,500 basis points, 10,000 together',
  });
  return data;
}
