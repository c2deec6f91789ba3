/** Changes of the voters, as headers announce them: `ScheduledChange` without delay under the engine id FRNK. */
import type { Header } from '../../../primitives/block/header.ts';
import { sameBytes, utf8 } from '../../../primitives/crypto/bytes.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { type Authorities, MAX_VOTERS } from '../../../primitives/grandpa/index.ts';
import { decodeAll, fixed, struct, tuple, u32, u64, vec } from '../../../primitives/scale/index.ts';
import { refused } from './errors.ts';

const GRANDPA_ENGINE = utf8('FRNK');
/** Variant of `sp_consensus_grandpa::ConsensusLog`. */
const SCHEDULED_CHANGE = 1;
const scheduledChange = struct('sp_consensus_grandpa::ScheduledChange', {
  nextAuthorities: vec(tuple(fixed(32), u64)).upTo(MAX_VOTERS),
  delay: u32,
});

/**
 * The voters that take over after this block, if its header names them.
 * @throws `light/bad-handover` for logs of GRANDPA that this chain does not write: delays, forced changes, pauses
 */
export function nextSetIn({ number, digest }: Header): Authorities | undefined {
  const logs = digest.logs.flatMap((log) =>
    log.tag === 'Consensus' && sameBytes(log.value[0], GRANDPA_ENGINE) ? [log.value[1]] : [],
  );
  const [log, ...more] = logs;
  if (log === undefined) return undefined;
  if (more.length > 0) throw unusable(number, 'it has several logs of GRANDPA');
  if (log[0] !== SCHEDULED_CHANGE) throw unusable(number, `a log of kind ${log[0]}`);
  try {
    const { nextAuthorities, delay } = decodeAll(scheduledChange, log.subarray(1));
    if (delay !== 0) throw unusable(number, `a change with a delay of ${delay} blocks`);
    const names = new Set(nextAuthorities.map(([id]) => toHex(id)));
    if (names.size === 0 || names.size !== nextAuthorities.length) throw unusable(number, 'no voters, or one twice');
    return nextAuthorities.map(([id, weight]) => ({ id, weight }));
  } catch (error) {
    if (isTacitError(error) && error.code.startsWith('scale/')) throw unusable(number, error.message);
    throw error;
  }
}

const unusable = (number: number, why: string) =>
  refused('bad-handover', `the header of block ${number} tells of the voters what cannot be followed: ${why}`, {
    number,
  });
