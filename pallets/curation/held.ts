/** What the pallet holds of others, and what must always hold of its state. It walks the state: for tests and the audit. */
import { TacitError } from '../../primitives/errors.ts';
import type { Held } from '../support/index.ts';
import { isInScore } from './evaluations.ts';
import { type Curation, EVALUATION_DEPOSIT, POTS, PROPOSAL_DEPOSIT, RATING_DEPOSIT } from './state.ts';

export const held = { deposits, owes, tryState };

function* deposits({ store }: Curation): Generator<Held> {
  for (const [[who], { bond }] of store.curators.entries()) yield [who, bond];
  for (const [, { proposer, state }] of store.proposals.entries()) {
    if (state.tag === 'Open') yield [proposer, PROPOSAL_DEPOSIT];
  }
  for (const [, { account, state }] of store.evaluations.entries()) {
    if (state.tag !== 'Withdrawn') yield [account, EVALUATION_DEPOSIT];
  }
  for (const [, { account }] of store.ratings.entries()) yield [account, RATING_DEPOSIT];
}

function* owes({ store }: Curation): Generator<Held> {
  for (const [, pot] of store.pots.entries()) yield [POTS, pot];
  for (const [, { pot }] of store.bonuses.entries()) yield [POTS, pot];
  for (const [, { reward, state }] of store.proposals.entries()) if (state.tag === 'Open') yield [POTS, reward];
}

/** The sums of a model are those of the evaluations that count, ratings are as many as counted, and no grant gave more points than it says. */
function tryState({ store }: Curation): undefined {
  const broken = (what: string): never => {
    throw new TacitError('curation/broken-state', what);
  };
  const sums = new Map<bigint, { weight: bigint; rated: bigint; counted: number }>();
  for (const [[model, index], found] of store.evaluations.entries()) {
    const ratings = [...store.ratings.entries(model, index)];
    if (ratings.length !== found.ratings) broken(`ratings of evaluation ${index} of model ${model} are miscounted`);
    if (!isInScore(found)) continue;
    const sum = sums.get(model) ?? { weight: 0n, rated: 0n, counted: 0 };
    const { weight, rating } = found;
    sums.set(model, {
      weight: sum.weight + weight,
      rated: sum.rated + weight * BigInt(rating),
      counted: sum.counted + 1,
    });
  }
  for (const [[model], { weight, rated, counted }] of store.sums.entries()) {
    const sum = sums.get(model) ?? { weight: 0n, rated: 0n, counted: 0 };
    if (sum.weight !== weight || sum.rated !== rated || sum.counted !== counted) broken(`sums of model ${model}`);
  }
  const seats = new Map<string, number>();
  for (const [, { panel, state }] of store.proposals.entries()) {
    for (const who of state.tag === 'Open' ? panel : []) seats.set(`${who}`, (seats.get(`${who}`) ?? 0) + 1);
  }
  for (const [[who], { seated }] of store.curators.entries()) {
    if (seated !== (seats.get(`${who}`) ?? 0)) broken('places of a curator are miscounted');
  }
}
