/** What `tacit round` does. */
import { renameSync, writeFileSync } from 'node:fs';
import { TacitError } from '../../../primitives/errors.ts';
import { bucketsOf } from '../../../primitives/round/sketch.ts';
import { joinParts } from '../../sdk/quantise.ts';
import { finalizedState, readAggregate, readRound, type RoundView } from '../../sdk/round.ts';
import { type OfNode, wholeNumber } from '../flags.ts';
import { tryOutput } from '../output.ts';
import { openChain } from './open-chain.ts';

/** Phases in which `U` has been opened; before them there is none. */
const OPENED: readonly string[] = ['Payout', 'Settled'];

/** What `U` of such a round is good for. */
const SKETCHED =
  'It is a sketch: the model cannot be moved along it. The sum of the updates themselves has to come another way.';

/** Writes `U` of a round as the model's owner applies it: one value per parameter, the sum of the contributors' quantised updates; of a round of sketches their sum, which is no update. */
export async function writeAggregate(flags: OfNode & { round: string; out: string }): Promise<void> {
  const { out } = flags;
  const round = wholeNumber('--round', flags.round);
  tryOutput('--out', out);
  await using chain = await openChain(flags);
  const state = await finalizedState(chain);
  const view = await readRound(state, round);
  const aggregate = await readAggregate(state, view);
  if (!aggregate) throw notThere(view);
  const { parts, normSq, sketch } = view.rule;
  const values = bucketsOf(parts);
  const draft = `${out}.${process.pid}`;
  writeFileSync(draft, littleEndian(joinParts(aggregate, values)));
  renameSync(draft, out);
  const count = view.accepted.length;
  const length = Math.sqrt(parts.length * Number(normSq));
  console.log(
    `${values.toLocaleString('en')} values, the sum of ${count} ${sketch ? 'sketches' : 'updates'} of length ${length.toFixed(1)} each, in ${out}\n` +
      `their mean, of length at most 1, is U / ${(count * length).toFixed(1)}`,
  );
  if (sketch !== undefined) console.log(SKETCHED);
}

function notThere({ round, phase, failure }: RoundView): TacitError {
  if (phase === 'Failed') {
    const why = `round ${round} failed (${failure ?? 'no reason given'}): no sum stands in the state`;
    return new TacitError('cli/no-aggregate', why, { round, phase });
  }
  const what = OPENED.includes(phase)
    ? `the chain no longer holds the sum of round ${round}; an archive node's blocks do`
    : `the sum of round ${round} is not open yet: its phase is ${phase}`;
  return new TacitError('cli/no-aggregate', what, { round, phase });
}

/** The values as they stand in an update file. */
export function littleEndian(values: Float64Array): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, j) => view.setFloat64(8 * j, value, true));
  return bytes;
}
