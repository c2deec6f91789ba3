/**
 * A whole network under a virtual clock: voters, a chain that forks, and a network that delays, drops and parts. Everything
 * follows from the seed. What is asserted lives in simulation.test.ts.
 */
import type { CatchUp, CommitPacket, VotePacket, VoterRecord } from '../../../node/consensus/grandpa/types.ts';
import type { BlockRef, Equivocation } from '../../../primitives/grandpa/index.ts';
import { Voter } from '../../../node/consensus/grandpa/voter.ts';
import type { VoterAction, VoterInput } from '../../../node/consensus/grandpa/voter-io.ts';
import { equalVoters, GENESIS, names, seeded, ToyChain, toySignature } from './toy.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly voters: number;
  readonly period?: number;
  /** Chance of losing a gossip message, 0..1. */
  readonly loss?: number;
  /** Delay of a message: up to so many milliseconds. */
  readonly delay?: number;
  /** Milliseconds between blocks, and the chance of a fork at each. */
  readonly blockTime?: number;
  readonly forks?: number;
  /** Positions of voters that send a second, different vote wherever they can. */
  readonly equivocators?: readonly number[];
}

type Event = { readonly at: number; readonly order: number; readonly run: () => void };

class Node {
  readonly id: string;
  readonly chain = new ToyChain();
  voter: Voter | undefined;
  /** What has reached the disk. */
  record: VoterRecord | undefined;
  finalized: BlockRef = GENESIS;
  readonly history: BlockRef[] = [GENESIS];
  ticking = Number.POSITIVE_INFINITY;
  group = 0;

  constructor(id: string) {
    this.id = id;
  }
}

export class Simulation {
  readonly nodes: Node[];
  /** Every block of the world. */
  readonly world = new ToyChain();
  readonly proofs: Equivocation[] = [];
  /** All distinct votes ever sent, by voter, round and kind. */
  readonly sent = new Map<string, Set<string>>();
  loss: number;
  /** Votes that were sent before they were on the disk. */
  unrecorded = 0;
  now = 0;
  readonly #options: Required<SimulationOptions>;
  readonly #random: () => number;
  readonly #queue: Event[] = [];
  #order = 0;
  #height = 0;

  constructor(options: SimulationOptions) {
    this.#options = { period: 100, loss: 0, delay: 60, blockTime: 1000, forks: 0.2, equivocators: [], ...options };
    this.loss = this.#options.loss;
    this.#random = seeded(options.seed);
    this.nodes = names(options.voters).map((id) => new Node(id));
    for (const node of this.nodes) this.start(node);
    this.#later(this.#options.blockTime, () => this.#author());
  }

  /** Starts a voter from what its disk holds. */
  start(node: Node): void {
    const sign = (packet: { round: bigint }, kind: string, target: BlockRef): Uint8Array =>
      toySignature(node.id, packet.round, kind, target.hash);
    node.voter = new Voter(
      {
        voters: equalVoters(this.nodes.length),
        setId: 0n,
        setBase: GENESIS,
        finalized: node.finalized,
        period: this.#options.period,
        self: { id: node.id, sign },
        record: node.record,
      },
      node.chain,
      this.now,
    );
    node.ticking = Number.POSITIVE_INFINITY;
    this.feed(node, { kind: 'tick' });
  }

  stop(node: Node): void {
    node.voter = undefined;
  }

  /** Parts the network: nodes hear only those of their own group. */
  partition(groups: readonly number[]): void {
    for (const [at, node] of this.nodes.entries()) node.group = groups[at] ?? 0;
  }

  /** One network again: nodes fetch the blocks they missed, as the sync does. */
  heal(): void {
    for (const node of this.nodes) node.group = 0;
    for (const from of this.nodes) for (const to of this.nodes) this.#fetchAll(from, to);
  }

  runUntil(time: number): void {
    for (;;) {
      const next = this.#queue[0];
      if (next === undefined || next.at > time) break;
      this.#queue.shift();
      this.now = next.at;
      next.run();
    }
    this.now = time;
  }

  feed(node: Node, input: VoterInput): void {
    const { voter } = node;
    if (voter === undefined) return;
    for (const action of voter.handle(this.now, input)) this.#perform(node, action);
    const wake = Math.max(voter.wakeAt, this.now + 1);
    if (wake >= node.ticking) return;
    node.ticking = wake;
    this.#later(wake - this.now, () => {
      if (node.voter !== voter || node.ticking !== wake) return;
      node.ticking = Number.POSITIVE_INFINITY;
      this.feed(node, { kind: 'tick' });
    });
  }

  #perform(node: Node, action: VoterAction): void {
    switch (action.kind) {
      case 'persist':
        node.record = action.record;
        return;
      case 'send':
        if (!node.record?.cast.some(({ message }) => message === action.packet.message)) this.unrecorded++;
        this.#record(action.packet);
        this.#broadcast(node, (to) => this.feed(to, { kind: 'vote', packet: action.packet }));
        this.#equivocate(node, action.packet);
        return;
      case 'send-commit':
        this.#broadcast(node, (to) => this.feed(to, { kind: 'commit', packet: action.packet }));
        return;
      case 'finalize':
        this.#finalize(node, action.packet);
        return;
      case 'view':
        this.#broadcast(node, (to) => this.feed(to, { kind: 'view', peer: node.id, view: action.view }));
        return;
      case 'ask-catch-up':
        this.#catchUp(node, action.peer, action.round);
        return;
      case 'equivocation':
        this.proofs.push(action.proof);
        return;
      case 'want-block':
        this.#fetch(node, action.block);
        return;
    }
  }

  #finalize(node: Node, packet: CommitPacket): void {
    node.finalized = packet.commit.target;
    node.history.push(packet.commit.target);
  }

  #record(packet: VotePacket): void {
    const { round, message } = packet;
    const key = `${message.id}/${round}/${message.kind}`;
    const targets = this.sent.get(key) ?? new Set();
    targets.add(message.target.hash);
    this.sent.set(key, targets);
  }

  /** Sends half of the network another vote of the same kind, as if signed on a second machine. */
  #equivocate(node: Node, packet: VotePacket): void {
    const { equivocators } = this.#options;
    if (!equivocators.includes(this.nodes.indexOf(node))) return;
    const blocks = [...node.chain.blocks].filter(([hash]) => hash !== packet.message.target.hash);
    const [hash, { number }] = blocks[Math.floor(this.#random() * blocks.length)] ?? [GENESIS.hash, { number: 0 }];
    const { kind } = packet.message;
    const signature = toySignature(node.id, packet.round, kind, hash);
    const message = { ...packet.message, target: { hash, number }, signature };
    this.#broadcast(node, (to) => this.feed(to, { kind: 'vote', packet: { ...packet, message } }));
  }

  #catchUp(node: Node, peer: string, round: bigint): void {
    const other = this.nodes.find(({ id }) => id === peer);
    this.#deliver(node, other, () => {
      const answer: CatchUp | undefined = other?.voter?.answerCatchUp(0n, round);
      this.#deliver(other, node, () => {
        const input: VoterInput =
          answer === undefined ? { kind: 'no-catch-up', peer } : { kind: 'catch-up', peer, catchUp: answer };
        this.feed(node, input);
      });
    });
  }

  /** Blocks come by request/response, which is not lossy but can be cut off. */
  #fetch(node: Node, block: BlockRef): void {
    const holder = this.nodes.find((other) => other.group === node.group && other.chain.blocks.has(block.hash));
    if (holder !== undefined) this.#later(this.#delay() * 2, () => this.#copyBranch(holder, node, block.hash));
  }

  #fetchAll(from: Node, to: Node): void {
    this.#later(this.#delay() * 2, () => {
      for (const hash of from.chain.blocks.keys()) this.#copyBranch(from, to, hash);
    });
  }

  #copyBranch(from: Node, to: Node, hash: string): void {
    const branch: string[] = [];
    let at = hash;
    for (; !to.chain.blocks.has(at); at = from.chain.blocks.get(at)!.parent) branch.push(at);
    if (branch.length === 0) return;
    to.chain.grow(at, ...branch.reverse());
    this.feed(to, { kind: 'blocks' });
  }

  #author(): void {
    const { blockTime, forks } = this.#options;
    this.#later(blockTime * (0.5 + this.#random()), () => this.#author());
    const running = this.nodes.filter(({ voter }) => voter !== undefined);
    const author = running[Math.floor(this.#random() * running.length)];
    if (author === undefined) return;
    const best = author.chain.bestContaining(author.finalized.hash) ?? author.finalized;
    // A fork: built on the parent of the best block, unless that would leave the finalized chain.
    const forked = this.#random() < forks && best.number > author.finalized.number;
    const parent = forked ? author.chain.blocks.get(best.hash)!.parent : best.hash;
    const hash = `b${++this.#height}`;
    this.world.grow(parent, hash);
    author.chain.grow(parent, hash);
    this.feed(author, { kind: 'blocks' });
    this.#broadcast(author, (to) => this.#copyBranch(author, to, hash));
  }

  #broadcast(from: Node, receive: (to: Node) => void): void {
    for (const to of this.nodes) {
      if (to !== from && this.#random() >= this.loss) this.#deliver(from, to, () => receive(to));
    }
  }

  #deliver(from: Node | undefined, to: Node | undefined, run: () => void): void {
    this.#later(this.#delay(), () => {
      if (from !== undefined && to !== undefined && from.group === to.group) run();
    });
  }

  #delay(): number {
    return 1 + this.#random() * this.#options.delay;
  }

  #later(delay: number, run: () => void): void {
    const event = { at: this.now + delay, order: this.#order++, run };
    let at = this.#queue.length;
    while (at > 0 && this.#queue[at - 1]!.at > event.at) at--;
    this.#queue.splice(at, 0, event);
  }
}
