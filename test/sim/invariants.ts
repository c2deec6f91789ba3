/** What must never happen, whatever the network, the disks and the liars do. */
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import {
  type BlockRef,
  checkJustification,
  type Equivocation,
  type SignedMessage,
  votePayload,
} from '../../primitives/grandpa/index.ts';
import { type Block, sign, type World } from './world.ts';

export class Invariants {
  readonly problems: string[] = [];
  readonly #world: World;
  readonly #voters: number;
  readonly #liars: ReadonlySet<number>;
  readonly #now: () => number;
  /** The highest block that any honest node has finalized. */
  highest: Block;
  /** The highest block that the honest precommits of one round and all liars together could finalize. */
  #latent: Block;
  readonly #votes = new Map<string, string>();
  readonly #precommits = new Map<string, Map<string, string>>();
  readonly #honestKeys = new Map<string, boolean>();
  proofs = 0;

  constructor(world: World, voters: number, liars: readonly number[], now: () => number) {
    this.#world = world;
    this.#voters = voters;
    this.#liars = new Set(liars);
    this.#now = now;
    this.highest = world.genesis;
    this.#latent = world.genesis;
  }

  get honestVotes(): number {
    return this.#votes.size;
  }

  isHonest(id: string, setId: bigint): boolean {
    const key = `${setId} ${id}`;
    let honest = this.#honestKeys.get(key);
    if (honest === undefined) {
      const at = this.#world.authorities(Number(setId)).authorities.findIndex((voter) => toHex(voter.id) === id);
      honest = at >= 0 && !this.#liars.has(at);
      this.#honestKeys.set(key, honest);
    }
    return honest;
  }

  /** A proof is stored with a block: it must verify under the set of the block's parent. */
  onFinalized(node: number, ref: BlockRef, bytes: Uint8Array): void {
    this.proofs++;
    const block = this.#world.get(ref.hash);
    const { setId, authorities } = this.#world.authorities(this.#world.get(block.parent).set);
    try {
      const { target, signatures } = checkJustification(bytes, authorities, setId);
      const areSigned = signatures.every(
        ({ publicKey, message, signature }) => toHex(sign(publicKey, message)) === toHex(signature),
      );
      if (!areSigned) throw new Error('a signature is wrong');
      if (target.hash !== block.hash) throw new Error(`it is for block ${target.number}`);
    } catch (error) {
      this.fail(
        `node ${node} stores a proof for block ${block.number} that does not verify: ${(error as Error).message}`,
      );
    }
    const [low, high] = this.highest.number < block.number ? [this.highest, block] : [block, this.highest];
    if (!this.#world.isAtOrAbove(low.hash, high.hash))
      this.fail(`conflict: node ${node} finalizes ${name(block)} against ${name(this.highest)}`);
    this.highest = high;
  }

  /** A vote of an honest voter has left its node, in whatever message. `isOnDisk`: its record would survive a crash. */
  onVote(setId: bigint, round: bigint, { id, kind, target, signature }: SignedMessage, isOnDisk: boolean): void {
    if (!this.isHonest(id, setId)) return;
    const place = `${kind} of round ${round}, set ${setId}, by ${id.slice(0, 8)}`;
    if (!isOnDisk) this.fail(`a vote left before it was on the disk: ${place}`);
    const before = this.#votes.get(place);
    if (before !== undefined && before !== target.hash) this.fail(`an honest double vote: ${place}`);
    this.#votes.set(place, target.hash);
    if (toHex(signature) !== toHex(sign(fromHex(id), votePayload(setId, round, kind, target))))
      this.fail(`a forged vote: ${place}`);
    if (before === undefined && kind === 'precommit') this.#onPrecommit(`${setId}/${round}`, id, target.hash);
  }

  onEquivocation({ id, setId, round, phase }: Equivocation): void {
    if (this.isHonest(id, setId)) this.fail(`the honest ${id.slice(0, 8)} is accused: ${phase} of round ${round}`);
  }

  /**
   * A round begins on a block that is final, or may be: honest votes are all above it. Only votes that have left count, though one that
   * only its own disk has seen can be no other any more either: a restart must send it before it goes on by it.
   */
  onRound(node: number, round: bigint, base: BlockRef): void {
    const block = this.#world.blocks.get(base.hash);
    const isFinal = (head: Block): boolean => block !== undefined && this.#world.isAtOrAbove(base.hash, head.hash);
    if (!isFinal(this.highest) && !isFinal(this.#latent))
      this.fail(`node ${node} counts round ${round} on ${name(base)}, which nobody could finalize`);
  }

  fail(problem: string): void {
    this.problems.push(`t=${this.#now().toFixed(0)} ${problem}`);
  }

  #onPrecommit(round: string, id: string, target: string): void {
    const votes = this.#precommits.get(round) ?? new Map<string, string>();
    this.#precommits.set(round, votes.set(id, target));
    const needed = this.#voters - Math.floor((this.#voters - 1) / 3) - this.#liars.size;
    if (votes.size < needed) return;
    const heads = [...votes.values()];
    for (let at = this.#world.get(target); ; at = this.#world.get(at.parent)) {
      const support = heads.filter((head) => this.#world.isAtOrAbove(at.hash, head)).length;
      if (support >= needed) return this.#onLatent(at, round);
      if (at.number === 0) return;
    }
  }

  #onLatent(block: Block, round: string): void {
    const [low, high] = this.#latent.number < block.number ? [this.#latent, block] : [block, this.#latent];
    if (!this.#world.isAtOrAbove(low.hash, high.hash))
      this.fail(`round ${round} could finalize ${name(block)}, an earlier one ${name(this.#latent)}`);
    this.#latent = high;
  }
}

const name = ({ number, hash }: BlockRef): string => `block ${number} (${hash.slice(0, 8)})`;
