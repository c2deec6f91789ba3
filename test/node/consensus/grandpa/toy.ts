/** Voters, blocks and votes for the tests of the pure part: hashes are readable texts, signatures are not looked at. */
import { createHash } from 'node:crypto';
import type { ChainView } from '../../../../node/consensus/grandpa/types.ts';
import {
  type BlockRef,
  type KnownBlock,
  type Phase,
  type SignedVote,
  type VoteKind,
  VoterSet,
} from '../../../../primitives/grandpa/index.ts';

export const GENESIS: BlockRef = { hash: 'genesis', number: 0 };

/** Hashes are names here, so no header has anything to say. */
const HEADER: KnownBlock['header'] = {
  parentHash: new Uint8Array(32),
  number: 0,
  stateRoot: new Uint8Array(32),
  extrinsicsRoot: new Uint8Array(32),
  digest: { logs: [] },
};

/** A tree of blocks; best is the highest, first seen. */
export class ToyChain implements ChainView {
  readonly blocks = new Map<string, { number: number; parent: string }>([[GENESIS.hash, { number: 0, parent: '' }]]);

  /** Adds blocks one upon another and gives the last. */
  grow(parent: string, ...hashes: string[]): BlockRef {
    let number = this.blocks.get(parent)!.number;
    let below = parent;
    for (const hash of hashes) {
      number++;
      if (!this.blocks.has(hash)) this.blocks.set(hash, { number, parent: below });
      below = hash;
    }
    return { hash: below, number };
  }

  ref(hash: string): BlockRef {
    return { hash, number: this.blocks.get(hash)!.number };
  }

  block(hash: string): KnownBlock | undefined {
    const block = this.blocks.get(hash);
    return block && { ...block, header: HEADER };
  }

  isAtOrAbove(ancestor: string, hash: string): boolean {
    for (let at: string | undefined = hash; at; at = this.blocks.get(at)?.parent) if (at === ancestor) return true;
    return false;
  }

  bestContaining(hash: string, ceiling = Infinity): BlockRef | undefined {
    let best: BlockRef | undefined;
    for (const [candidate, { number }] of this.blocks) {
      if ((best === undefined || number > best.number) && this.isAtOrAbove(hash, candidate)) {
        best = { hash: candidate, number };
      }
    }
    while (best !== undefined && best.number > ceiling)
      best = { hash: this.blocks.get(best.hash)!.parent, number: best.number - 1 };
    return best;
  }
}

export function names(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `v${at}`);
}

export function equalVoters(count: number): VoterSet {
  return new VoterSet(names(count).map((id) => ({ id, weight: 1n })));
}

/** A stand-in for a signature that differs with everything signed. */
export function toySignature(...parts: (string | number | bigint)[]): Uint8Array {
  return new Uint8Array(createHash('sha512').update(parts.join('|')).digest());
}

export function vote(id: string, target: BlockRef, kind: VoteKind | Phase = 'prevote'): SignedVote {
  return { id, target, signature: toySignature(id, kind, target.hash) };
}
