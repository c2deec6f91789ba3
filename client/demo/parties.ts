/**
 * The eight parties of the demo round: who holds which training examples, and who only pretends. All shards are disjoint draws from
 * MNIST's training set except the duplicate's, which is another party's shard.
 */
import { TacitError } from '../../primitives/errors.ts';
import { Draw } from './draw.ts';
import { CLASSES, type LabelledImages } from './mnist.ts';
import { type Examples, examplesOf, PARAMETERS } from './softmax.ts';

export type PartyKind = 'ordinary' | 'wrong-labels' | 'duplicate' | 'two-digits' | 'noise' | 'replay';

export interface PartyPlan {
  readonly name: string;
  readonly kind: PartyKind;
  /** Training examples held; none for those who do not train. */
  readonly examples: number;
}

export const WRONG_LABELS = 0.3;
/** The digits that the one-sided party holds. */
const TWO_DIGITS: readonly number[] = [3, 8];
/** Whose shard the duplicate holds. */
const COPIED = 'bruno';

export const PARTIES: readonly PartyPlan[] = [
  { name: 'amara', kind: 'ordinary', examples: 600 },
  { name: 'bruno', kind: 'ordinary', examples: 300 },
  { name: 'chidi', kind: 'ordinary', examples: 150 },
  { name: 'dalia', kind: 'wrong-labels', examples: 450 },
  { name: 'edith', kind: 'duplicate', examples: 300 },
  { name: 'farid', kind: 'two-digits', examples: 300 },
  { name: 'grete', kind: 'noise', examples: 0 },
  { name: 'hiroe', kind: 'replay', examples: 0 },
];

/** Held-out examples that the validation direction and the retrained values are measured on. */
export const VALIDATION_EXAMPLES = 2000;

export interface Party extends PartyPlan {
  /** Indices into the training set. */
  readonly indices: Uint32Array;
  readonly shard: Examples;
}

/** What every participant and the model's owner hold, drawn from MNIST's training set. */
export function dealShards(train: LabelledImages, seed: string): { parties: Party[]; validation: Examples } {
  const order = new Draw(seed, 'examples').permutation(train.count);
  let at = 0;
  const take = (count: number, wanted: (digit: number) => boolean = () => true): Uint32Array => {
    const chosen = new Uint32Array(count);
    for (let found = 0; found < count; at++) {
      const index = order[at];
      if (index === undefined)
        throw new TacitError('demo/too-few-examples', 'the training set is too small for the shards');
      if (wanted(train.labels[index] as number)) chosen[found++] = index;
    }
    return chosen;
  };

  const validation = examplesOf(train, take(VALIDATION_EXAMPLES));
  const parties: Party[] = [];
  for (const plan of PARTIES) {
    const original = parties.find((party) => party.name === COPIED);
    const indices =
      plan.kind === 'duplicate' && original
        ? original.indices
        : take(plan.examples, plan.kind === 'two-digits' ? (digit) => TWO_DIGITS.includes(digit) : undefined);
    const labels =
      plan.kind === 'wrong-labels' ? withErrors(train, indices, new Draw(seed, 'wrong labels')) : undefined;
    parties.push({ ...plan, indices, shard: examplesOf(train, indices, labels) });
  }
  return { parties, validation };
}

/** The true labels, each replaced with probability {@link WRONG_LABELS} by another digit. */
function withErrors(train: LabelledImages, indices: Uint32Array, draw: Draw): Uint8Array {
  return Uint8Array.from(indices, (index) => {
    const label = train.labels[index] as number;
    return draw.unit() < WRONG_LABELS ? (label + 1 + draw.below(CLASSES - 1)) % CLASSES : label;
  });
}

/** What the noise sender sends in place of an update. */
export function noiseUpdate(seed: string): Float64Array {
  const draw = new Draw(seed, 'noise');
  return Float64Array.from({ length: PARAMETERS }, () => draw.normal());
}
