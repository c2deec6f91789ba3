/** Whether what was foreseen of a round still is what is to come of it, once more blocks are final. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { stepIndex, stepOf } from '../../primitives/round/phases.ts';
import { type Ty, option, vec } from '../../primitives/scale/index.ts';
import {
  item,
  payoutVector,
  type Round,
  type RoundInfo,
  submission,
  sumRecord,
  totalRecord,
} from '../../pallets/tally/types.ts';

/** The direction comes before the step that waits for it. */
const placeOf = ({ phase: { tag }, attempt }: Round): number => {
  const step = stepOf(tag);
  // An attempt is a byte.
  if (step !== undefined) return stepIndex(step) + attempt / 256;
  return tag === 'Direction' ? stepIndex('Aggregate') - 0.5 : tag === 'Settled' ? Number.POSITIVE_INFINITY : -1;
};

/**
 * Whether blocks have brought a round nothing that was not foreseen of it: then the rest follows from what was foreseen as from the final state, for what a step decodes to
 * is unique (specification §6.7). @param final the round in the newest final state, whose close was final before
 */
export function outlasts(foreseen: RoundInfo, final: RoundInfo): boolean {
  const [ours, theirs] = [foreseen.round, final.round];
  // What fails may fail for a post that blocks have in another form.
  if (ours.failure !== undefined || ours.closedAt !== theirs.closedAt) return false;
  const [here, there] = [placeOf(ours), placeOf(theirs)];
  if (there > here || there < 0) return false;
  if (there === here && !final.posted.every((member) => foreseen.posted.includes(member))) return false;
  const isAs = (one: Uint8Array | undefined, other: Uint8Array | undefined): boolean =>
    other === undefined || (one !== undefined && sameBytes(one, other));
  const areAs = <T>(ty: Ty<T>, one: T, other: T): boolean => isAs(ty.codec.enc(one), ty.codec.enc(other));
  return (
    isAs(ours.beacon, theirs.beacon) &&
    final.secrets.every((secret, subset) => isAs(foreseen.secrets[subset], secret)) &&
    // Of a part of the direction, and of `U`, there is one value; what parts of `U` come to is in the total.
    final.directions.every((isPublished, part) => !isPublished || foreseen.directions[part] === true) &&
    (!theirs.checked ||
      (areAs(vec(item), foreseen.items, final.items) &&
        areAs(vec(submission), foreseen.submissions, final.submissions))) &&
    (final.total === undefined || areAs(option(totalRecord), foreseen.total, final.total)) &&
    (final.payout === undefined || areAs(option(payoutVector), foreseen.payout, final.payout)) &&
    (final.sum === undefined || areAs(option(sumRecord), foreseen.sum, final.sum))
  );
}
