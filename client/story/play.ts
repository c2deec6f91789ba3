/** The story: who waits for whom. What does not wait runs at the same time. */
import { bondCurators, madeByBallots } from './chapters/portfolio.ts';
import { offers, usedUpAndRenewed } from './chapters/bundle.ts';
import { restrictiveChild } from './chapters/child.ts';
import { Copycat } from './chapters/copycat.ts';
import { bondJurors } from './chapters/jury.ts';
import { dataOwners, type Datasets } from './chapters/data.ts';
import { rewarded } from './chapters/evaluation.ts';
import { paidOut } from './chapters/revenue.ts';
import { CONTRIBUTOR_FUNDS, FederatedRound } from './chapters/round.ts';
import { firstCustomer, firstModel, refusals, trainedModel, trainingLicences } from './chapters/training.ts';
import { parameterChanged } from './chapters/vote.ts';
import { devAccount } from '../sdk/keys.ts';
import { NAMES, Person, purseOf } from './people.ts';
import { renderSheet, sheetOf, soundness } from './sheet.ts';
import type { Done, Stage } from './stage.ts';

const SHEET = 10;

/** Plays all of it; its errors name the step. @returns the balance sheet, as people read it */
export async function play(stage: Stage): Promise<string> {
  const { promise: failure, reject } = Promise.withResolvers<never>();
  // Begins something that is waited for later; the story ends with its failure at once.
  const begun = <T>(work: Promise<T>): Promise<T> => {
    work.catch(reject);
    return work;
  };
  return Promise.race([acts(stage, begun), failure]);
}

async function acts(stage: Stage, begun: <T>(work: Promise<T>) => Promise<T>): Promise<string> {
  const round = new FederatedRound(stage);
  const begins = await purses(stage, round);

  const governed = begun(parameterChanged(stage));
  const owners = begun(dataOwners(stage));
  const jurors = begun(bondJurors(stage));
  const curators = begun(bondCurators(stage));
  const base = await firstModel(stage);
  const pool = begun(firstCustomer(stage, base));
  await jurors;
  const copycat = new Copycat(stage, base.model);
  await copycat.disputed();

  // the round of ballots draws the first panel: it has to be open when the panel is called for
  const data = await owners;
  await curators;
  const portfolio = await madeByBallots(stage, items(data));
  const lostOnce = begun(copycat.lostOnce());
  const [licences] = await Promise.all([licensed(stage, data, portfolio), pool]);
  // and the training round the second one
  const fingerprint = await round.run(base.model, await pool, lostOnce);
  const lostForGood = begun(lostOnce.then(() => copycat.lostForGood()));
  const claimed = begun(round.claims());

  const made = { fingerprint, base: base.model, data, portfolio: portfolio.portfolio, licences };
  const trained = await trainedModel(stage, made);
  const offered = await offers(stage, trained);
  const [child, grants] = await Promise.all([
    restrictiveChild(stage, trained, offered.fineTune),
    usedUpAndRenewed(stage, trained.model, offered.bundle),
  ]);
  const lineage = { child, trained: trained.model, base: base.model, portfolio: portfolio.portfolio, data };
  await Promise.all([paidOut(stage, lineage), rewarded(stage, trained.model, grants), lostForGood, governed, claimed]);
  return closes(stage, round, begins);
}

const items = ({ mira, pia, ravi }: Datasets): number[] => [mira, pia, ravi].toSorted((a, b) => a - b);

/** First everything that is refused, then what is bought. */
async function licensed(
  stage: Stage,
  data: Datasets,
  portfolio: { portfolio: number; offer: number },
): ReturnType<typeof trainingLicences> {
  await refusals(stage, data, portfolio);
  return trainingLicences(stage, data, portfolio);
}

/** Everybody begins with something, out of the development chain's own purse. */
async function purses(stage: Stage, round: FederatedRound): Promise<Done> {
  const alice = new Person('Alice', devAccount('//Alice'));
  const due = [
    ...NAMES.map((name) => ({ address: stage.people[name].address, amount: purseOf(name) })),
    ...round.contributors.map(({ wallet }) => ({ address: wallet.account.address, amount: CONTRIBUTOR_FUNDS })),
  ];
  const transfers = due.map(({ address, amount }) => stage.tx('balances', 'transferKeepAlive', address, amount));
  return stage.act({
    chapter: 0,
    step: 'purses',
    who: alice,
    what: `gives ${due.length} people what they begin with`,
    call: stage.tx('utility', 'batchAll', transfers),
    check: async (view) => {
      const found = await Promise.all(due.map(({ address }) => view.free(address)));
      return { purses: [found, due.map(({ amount }) => `${amount}`)] };
    },
    sees: () => 'from here on everybody pays for everything',
  });
}

/** The balance sheet, as the last entry. */
async function closes(stage: Stage, round: FederatedRound, { events }: Done): Promise<string> {
  const { ledger, people } = stage;
  // what the last block has brought about is looked at too
  const top = await ledger.height(ledger.top + 1);
  const blocks = ledger.blocks.slice(0, top.number);
  const known = new Map([
    ...Object.values(people).map(({ address, name }) => [address, name] as const),
    ...round.contributors.map(({ name, wallet }) => [wallet.account.address, `contributor ${name}`] as const),
    ...round.freshAddresses().map((address, place) => [address, `fresh account ${place + 1}`] as const),
  ]);
  const sheet = await sheetOf(stage.api, blocks, { known, purses: events });
  const entry = stage.sum(
    {
      chapter: SHEET,
      step: 'balance-sheet',
      who: 'everybody',
      what: 'adds up',
      sees: 'every account, to the last unit',
      read: ['system.account', 'balances.totalIssuance', 'system.events'],
    },
    top,
    soundness(sheet),
  );
  entry.sheet = sheet;
  return renderSheet(sheet);
}
