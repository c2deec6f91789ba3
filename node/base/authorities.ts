/** Who may author and who may finalize, as the state of a block says by its runtime APIs. */
import { decodeAll, fixed, tuple, u64, vec } from '../../primitives/scale/index.ts';
import type { AuthoritySet } from './types.ts';

/** Calls a runtime API without arguments on some state. */
export type Ask = (method: string) => Uint8Array;

const auraAuthoritiesTy = vec(fixed(32));
const grandpaAuthoritiesTy = vec(tuple(fixed(32), u64));

/** sr25519 public keys, in the order of their slots. */
export const auraAuthorities = (ask: Ask): Uint8Array[] => decodeAll(auraAuthoritiesTy, ask('AuraApi_authorities'));

/** Milliseconds. */
export const slotDuration = (ask: Ask): number => Number(decodeAll(u64, ask('AuraApi_slot_duration')));

export function grandpaAuthorities(ask: Ask): AuthoritySet {
  const list = decodeAll(grandpaAuthoritiesTy, ask('GrandpaApi_grandpa_authorities'));
  return {
    setId: decodeAll(u64, ask('GrandpaApi_current_set_id')),
    authorities: list.map(([id, weight]) => ({ id, weight })),
  };
}
