/** 2: a portfolio is proposed, curators weigh its items by encrypted ballots, and it is minted with what all of them gave together. */
import { largestRemainder } from '../../../primitives/money.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { castBallot } from '../../sdk/contribute.ts';
import { buildInThread } from '../../sdk/node/build.ts';
import { followRound } from '../../sdk/round.ts';
import { CURATORS, type Person, TAC } from '../people.ts';
import { field, type Stage } from '../stage.ts';
import { digestOf, offer, storeTerms } from '../terms.ts';

const CHAPTER = 2;
const BOND = 10n * TAC;
const REWARD = 31n * TAC;
/** The part of what it earns that its curators get, in basis points. */
export const CURATORS_BPS = 2_000;
/** What each curator gives the items, in their order: nobody reads it, here only the sums are compared. */
const BALLOTS: Readonly<Record<(typeof CURATORS)[number], readonly number[]>> = {
  Ines: [60, 30, 10],
  Jonas: [45, 25, 30],
  Keiko: [50, 50, 0],
};
export const WEIGHTS: readonly number[] = [0, 1, 2].map((place) =>
  CURATORS.reduce((sum, name) => sum + (BALLOTS[name][place] ?? 0), 0),
);
/** Wide enough for ballots on a busy machine; the round is open for all of it. */
const OPEN_BLOCKS = 14;
const PHASE_MS = 300_000;

export interface Portfolio {
  readonly portfolio: number;
  readonly offer: number;
}

export async function bondCurators(stage: Stage): Promise<void> {
  await Promise.all(CURATORS.map((name) => bond(stage, stage.people[name])));
}

async function bond(stage: Stage, who: Person): Promise<void> {
  await stage.act({
    chapter: CHAPTER,
    step: `bonds-${who.name}`,
    who,
    what: 'puts up a curator’s bond',
    call: stage.tx('curation', 'bond', BOND),
    check: async (view) => {
      const curator = (await view.ask('curationApi', 'curator', who.address)) as { bond: number };
      return {
        bond: [curator.bond, Number(BOND)],
        reserved: [`${(await view.money(who.address)).reserved}`, `${BOND}`],
      };
    },
    sees: () => `${BOND / TAC} TAC are at stake`,
  });
}

/** @param items the data, ascending */
export async function madeByBallots(stage: Stage, items: readonly number[]): Promise<Portfolio> {
  const { proposal, round } = await propose(stage, items);
  await Promise.all(CURATORS.map((name) => join(stage, stage.people[name], proposal)));
  await followRound(stage.chain, round, ({ phase }) => phase === 'Open' || undefined, PHASE_MS);
  await Promise.all(CURATORS.map((name) => cast(stage, name, round)));
  await followRound(stage.chain, round, ({ phase }) => phase === 'Settled' || undefined, PHASE_MS);
  const portfolio = await conclude(stage, proposal, round, items);
  const terms = await storeTerms(stage, CHAPTER, stage.people.Lena, 'portfolioTraining');
  const asset = { Portfolio: portfolio };
  const [number] = await Promise.all([
    offer(stage, { chapter: CHAPTER, step: 'lena-offers', who: stage.people.Lena, asset, terms }),
    puts(stage, portfolio, terms),
  ]);
  return { portfolio, offer: number };
}

async function propose(stage: Stage, items: readonly number[]): Promise<{ proposal: number; round: number }> {
  const who = stage.people.Lena;
  const criteria = { digest: digestOf('criteria'), text: 'Shore life, each item with species and date.' };
  const done = await stage.act({
    chapter: CHAPTER,
    step: 'proposes-portfolio',
    who,
    what: `proposes a portfolio of $Data ${items.join(', ')}, with ${REWARD / TAC} TAC for its curators`,
    call: stage.tx('curation', 'propose', items, criteria, CURATORS_BPS, REWARD, CURATORS.length, OPEN_BLOCKS, 0),
    check: async (view, done) => {
      const id = field<number>(done, 'curation.Proposed', 'proposal');
      const kept = (await view.ask('curationApi', 'proposal', id)) as {
        items: number[];
        state: unknown;
        reward: number;
      };
      return { items: [kept.items, items], state: [kept.state, { open: null }], reward: [kept.reward, Number(REWARD)] };
    },
    sees: (done) => `ballots go to round ${field<number>(done, 'curation.Proposed', 'round')} of the committee`,
  });
  return { proposal: field(done, 'curation.Proposed', 'proposal'), round: field(done, 'curation.Proposed', 'round') };
}

async function join(stage: Stage, who: Person, proposal: number): Promise<void> {
  await stage.act({
    chapter: CHAPTER,
    step: `joins-${who.name}`,
    who,
    what: 'takes a place in the proposal',
    call: stage.tx('curation', 'join', proposal),
    check: async (view) => {
      const { panel } = (await view.ask('curationApi', 'proposal', proposal)) as { panel: string[] };
      return { seated: [panel.includes(who.address), true] };
    },
    sees: () => 'may cast one ballot',
  });
}

async function cast(stage: Stage, name: (typeof CURATORS)[number], round: number): Promise<void> {
  const who = stage.people[name];
  const ballot = BALLOTS[name];
  await stage.witness(
    name,
    {
      chapter: CHAPTER,
      step: `ballot-${name}`,
      what: 'casts an encrypted ballot',
      check: async (view) => {
        const place = await view.stored('tally', 'submissionOf', round, who.address, LANES.ballot, 0);
        return { isKept: [typeof place, 'number'] };
      },
      sees: () => `knows what it says (${ballot.join(', ')}); nobody else does`,
    },
    () => who.inTurn(() => castBallot(stage.chain, who.pair, round, ballot, { build: buildInThread })),
    ({ name, data }) => name === 'tally.Submitted' && data['round'] === round && data['account'] === who.address,
  );
}

async function conclude(stage: Stage, proposal: number, round: number, items: readonly number[]): Promise<number> {
  const done = await stage.act({
    chapter: CHAPTER,
    step: 'mints-portfolio',
    who: stage.people.Lena,
    what: 'has the ballots counted',
    call: stage.tx('curation', 'conclude', proposal),
    check: async (view, done) => {
      const id = field<number>(done, 'curation.Minted', 'portfolio');
      const kept = (await view.ask('registryApi', 'portfolio', id)) as {
        items: unknown;
        curators: { account: string }[];
      };
      const { sums } = (await view.stored('tally', 'sums', round)) as { sums: number[] };
      const paid = done.events.filter((event) => event.name === 'curation.CuratorRewarded');
      const parts = largestRemainder(
        REWARD,
        CURATORS.map(() => 1n),
      ).map(Number);
      return {
        opened: [sums, WEIGHTS],
        items: [kept.items, items.map((data, place) => ({ data, weight: WEIGHTS[place] }))],
        curators: [
          kept.curators.map(({ account }) => account).toSorted(),
          CURATORS.map((name) => stage.people[name].address).toSorted(),
        ],
        rewards: [paid.map(({ data }) => data['amount']), parts],
      };
    },
    sees: (done) =>
      `$Portfolio ${field<number>(done, 'curation.Minted', 'portfolio')}: of the ballots only the sums are known, ${WEIGHTS.join(', ')}`,
  });
  return field(done, 'curation.Minted', 'portfolio');
}

/** Puts the portfolio under terms that everyone sees; a licence has to be bought. */
async function puts(stage: Stage, portfolio: number, terms: string): Promise<void> {
  await stage.act({
    chapter: CHAPTER,
    step: 'lena-licenses',
    who: stage.people.Lena,
    what: 'puts the portfolio under her terms',
    call: stage.tx('licensing', 'setTerms', { Portfolio: portfolio }, terms),
    check: async (view) => {
      const under = (await view.ask('licensingApi', 'termsUnder', { Portfolio: portfolio })) as { id: string };
      return { under: [under.id, terms] };
    },
    sees: () => 'who trains on it has to buy a licence',
  });
}
