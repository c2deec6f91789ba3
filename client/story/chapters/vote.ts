/** 9: governance changes a parameter, after a vote and a time lock. */
import { field, type Stage } from '../stage.ts';
import { digestOf, parameterIn } from '../terms.ts';
import { TAC } from '../people.ts';

const CHAPTER = 9;
const NAME = 'AttesterBond';
const NEW = 1_500n * TAC;

export async function parameterChanged(stage: Stage): Promise<void> {
  const { Wanda, Zoe } = stage.people;
  const change = stage.tx('parameters', 'setParameter', NAME, NEW);
  await stage.act({
    chapter: CHAPTER,
    step: 'parameter-by-one',
    who: Wanda,
    what: 'sets a parameter herself',
    call: change,
    refused: 'BadOrigin',
    check: async (view) => ({ [NAME]: [await parameterIn(view, NAME), `${1_000n * TAC}`] }),
    sees: () => 'no account may',
  });
  const proposed = await stage.act({
    chapter: CHAPTER,
    step: 'proposes',
    who: Wanda,
    what: 'proposes that attesters put up 1,500 TAC',
    call: stage.tx('governance', 'propose', change.method.toHex(), 'Attesters put up more', digestOf('reasons')),
    check: async (view, done) => {
      const id = field<number>(done, 'governance.Proposed', 'id');
      const { phase } = (await view.ask('governanceApi', 'proposal', id)) as { phase: string };
      return {
        phase: [phase, 'Voting'],
        callHash: [field(done, 'governance.Proposed', 'callHash'), change.method.hash.toHex()],
      };
    },
    sees: (done) =>
      `proposal ${field<number>(done, 'governance.Proposed', 'id')}, voted on until block ${field<number>(done, 'governance.Proposed', 'closes')}`,
  });
  const id = field<number>(proposed, 'governance.Proposed', 'id');
  const closes = field<number>(proposed, 'governance.Proposed', 'closes');
  await Promise.all([
    vote(stage, id, 'Wanda', 'Aye', 6_000_000n * TAC),
    vote(stage, id, 'Xaver', 'Nay', 1_000_000n * TAC),
  ]);

  await stage.ledger.height(closes);
  await stage.act({
    chapter: CHAPTER,
    step: 'enacts-too-early',
    who: Zoe,
    what: 'brings the call within the time lock',
    call: stage.tx('governance', 'enact', id, change),
    refused: 'governance.NotEnactable',
    check: async (view) => {
      const { phase } = (await view.ask('governanceApi', 'proposal', id)) as { phase: string };
      return { phase: [phase, 'Locked'], [NAME]: [await parameterIn(view, NAME), `${1_000n * TAC}`] };
    },
    sees: () => 'it has passed, and waits',
  });
  const from = await enactFrom(stage, id);
  await stage.ledger.height(from - 1);
  await stage.act({
    chapter: CHAPTER,
    step: 'enacts',
    who: Zoe,
    what: 'brings the call after the time lock',
    call: stage.tx('governance', 'enact', id, change),
    check: async (view, done) => ({
      result: [Object.keys(field<{ ok: null }>(done, 'governance.Enacted', 'result')), ['ok']],
      [NAME]: [await parameterIn(view, NAME), `${NEW}`],
    }),
    sees: () => 'attesters put up 1,500 TAC from now on',
  });
}

async function vote(stage: Stage, id: number, name: 'Wanda' | 'Xaver', choice: 'Aye' | 'Nay', amount: bigint) {
  const who = stage.people[name];
  await stage.act({
    chapter: CHAPTER,
    step: `votes-${choice}`,
    who,
    what: `votes ${choice} with ${amount / TAC / 1_000_000n} million TAC`,
    call: stage.tx('governance', 'vote', id, { [choice]: 'X1' }, amount),
    check: async (view) => {
      const votes = (await view.ask('governanceApi', 'votes', who.address)) as { held: number | string };
      return { held: [`${BigInt(votes.held)}`, `${amount}`] };
    },
    sees: () => 'the amount is held until the voting closes',
  });
}

/** The first block in which a proposal that has passed may be enacted. */
async function enactFrom(stage: Stage, id: number): Promise<number> {
  const { hash } = await stage.ledger.height(stage.ledger.top);
  const view = await stage.view(hash);
  const { proposal } = (await view.ask('governanceApi', 'proposal', id)) as { proposal: { enactFrom: number } };
  return proposal.enactFrom;
}
