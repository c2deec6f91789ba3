/**
 * A network of voters under a virtual clock: real voters, disks that are slow and fail, chains that prune, liars, crashes,
 * partitions, messages that are late, lost, doubled or out of order. Everything follows from the seed.
 */
import {
  type BlockRef,
  checkJustification,
  type Justification,
  type SignedMessage,
} from '../../primitives/grandpa/index.ts';
import type { CatchUp, View } from '../../node/consensus/grandpa/types.ts';
import { Clock } from './clock.ts';
import type { Fault } from './faults.ts';
import { Invariants } from './invariants.ts';
import { Liars } from './liars.ts';
import { SimNode } from './node.ts';
import type { Scenario } from './scenarios.ts';
import type { Message, Surroundings } from './surroundings.ts';
import { type Block, World } from './world.ts';

/** Above so many blocks that are not final, authors mostly pause. */
const MAX_UNFINALIZED = 60;
const SYNC_INTERVAL = 1_000;

export class Simulation implements Surroundings<SimNode> {
  readonly scenario: Scenario;
  readonly fault: Fault | undefined;
  readonly clock: Clock;
  readonly world: World;
  readonly invariants: Invariants;
  readonly liars: Liars;
  /** By position; liars have none. */
  readonly nodes: readonly (SimNode | undefined)[];
  isChaos = true;
  readonly #fetching = new Set<string>();

  constructor(scenario: Scenario, seed: number, fault?: Fault) {
    this.scenario = scenario;
    this.fault = fault;
    this.clock = new Clock(seed);
    this.world = new World(scenario.voters);
    this.invariants = new Invariants(this.world, scenario.voters, scenario.liars, () => this.clock.now);
    this.liars = new Liars(this);
    this.nodes = Array.from({ length: scenario.voters }, (_, at) =>
      scenario.liars.includes(at) ? undefined : new SimNode(at, this),
    );
    for (const node of this.honest()) node.boot();
    this.clock.later(scenario.slot, () => this.#author(1));
    this.clock.later(SYNC_INTERVAL, () => this.#sync());
  }

  honest(): SimNode[] {
    return this.nodes.filter((node) => node !== undefined);
  }

  running(): SimNode[] {
    return this.honest().filter(({ isUp }) => isUp);
  }

  /** Handled inputs of all voters. */
  get inputs(): number {
    return this.honest().reduce((sum, { inputs }) => sum + inputs, 0);
  }

  get isSound(): boolean {
    return this.invariants.problems.length === 0;
  }

  run(milliseconds: number): void {
    this.clock.runUntil(this.clock.now + milliseconds, () => this.isSound);
  }

  /** Crashes, partitions and losses, for so long. */
  chaos(milliseconds: number): void {
    const { clock, scenario } = this;
    this.isChaos = true;
    const end = clock.now + milliseconds;
    while (clock.now < end && this.isSound) {
      const dice = clock.random();
      const { partitions, crashes, blackouts } = scenario;
      const groups = 2 + clock.below(2);
      if (dice < partitions) for (const node of this.honest()) node.group = clock.below(groups);
      else if (dice < partitions + 0.15) for (const node of this.honest()) node.group = 0;
      else if (dice < partitions + 0.15 + crashes) this.#crashOrBoot(clock.pick(this.honest())!);
      else if (dice < partitions + 0.15 + crashes + blackouts) for (const node of this.honest()) this.#crash(node, 300);
      this.run(Math.min(end - clock.now, 100 + clock.random() * 1800));
    }
  }

  /** The network is well again: how long until every honest node has finalized `blocks` more than any had; Infinity if never. */
  heal(blocks: number, limit: number): number {
    this.isChaos = false;
    for (const node of this.honest()) {
      node.group = 0;
      if (!node.isUp) node.boot();
    }
    const from = this.clock.now;
    const goal = this.invariants.highest.number + blocks;
    while (this.isSound && this.clock.now < from + limit) {
      if (this.honest().every(({ chain }) => chain.finalized().number >= goal)) return this.clock.now - from;
      this.run(250);
    }
    return Infinity;
  }

  /** Finality has stood still: so many blocks that everybody has and nobody has finalized, with a hand-over at some heights. */
  stall(blocks: number, handovers: readonly number[] = []): Block {
    let head = this.world.genesis;
    for (let number = 1; number <= blocks; number++) {
      head = this.world.make(head, handovers.includes(number));
      for (const { chain } of this.honest()) chain.add(head);
    }
    return head;
  }

  #crashOrBoot(node: SimNode): void {
    if (node.isUp) this.#crash(node, this.clock.chance(0.6) ? 1_500 : Infinity);
    else node.boot();
  }

  #crash(node: SimNode, downTime: number): void {
    node.crash();
    const { epoch } = node;
    if (downTime === Infinity) return;
    this.clock.later(this.clock.random() * downTime, () => {
      if (node.epoch === epoch && !node.isUp) node.boot();
    });
  }

  // ---- messages

  #delay(): number {
    const { delay, tail } = this.scenario;
    const late = this.isChaos && this.clock.chance(0.05) ? this.clock.random() * tail : 0;
    return 1 + this.clock.random() * delay + late;
  }

  #deliver(from: SimNode, to: SimNode, run: () => void, extra = 0): void {
    const { clock, scenario, isChaos } = this;
    if (isChaos && clock.chance(scenario.loss)) return;
    for (let copies = isChaos && clock.chance(scenario.duplicates) ? 2 : 1; copies > 0; copies--) {
      clock.later(this.#delay() + clock.random() * extra, () => {
        if (from.group === to.group && to.isUp) run();
      });
    }
  }

  deliverLie(to: SimNode, run: () => void): void {
    this.clock.later(1 + this.clock.random() * 50, () => {
      if (to.isUp) run();
    });
  }

  gossip(from: SimNode, message: Message, except?: number): void {
    if (message.tag === 'vote') this.liars.hear(message.packet);
    for (const to of this.honest()) {
      if (to !== from && to.index !== except) this.#deliver(from, to, () => this.onGossip(to, from.index, message));
    }
  }

  onGossip(to: SimNode, from: number, message: Message): void {
    if (to.hear(message) && to.isUp && this.clock.chance(this.scenario.relay)) this.gossip(to, message, from);
  }

  /** A question and its answer, or none after a while. */
  #ask<T>(node: SimNode, peer: number, answer: () => T | undefined, got: (value: T | undefined) => void): void {
    const { clock } = this;
    const { epoch } = node;
    const other = this.nodes[peer];
    const isThere = (): boolean => other === undefined || (other.isUp && other.group === node.group);
    clock.later(this.#delay(), () => {
      const value = isThere() ? answer() : undefined;
      clock.later(value === undefined ? 500 : this.#delay(), () => {
        if (node.epoch === epoch) got(isThere() ? value : undefined);
      });
    });
  }

  exchangeViews(node: SimNode): void {
    const view = node.set!.voter.view;
    for (let peer = 0; peer < this.nodes.length; peer++) {
      if (peer === node.index) continue;
      const other = this.nodes[peer];
      const answer = (): View | undefined => {
        if (other === undefined) return this.liars.view(node);
        other.feed({ kind: 'view', peer: String(node.index), view });
        return other.set?.voter.view;
      };
      this.#ask(node, peer, answer, (told) => {
        if (told !== undefined) node.feed({ kind: 'view', peer: String(peer), view: told });
      });
    }
  }

  askCatchUp(node: SimNode, peer: string, round: bigint): void {
    const { setId } = node.set!.voter;
    const other = this.nodes[Number(peer)];
    const answer = (): CatchUp | undefined =>
      other === undefined ? this.liars.catchUp(setId, round) : other.answerCatchUp(setId, round);
    this.#ask(node, Number(peer), answer, (catchUp) =>
      node.feed(catchUp === undefined ? { kind: 'no-catch-up', peer } : { kind: 'catch-up', peer, catchUp }),
    );
  }

  otherVote({ round, commit }: Justification): SignedMessage | undefined {
    const { set } = this.world.get(this.world.get(commit.target.hash).parent);
    for (const vote of commit.precommits) {
      const other = this.liars.other(BigInt(set), round, vote);
      if (other !== undefined) return other;
    }
    return undefined;
  }

  // ---- blocks

  #author(slot: number): void {
    const { clock, scenario } = this;
    clock.later(scenario.slot, () => this.#author(slot + 1));
    const author = this.nodes[slot % scenario.voters];
    if (author === undefined) return this.liars.author();
    if (!author.isUp) return;
    const parent = author.chain.best();
    if (parent.number - author.chain.finalized().number > MAX_UNFINALIZED && clock.chance(0.8)) return;
    const block = this.world.make(parent, clock.chance(scenario.setChanges));
    author.addBlock(block);
    this.#announce(author, block);
  }

  #announce(from: SimNode, block: Block): void {
    const receive = (to: SimNode): void => {
      if (to.chain.block(block.hash) !== undefined) return;
      this.giveBranch(to, block);
      if (to.chain.tree.has(block.hash) && this.clock.chance(0.5)) this.#announce(to, block);
    };
    for (const to of this.honest()) {
      if (to !== from) this.#deliver(from, to, () => receive(to), this.scenario.blockDelay);
    }
  }

  /** The block and those below it that the node lacks, if they lead to its chain. */
  giveBranch(to: SimNode, block: Block): void {
    const branch: Block[] = [];
    for (let at = block; !to.chain.tree.has(at.hash); at = this.world.get(at.parent)) {
      if (at.number <= to.chain.finalized().number) return;
      branch.push(at);
    }
    for (const each of branch.reverse()) if (to.isUp) to.addBlock(each);
  }

  want(node: SimNode, { hash }: BlockRef): void {
    const name = `${node.index} ${hash}`;
    if (this.#fetching.has(name)) return;
    this.#fetching.add(name);
    this.clock.later(this.#delay() * 2, () => {
      this.#fetching.delete(name);
      const holders = this.running().filter((other) => other.group === node.group && other.chain.tree.has(hash));
      if (node.isUp && holders.length > 0) this.giveBranch(node, this.world.get(hash));
    });
  }

  /** Every second everybody compares with another: best chain and proofs, as node/sync does. */
  #sync(): void {
    const { clock } = this;
    clock.later(SYNC_INTERVAL, () => this.#sync());
    for (const node of this.running()) {
      const peer = clock.pick(this.honest())!;
      if (peer === node) continue;
      clock.later(this.#delay() * 2, () => {
        if (node.isUp && peer.isUp && node.group === peer.group) this.#pull(node, peer);
      });
    }
  }

  #pull(node: SimNode, peer: SimNode): void {
    const { epoch } = node;
    const { number: own } = node.chain.finalized();
    for (let number = own + 1; number <= peer.chain.finalized().number; number++) {
      const block = this.world.get(peer.chain.canonical[number]!);
      node.addBlock(block);
      const proof = peer.chain.justifications.get(block.hash);
      if (proof !== undefined) this.#finalizeBy(node, block, proof);
      if (node.epoch !== epoch) return;
    }
    this.giveBranch(node, peer.chain.best());
  }

  /** As node/sync/finality.ts: by the proof of the set that votes on the block, sets one after the other. */
  #finalizeBy(node: SimNode, block: Block, proof: Uint8Array): void {
    const { chain } = node;
    if (block.number <= chain.finalized().number || !chain.tree.has(block.hash)) return;
    const { setId, authorities } = this.world.authorities(this.world.get(block.parent).set);
    if (setId !== chain.authorities(chain.finalized().hash).setId) return;
    try {
      checkJustification(proof, authorities, setId);
    } catch {
      return;
    }
    node.finalizeBy(block, proof);
  }
}
