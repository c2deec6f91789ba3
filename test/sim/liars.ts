/** Voters that say what they like: two votes for one thing, other votes to each, blocks that only some get, crooked answers. */
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { type BlockRef, type SignedMessage, type SignedVote, votePayload } from '../../primitives/grandpa/index.ts';
import type { CatchUp, RoundVotes, View, VotePacket } from '../../node/consensus/grandpa/types.ts';
import type { Clock } from './clock.ts';
import type { SimNode } from './node.ts';
import type { Scenario } from './scenarios.ts';
import type { Message } from './surroundings.ts';
import { type Block, sign, type World } from './world.ts';

/** The network as liars use it. */
export interface Victims {
  readonly scenario: Scenario;
  readonly clock: Clock;
  readonly world: World;
  readonly isChaos: boolean;
  running(): SimNode[];
  deliverLie(to: SimNode, run: () => void): void;
  onGossip(to: SimNode, from: number, message: Message): void;
  giveBranch(to: SimNode, block: Block): void;
}

const KINDS = ['prevote', 'precommit', 'precommit', 'prevote', 'propose'] as const;

export class Liars {
  readonly #sim: Victims;
  /** Honest votes that have been heard, to be put into crooked messages. */
  readonly #heard: VotePacket[] = [];
  /** Own precommits, by set, round and voter. */
  readonly #said = new Map<string, SignedMessage[]>();
  messages = 0;

  constructor(sim: Victims) {
    this.#sim = sim;
    if (sim.scenario.liars.length > 0) sim.clock.later(50, () => this.#act());
  }

  hear(packet: VotePacket): void {
    if (this.#heard.length < 2_000) this.#heard.push(packet);
    else this.#heard[this.#sim.clock.below(2_000)] = packet;
  }

  #vote(liar: number, setId: bigint, round: bigint, kind: SignedMessage['kind'], target: BlockRef): VotePacket {
    const key = this.#sim.world.keyOf(liar, Number(setId));
    const signature = sign(key, votePayload(setId, round, kind, target));
    const message: SignedMessage = { kind, target, id: toHex(key), signature };
    if (kind === 'precommit') {
      const name = `${setId}/${round}/${message.id}`;
      const said = this.#said.get(name) ?? [];
      if (said.length < 8) this.#said.set(name, [...said, message]);
    }
    return { setId, round, message };
  }

  /** Another precommit of the voter in this round. */
  other(setId: bigint, round: bigint, vote: SignedVote): SignedMessage | undefined {
    return this.#said.get(`${setId}/${round}/${vote.id}`)?.find(({ target }) => target.hash !== vote.target.hash);
  }

  #act(): void {
    const { clock, scenario } = this.#sim;
    clock.later(20 + clock.random() * 60, () => this.#act());
    if (!this.#sim.isChaos && scenario.liarsRelent) return;
    const listeners = this.#sim.running();
    if (listeners.length === 0) return;
    for (const liar of scenario.liars) {
      for (let count = 1 + clock.below(3); count > 0; count--) this.#voteAt(liar, clock.pick(listeners)!, listeners);
      if (clock.chance(0.1)) this.#lieAbout(liar, clock.pick(listeners)!);
    }
  }

  #voteAt(liar: number, to: SimNode, listeners: readonly SimNode[]): void {
    const { clock } = this.#sim;
    const { voter } = to.set!;
    const round = voter.round + BigInt(clock.below(4) - 1);
    if (round < 1n) return;
    const kind = clock.pick(KINDS)!;
    const packet = this.#vote(liar, voter.setId, round, kind, this.#target(to, kind));
    const heard = clock.chance(0.6) ? [to] : listeners.filter(() => clock.chance(0.5));
    for (const node of heard) {
      this.messages++;
      const attempt = clock.below(5);
      this.#sim.deliverLie(node, () => this.#sim.onGossip(node, liar, { tag: 'vote', packet, attempt }));
    }
  }

  /** What helps this very node on, or another block, or one that nobody has. */
  #target(to: SimNode, kind: SignedMessage['kind']): BlockRef {
    const { clock } = this.#sim;
    const mood = clock.random();
    const { prevoteGhost } = to.set!.voter.roundState;
    if (mood < 0.45) return refOf((kind === 'precommit' ? prevoteGhost : undefined) ?? to.chain.best());
    if (mood < 0.85) return this.#anyBlock();
    const { number } = to.chain.best();
    if (mood < 0.95) return { hash: toHex(hash32Of('sim/nowhere', clock.below(1_000_000))), number };
    return { ...this.#anyBlock(), number: number + 1 };
  }

  #anyBlock(): BlockRef {
    const { clock, world } = this.#sim;
    const node = clock.pick(this.#sim.running());
    if (node !== undefined && clock.chance(0.85)) return refOf(clock.pick([...node.chain.tree.values()])!);
    return refOf(world.all[Math.max(0, world.all.length - 1 - clock.below(40))]!);
  }

  #lieAbout(liar: number, to: SimNode): void {
    this.messages++;
    this.#sim.deliverLie(to, () => to.feed({ kind: 'view', peer: String(liar), view: this.view(to) }));
  }

  view(to: SimNode): View {
    const { clock } = this.#sim;
    const own = to.set?.voter.round ?? 1n;
    const round = clock.chance(0.2) ? 2n ** 40n : own + BigInt(clock.below(6));
    return { setId: to.set?.voter.setId ?? 0n, round, finalized: 0 };
  }

  /** Another's answer, cut down to a threshold and bent. */
  catchUp(setId: bigint, round: bigint): CatchUp | undefined {
    const { clock, scenario } = this.#sim;
    const answer = clock.pick(this.#sim.running())?.answerCatchUp(setId, round);
    if (answer === undefined) return undefined;
    const needed = scenario.voters - Math.floor((scenario.voters - 1) / 3);
    const cut = (votes: readonly SignedVote[]): SignedVote[] => {
      const ids = [...new Set(votes.map(({ id }) => id))];
      while (ids.length > needed && clock.chance(0.8)) ids.splice(clock.below(ids.length), 1);
      return votes.filter(({ id }) => ids.includes(id));
    };
    const bend = (votes: RoundVotes): RoundVotes => ({
      round: votes.round,
      // One that the votes themselves name still completes the round, and is not final yet.
      base: clock.chance(0.4) ? refOf(clock.pick(votes.ancestry) ?? this.#anyBlock()) : votes.base,
      prevotes: cut(votes.prevotes),
      precommits: cut(votes.precommits),
      ancestry: clock.chance(0.3) ? votes.ancestry.filter(() => clock.chance(0.7)) : votes.ancestry,
    });
    return { setId, rounds: answer.rounds.map(bend) };
  }

  /** Blocks on one of the last few, given to some. */
  author(): void {
    const { clock, scenario, world } = this.#sim;
    const source = clock.pick(this.#sim.running());
    if (source === undefined) return;
    for (let count = 1 + clock.below(3); count > 0; count--) {
      const heads = [...source.chain.tree.values()].sort((a, b) => b.number - a.number);
      const parent = heads[Math.min(heads.length - 1, clock.below(3))]!;
      const block = world.make(parent, clock.chance(scenario.setChanges));
      for (const node of this.#sim.running()) {
        if (clock.chance(0.6)) clock.later(clock.random() * 400, () => this.#sim.giveBranch(node, block));
      }
    }
  }
}

const refOf = ({ hash, number }: BlockRef): BlockRef => ({ hash, number });
