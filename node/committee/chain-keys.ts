/** A member's chain keys: they move forward with every round of their term, and what they have passed cannot be derived from them (specification §2.1). */
import { ratchet } from '../../primitives/fhe/keys.ts';
import type { Round } from '../../pallets/tally/types.ts';
import type { ChainKeys } from './vault.ts';

/** The chain as it stands before the round of this number in its term; the rounds between are passed over, and their keys gone. */
function movedTo({ term, sequence, keys }: ChainKeys, next: number): ChainKeys {
  const moved = new Map(keys);
  for (const [subset, head] of keys) {
    let key = head;
    for (let i = sequence; i < next; i++) key = ratchet(key, 0).next;
    moved.set(subset, key);
  }
  return { term, sequence: next, keys: moved };
}

/** A round's keys off the chain, and the chain behind it. */
export function takeRound(
  chain: ChainKeys,
  { round, sequence }: Pick<Round, 'round' | 'sequence'>,
): { readonly keys: Map<number, Uint8Array>; readonly next: ChainKeys } {
  const here = movedTo(chain, sequence);
  const keys = new Map([...here.keys].map(([subset, head]) => [subset, ratchet(head, round).roundKey]));
  return { keys, next: movedTo(here, sequence + 1) };
}

/**
 * The chain past all rounds that are over, whether the member has seen them or not [who broke into one that was away could derive their keys]; undefined if it stands there.
 * @param begun rounds that have begun in the term
 * @param live those of them that are not over
 */
export function passOver(
  chain: ChainKeys,
  begun: number,
  live: readonly { readonly round: Pick<Round, 'term' | 'sequence'> }[],
): ChainKeys | undefined {
  const own = live.filter(({ round }) => round.term === chain.term).map(({ round }) => round.sequence);
  const next = Math.min(begun, ...own.filter((sequence) => sequence >= chain.sequence));
  return next > chain.sequence ? movedTo(chain, next) : undefined;
}
