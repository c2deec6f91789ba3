/** Who may author and who may finalize, as the state of a block says by its runtime APIs. */
import { decodeAll, fixed, tuple, u64, vec } from '../../primitives/scale/index.ts';
import type { ChainRuntime, StateReader } from './runtime.ts';
import type { AuthoritySet } from './types.ts';

const NOTHING = new Uint8Array(0);
const auraAuthoritiesTy = vec(fixed(32));
const grandpaAuthoritiesTy = vec(tuple(fixed(32), u64));

/** sr25519 public keys, in the order of their slots. */
export function auraAuthorities(runtime: ChainRuntime, state: StateReader): Uint8Array[] {
  return decodeAll(auraAuthoritiesTy, runtime.call(state, 'AuraApi_authorities', NOTHING));
}

/** Milliseconds. */
export function slotDuration(runtime: ChainRuntime, state: StateReader): number {
  return Number(decodeAll(u64, runtime.call(state, 'AuraApi_slot_duration', NOTHING)));
}

export function grandpaAuthorities(runtime: ChainRuntime, state: StateReader): AuthoritySet {
  const list = decodeAll(grandpaAuthoritiesTy, runtime.call(state, 'GrandpaApi_grandpa_authorities', NOTHING));
  return {
    setId: decodeAll(u64, runtime.call(state, 'GrandpaApi_current_set_id', NOTHING)),
    authorities: list.map(([id, weight]) => ({ id, weight })),
  };
}
