/** 7: who paid for a model says what it is worth; another holder finds that useful, and the pot pays for it. */
import { tac } from '../../demo/report.ts';
import { type Person, TAC } from '../people.ts';
import { field, type Stage } from '../stage.ts';
import { parameterIn } from '../terms.ts';
import type { View } from '../view.ts';

const CHAPTER = 7;
const RATING = 84;
const POT = 5n * TAC;
const CID = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';

interface Evaluation {
  readonly state: string;
  readonly weight: number;
  readonly useful: number;
  readonly rewarded: number;
}

/** @param grants of who evaluates and of who rates: what was spent for them for good is their weight */
export async function rewarded(stage: Stage, model: number, grants: { ursula: number; victor: number }): Promise<void> {
  const { Ursula, Victor, Nora, Zoe } = stage.people;
  const [index] = await Promise.all([evaluates(stage, model, Ursula), fills(stage, model, Nora)]);
  const found = async (view: View): Promise<Evaluation> => {
    const [one] = (await view.ask('curationApi', 'evaluations', model, index, 1)) as Evaluation[];
    return one as Evaluation;
  };
  const { hash } = await stage.ledger.height(stage.ledger.top);
  const points = await lostFor(await stage.view(hash), grants.victor);
  const rated = stage.act({
    chapter: CHAPTER,
    step: 'rates',
    who: Victor,
    what: 'finds it useful, with all that he has spent for good',
    call: stage.tx('curation', 'rate', model, index, true, points),
    check: async (view) => ({ useful: [(await found(view)).useful, Number(points)] }),
    sees: () => `${points} points: each unit of 0.000001 TAC speaks once`,
  });
  const age = Number(await parameterIn(await stage.view(hash), 'EvaluationAge'));
  await stage.ledger.height((await rated).block + age);
  await stage.act({
    chapter: CHAPTER,
    step: 'counts-evaluation',
    who: Zoe,
    what: 'has the evaluation counted, which has stood long enough',
    call: stage.tx('curation', 'count', model, index),
    check: async (view) => {
      const weight = await lostFor(view, grants.ursula);
      const prior = BigInt(await parameterIn(view, 'EvaluationPrior'));
      const score = (await view.ask('curationApi', 'score', model)) as { hundredths: number };
      const expected = (100n * (prior * 50n + weight * BigInt(RATING))) / (prior + weight);
      const { state, weight: counted } = await found(view);
      return {
        state: [state, 'Counted'],
        weight: [`${counted}`, `${weight}`],
        score: [score.hundredths, Number(expected)],
      };
    },
    sees: (_, values) => `the model is worth ${Number(values['score']) / 100} points of 100`,
  });
  await stage.act({
    chapter: CHAPTER,
    step: 'rewards-evaluation',
    who: Zoe,
    what: 'has Ursula paid for it',
    call: stage.tx('curation', 'reward', model, index),
    check: async (view, done) => {
      const part = BigInt(await parameterIn(view, 'EvaluationReward'));
      const due = (points * part) / 10_000n;
      return {
        amount: [`${field<number>(done, 'curation.EvaluationRewarded', 'amount')}`, `${due}`],
        who: [field(done, 'curation.EvaluationRewarded', 'who'), Ursula.address],
        pot: [`${await view.stored('curation', 'pots', model)}`, `${POT - due}`],
        rewarded: [`${(await found(view)).rewarded}`, `${due}`],
      };
    },
    sees: (_, values) => `Ursula gets ${tac(BigInt(String(values['amount'])))} TAC out of the pot`,
  });
}

/** What was spent for a grant and comes back to nobody. */
async function lostFor(view: View, grant: number): Promise<bigint> {
  const { grant: kept } = (await view.ask('licensingApi', 'grant', grant)) as { grant: { lost: number } };
  return BigInt(kept.lost);
}

async function evaluates(stage: Stage, model: number, who: Person): Promise<number> {
  const done = await stage.act({
    chapter: CHAPTER,
    step: 'evaluates',
    who,
    what: `says that the model is worth ${RATING} of 100, with an example`,
    call: stage.tx('curation', 'evaluate', model, RATING, CID, CID),
    check: async (view, done) => {
      const index = field<number>(done, 'curation.Evaluated', 'evaluation');
      const [one] = (await view.ask('curationApi', 'evaluations', model, index, 1)) as {
        state: string;
        account: string;
      }[];
      return { account: [one?.account, who.address], state: [one?.state, 'Fresh'] };
    },
    sees: () => 'it does not count before others had time to look at it',
  });
  return field(done, 'curation.Evaluated', 'evaluation');
}

async function fills(stage: Stage, model: number, who: Person): Promise<void> {
  await stage.act({
    chapter: CHAPTER,
    step: 'fills-pot',
    who,
    what: 'pays into the pot for useful evaluations',
    call: stage.tx('curation', 'fundPot', model, POT),
    check: async (view) => ({ pot: [`${await view.stored('curation', 'pots', model)}`, `${POT}`] }),
    sees: () => `${POT / TAC} TAC wait there`,
  });
}
