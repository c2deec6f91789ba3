/** Which of a validator's keys sign: those that the chain knows it by. */
import { join } from 'node:path';
import { authorityList } from '../../pallets/grandpa/types.ts';
import { auraId } from '../../pallets/session/index.ts';
import { termInfo } from '../../pallets/committee/types.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { decodeAll, option, type Ty, vec } from '../../primitives/scale/index.ts';
import type { Chain } from '../chain/index.ts';
import type { ValidatorKeys } from '../keys.ts';
import { type InForce, SessionKeyring } from '../session-keys.ts';
import type { NodeConfig, Signing } from './types.ts';

const authors = vec(auraId);
const term = option(termInfo);

/** The keys in force in the best block. A committee's member keeps its key until the term changes. */
export function inForce(chain: Chain): InForce {
  const ask = <T>(ty: Ty<T>, method: string): T =>
    decodeAll(ty, chain.call(chain.best().hash, method, new Uint8Array()));
  return {
    aura: ask(authors, 'AuraApi_authorities'),
    grandpa: ask(authorityList, 'GrandpaApi_grandpa_authorities').map(([key]) => key),
    committee: ask(term, 'CommitteeApi_term')?.term.members.map(({ key }) => key) ?? [],
  };
}

/** Finalized blocks between two looks at what is in force. */
const LOOK_EVERY = 30;
const KINDS = ['aura', 'grandpa', 'committee'] as const;

/** Undefined in a node that validates nothing. */
export function signingOf({ keys, directory, log }: NodeConfig, chain: Chain): Signing | undefined {
  if (keys === undefined) return undefined;
  const keyring = new SessionKeyring(join(directory, 'session-keys'), keys);
  const chosen = keyring.chosen(inForce(chain));
  // Keys in use stay in use until the next start: a vote and its record belong to one key.
  const noted = new Set<string>();
  let looked = chain.finalized().number;
  chain.on('finalized', ({ ref }) => {
    if (ref.number < looked + LOOK_EVERY) return;
    looked = ref.number;
    const now = keyring.chosen(inForce(chain));
    for (const kind of KINDS) {
      const key = toHex(now[kind].publicKey);
      if (key === toHex(chosen[kind].publicKey) || noted.has(key)) continue;
      noted.add(key);
      log.warn({ kind, key }, 'a key that this node holds has come into force: start the node again to sign with it');
    }
  });
  return { keyring, keys: chosen, vaultPath: vaultOf(directory, keys, chosen) };
}

/** A vault opens only under the committee key that it was made with: each key has its own. */
function vaultOf(directory: string, own: ValidatorKeys, chosen: ValidatorKeys): string {
  const key = toHex(chosen.committee.publicKey);
  const isOwn = key === toHex(own.committee.publicKey);
  return join(directory, isOwn ? 'committee.vault' : `committee-${key.slice(2, 18)}.vault`);
}
