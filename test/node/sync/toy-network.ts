import type { BlockRef, HexHash } from '../../../node/base/types.ts';
import { votePayload } from '../../../node/consensus/grandpa/formats.ts';
import { encodeJustification } from '../../../node/consensus/grandpa/justification.ts';
import type { BlockData, BlocksRequest } from '../../../node/network/wire.ts';
import { readBlocks, type SyncNetwork, statusOf } from '../../../node/network/index.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { ed25519Sign } from '../../../primitives/crypto/signature.ts';
import { ToyChainApi } from '../network/toy-chain.ts';
import { authoritiesOf, voterKeys } from '../network/toy-node.ts';

export const sets = [authoritiesOf(0, 1), authoritiesOf(2, 3)];
export const newChain = (): ToyChainApi => new ToyChainApi('sync', sets);

/** Peers played by chains in the same process, with a hook to lie about blocks. */
export class ToyNetwork implements SyncNetwork {
  readonly chains = new Map<string, ToyChainApi>();
  readonly faults: string[] = [];
  requests: BlocksRequest[] = [];
  lie: (peer: string, request: BlocksRequest, truth: BlockData[]) => BlockData[] = (_peer, _request, truth) => truth;

  peers = (): string[] => [...this.chains.keys()];
  punish = (peer: string, fault: string): void => void this.faults.push(`${peer} ${fault}`);
  readonly useful = new Set<string>();
  noteUse = (peer: string): void => void this.useful.add(peer);
  status = async (peer: string) => statusOf(this.chains.get(peer)!);
  /** Who was asked for what, in order. */
  readonly asked: { peer: string; request: BlocksRequest }[] = [];
  /** Peers that do not answer; the promise ends the wait. */
  readonly slow = new Map<string, (request: BlocksRequest) => Promise<unknown>>();

  async blocks(peer: string, request: BlocksRequest, signal: AbortSignal): Promise<BlockData[]> {
    this.requests.push(request);
    this.asked.push({ peer, request });
    await Promise.race([this.slow.get(peer)?.(request), aborted(signal)]);
    const chain = this.chains.get(peer);
    if (chain === undefined) throw new TacitError('network/unreachable', 'gone');
    return this.lie(peer, request, readBlocks(chain, request));
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(new TacitError('network/timeout', 'given up'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

/** Finalizes a block by the signatures of the set that votes on it. */
export function proofOf(chain: ToyChainApi, hash: HexHash, voters: number[], setId: bigint): Uint8Array {
  const target: BlockRef = { hash, number: chain.header(hash)!.number };
  const precommits = voters.map((at) => {
    const pair = voterKeys[at]!;
    const signature = ed25519Sign(pair, votePayload(setId, 7n, 'precommit', target));
    return { target, signature, id: toHex(pair.publicKey) };
  });
  return encodeJustification(7n, { target, precommits }, (at) => chain.header(at));
}

export async function grow(chain: ToyChainApi, count: number, label = 'x'): Promise<void> {
  for (let at = 0; at < count; at++) await chain.author(`${label}${chain.best().number}`);
}
