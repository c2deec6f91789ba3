/** What `tacit round` does. */
import { renameSync, writeFileSync } from 'node:fs';
import { TacitError } from '../../../primitives/errors.ts';
import { SPARE_COORDINATES } from '../../../primitives/proofs/lane.ts';
import { joinParts } from '../../sdk/quantise.ts';
import { finalizedState, readAggregate, readRound, type RoundView } from '../../sdk/round.ts';
import { type OfNode, wholeNumber } from '../flags.ts';
import { tryOutput } from '../output.ts';
import { openChain } from './open-chain.ts';

/** Phases in which `U` has been opened; before them there is none. */
const OPENED: readonly string[] = ['Payout', 'Settled'];

/** Writes `U` of a round as the model's owner applies it: one value per parameter, the sum of the contributors' quantised updates. */
export async function writeAggregate(flags: OfNode & { round: string; out: string }): Promise<void> {
  const { out } = flags;
  const round = wholeNumber('--round', flags.round);
  tryOutput('--out', out);
  await using chain = await openChain(flags);
  const state = await finalizedState(chain);
  const view = await readRound(state, round);
  const aggregate = await readAggregate(state, view);
  if (!aggregate) throw notThere(view);
  const updates = view.lanes.filter(({ lane }) => lane === 'update');
  const parameters = parametersOf(updates.map(({ values }) => values));
  const draft = `${out}.${process.pid}`;
  writeFileSync(draft, littleEndian(joinParts(aggregate, parameters)));
  renameSync(draft, out);
  const normSq = updates[0]?.normSq ?? 0n;
  const count = view.accepted.length;
  const length = Math.sqrt(updates.length * Number(normSq));
  console.log(
    `${parameters.toLocaleString('en')} values, the sum of ${count} updates of length ${length.toFixed(1)} each, in ${out}\n` +
      `their mean, of length at most 1, is U / ${(count * length).toFixed(1)}`,
  );
}

/** Parameters of a model whose update has parts of these lengths. */
export function parametersOf(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + length - SPARE_COORDINATES, 0);
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
