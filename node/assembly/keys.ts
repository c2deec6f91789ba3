/** Which of a validator's keys sign: those that the chain knows it by. */
import { join } from 'node:path';
import { auraId } from '../../pallets/session/index.ts';
import { termInfo } from '../../pallets/committee/types.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { decodeAll, option, type Ty, vec } from '../../primitives/scale/index.ts';
import type { HexHash } from '../base/types.ts';
import type { Chain } from '../chain/index.ts';
import type { ValidatorKeys } from '../keys.ts';
import { type InForce, SessionKeyring } from '../session-keys.ts';
import { Successors } from './successors.ts';
import type { NodeConfig, Signing } from './types.ts';

const authors = vec(auraId);
const term = option(termInfo);

/**
 * The keys in force where each is used: blocks are made on the best one, votes and the committee's posts follow what is final. The vote that makes a change of
 * keys final is one of the old keys. A committee's member keeps its key until the term changes.
 */
function inForce(chain: Chain): InForce {
  const [best, { hash: final }] = [chain.best().hash, chain.finalized()];
  const ask = <T>(ty: Ty<T>, method: string, hash: HexHash): T =>
    decodeAll(ty, chain.call(hash, method, new Uint8Array()));
  return {
    aura: ask(authors, 'AuraApi_authorities', best),
    grandpa: chain.authorities(final).authorities.map(({ id }) => id),
    committee: ask(term, 'CommitteeApi_term', final)?.term.members.map(({ key }) => key) ?? [],
  };
}

/** Finalized blocks between two looks at what is in force. */
const LOOK_EVERY = 30;

/** Chooses the keys that sign, and takes them. Undefined in a node that validates nothing. @throws `cli/key-in-use` */
export async function signingOf(
  config: NodeConfig,
  chain: Chain,
  onError: (e: unknown) => void,
): Promise<Signing | undefined> {
  const { keys, directory, claims } = config;
  if (keys === undefined) return undefined;
  const keyring = new SessionKeyring(join(directory, 'session-keys'), keys);
  const chosen = keyring.chosen(inForce(chain));
  await claims.take(chosen);
  const successors = new Successors(config, chosen);
  let looked = chain.finalized().number;
  const hadBlocks = looked > 0;
  chain.on('finalized', ({ ref }) => {
    if (ref.number < looked + LOOK_EVERY) return;
    looked = ref.number;
    successors.look(keyring.chosen(inForce(chain))).catch(onError);
  });
  return { keyring, keys: chosen, vaultPath: vaultOf(directory, keys, chosen), hadBlocks };
}

/** A vault opens only under the committee key that it was made with: each key has its own. */
function vaultOf(directory: string, own: ValidatorKeys, chosen: ValidatorKeys): string {
  const key = toHex(chosen.committee.publicKey);
  const isOwn = key === toHex(own.committee.publicKey);
  return join(directory, isOwn ? 'committee.vault' : `committee-${key.slice(2, 18)}.vault`);
}
