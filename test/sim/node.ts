/** One honest node: the real voter as node/consensus/grandpa/set.ts opens it, with a disk that is slow and fails, and a chain that prunes. */
import { toHex } from '../../primitives/crypto/hex.ts';
import {
  type BlockRef,
  checkProof,
  type Justification,
  justificationCodec,
  type SignedMessage,
} from '../../primitives/grandpa/index.ts';
import { grandpaResponse, voterRecord } from '../../node/consensus/grandpa/formats.ts';
import { isBehind, lastCast } from '../../node/consensus/grandpa/last-vote.ts';
import { openSet, type RunningSet } from '../../node/consensus/grandpa/set.ts';
import type { CatchUp, VotePacket, VotePosition, VoterRecord } from '../../node/consensus/grandpa/types.ts';
import type { VoterAction, VoterInput } from '../../node/consensus/grandpa/voter-io.ts';
import { bent, toldBase } from './bent.ts';
import type { Message, Surroundings } from './surroundings.ts';
import { type Block, SimChain, sign } from './world.ts';

/** Milliseconds until a write that is not synced is on the disk. */
const WRITTEN_BACK = 5_000;
const silent = { info: () => undefined, error: () => undefined };

export class SimNode {
  readonly index: number;
  readonly chain: SimChain;
  readonly #around: Surroundings<SimNode>;
  set: RunningSet | undefined;
  group = 0;
  /** What a crash leaves. */
  #record: Uint8Array | undefined;
  #lastVote: VotePosition | undefined;
  /** Of the records on the disk: own votes. */
  readonly #onDisk = new Set<string>();
  /** Changes with every start: what was under way before is lost. */
  epoch = 0;
  #attempt = 0;
  #wake = Infinity;
  inputs = 0;

  constructor(index: number, around: Surroundings<SimNode>) {
    this.index = index;
    this.#around = around;
    this.chain = new SimChain(around.world);
    if (around.fault === 'votes-for-the-longest') this.chain.bestContaining = () => this.chain.best();
  }

  get isUp(): boolean {
    return this.set !== undefined;
  }

  boot(): void {
    this.epoch++;
    this.#wake = Infinity;
    this.#open();
    this.feed({ kind: 'tick' });
  }

  crash(): void {
    this.epoch++;
    this.set = undefined;
  }

  #open(): void {
    const { world, clock, fault, scenario } = this.#around;
    const { set } = this.chain.finalized();
    const publicKey = world.keyOf(this.index, set);
    const forgets = fault === 'forgets-votes';
    const position = forgets || fault === 'votes-again' ? undefined : this.#lastVote;
    this.set = openSet(
      {
        chain: this.chain,
        store: { get: () => (forgets ? undefined : this.#record && bent(this.#record, fault)) },
        log: silent,
        key: { publicKey, sign: (payload) => sign(publicKey, payload) },
        period: scenario.period,
        lastVote: { position },
      },
      clock.now,
    );
    if (fault === 'counts-short') {
      const { voters } = this.set;
      Object.defineProperty(voters, 'threshold', { value: voters.total - 2n * voters.faulty });
    }
  }

  feed(input: VoterInput): void {
    const { set } = this;
    if (set === undefined) return;
    this.inputs++;
    const { voter, filter } = set;
    for (const action of voter.handle(this.#around.clock.now, input)) {
      if (this.set === set) this.#perform(action);
    }
    filter.prune(voter.round - 3n);
    if (this.set === set) this.#sleep(set);
  }

  #sleep(set: RunningSet): void {
    const { clock } = this.#around;
    const wake = Math.max(set.voter.wakeAt, clock.now + 1);
    if (wake >= this.#wake) return;
    this.#wake = wake;
    const { epoch } = this;
    clock.later(wake - clock.now, () => {
      if (this.epoch !== epoch || this.#wake !== wake) return;
      this.#wake = Infinity;
      this.feed({ kind: 'tick' });
    });
  }

  #perform(action: VoterAction): void {
    const { fault, invariants } = this.#around;
    switch (action.kind) {
      case 'persist':
        return this.#write(action.effect, action.record);
      case 'finalize':
        return this.#effect(action.effect, () => this.#finalize(action.justification));
      case 'send':
        if (fault !== 'never-repeats' || !action.again) this.#send(action.packet, action.again);
        return;
      case 'send-commit':
        return this.#around.gossip(this, { tag: 'commit', packet: action.packet });
      case 'view':
        return this.#around.exchangeViews(this);
      case 'ask-catch-up':
        if (fault === 'never-repeats') return this.feed({ kind: 'no-catch-up', peer: action.peer });
        return this.#around.askCatchUp(this, action.peer, action.round);
      case 'want-block':
        return this.#around.want(this, action.block);
      case 'equivocation':
        return invariants.onEquivocation(action.proof);
    }
  }

  // ---- disk

  /** Carries something out after a while, or fails; the voter hears of it if it still runs. */
  #effect(effect: number, work: () => void): void {
    const { clock, scenario } = this.#around;
    const { epoch, set } = this;
    const fails = clock.chance(scenario.diskFailures);
    clock.later(this.#diskTime(), () => {
      if (this.epoch !== epoch) return;
      if (!fails) work();
      // A change of the set makes another voter, which has not asked for this.
      if (this.set === set) this.feed({ kind: fails ? 'failed' : 'done', effect });
    });
  }

  #write(effect: number, record: VoterRecord): void {
    const { clock, fault, scenario, invariants } = this.#around;
    const { epoch, set } = this;
    invariants.onRound(this.index, record.running.round, record.running.base);
    const isEarly = fault === 'trusts-the-disk';
    const fails = clock.chance(scenario.diskFailures);
    clock.later(this.#diskTime(), () => {
      // A crash while it is written: it may be there or not.
      const isWritten = this.epoch === epoch ? !fails : clock.chance(0.5) && this.epoch === epoch + 1 && !this.isUp;
      if (isWritten) this.#store(record);
      if (this.epoch === epoch && this.set === set && !isEarly) this.feed({ kind: fails ? 'failed' : 'done', effect });
    });
    if (isEarly) clock.later(0, () => this.set === set && this.feed({ kind: 'done', effect }));
  }

  /** Puts a record onto the disk; with a store that does not sync, if no crash comes before that happens. */
  #store(record: VoterRecord): void {
    const { clock, fault } = this.#around;
    if (fault !== 'never-syncs') return this.#keep(record);
    const { epoch } = this;
    clock.later(WRITTEN_BACK, () => {
      if (this.epoch === epoch) this.#keep(record);
    });
  }

  #keep(record: VoterRecord): void {
    this.#record = voterRecord.codec.enc(record);
    const last = lastCast(record);
    if (last && isBehind(this.#lastVote, last)) this.#lastVote = last;
    // Goes on from what it would have believed at once.
    if (this.#around.fault === 'believes-bases' && toldBase(record) !== record.running.base) this.#open();
    for (const { round, message } of record.cast) this.#onDisk.add(voteName(record.setId, round, message));
  }

  #diskTime(): number {
    const { clock, scenario } = this.#around;
    return clock.random() * scenario.disk * (clock.chance(0.02) ? 50 : 1);
  }

  // ---- votes

  #send(packet: VotePacket, again: boolean): void {
    const { clock } = this.#around;
    this.#tell(packet.setId, packet.round, packet.message);
    if (again) this.#attempt = Math.max(this.#attempt + 1, Math.floor(clock.now / 100));
    const attempt = again ? this.#attempt : 0;
    this.set?.filter.note(packet, attempt, clock.now);
    this.#around.gossip(this, { tag: 'vote', packet, attempt });
  }

  /** A vote leaves; only of our own the disk must know. */
  #tell(setId: bigint, round: bigint, message: SignedMessage): void {
    const isOwn = message.id === toHex(this.#around.world.keyOf(this.index, Number(setId)));
    const isOnDisk = !isOwn || this.#onDisk.has(voteName(setId, round, message));
    this.#around.invariants.onVote(setId, round, message, isOnDisk);
  }

  /** Gossip as judge.ts takes it. Whether it is worth passing on. */
  hear(message: Message): boolean {
    const { set } = this;
    if (set === undefined) return false;
    const { voter, voters, filter } = set;
    const { now } = this.#around.clock;
    if (message.tag === 'vote') {
      const { packet, attempt } = message;
      if (!voter.isRelevant(packet.setId, packet.round) || voters.position(packet.message.id) === undefined)
        return false;
      if (!filter.wants(packet, attempt, now)) return false;
      filter.note(packet, attempt, now);
      this.feed({ kind: 'vote', packet });
      return true;
    }
    const { setId, justification } = message.packet;
    if (setId !== voter.setId || !voter.needsCommit(justification.commit.target.number)) return false;
    try {
      checkProof(justification, voters, setId);
    } catch {
      return false;
    }
    this.feed({ kind: 'commit', packet: message.packet });
    return true;
  }

  /** The bytes of an answer, as they go over the wire. */
  answerCatchUp(setId: bigint, round: bigint): CatchUp | undefined {
    const answer = this.set?.voter.answerCatchUp(setId, round);
    if (answer === undefined) return undefined;
    for (const { round: number, prevotes, precommits } of answer.rounds) {
      for (const vote of prevotes) this.#tell(setId, number, { ...vote, kind: 'prevote' });
      for (const vote of precommits) this.#tell(setId, number, { ...vote, kind: 'precommit' });
    }
    const bytes = grandpaResponse.codec.enc({ tag: 'catchUp', value: answer });
    return grandpaResponse.codec.dec(bytes).value as CatchUp;
  }

  // ---- blocks

  addBlock(block: Block): void {
    if (this.chain.add(block)) this.feed({ kind: 'blocks' });
  }

  #finalize(justification: Justification): void {
    const { target } = justification.commit;
    if (target.number <= this.chain.finalized().number) return;
    const other = this.#around.fault === 'proves-with-both-votes' ? this.#around.otherVote(justification) : undefined;
    const commit = {
      target,
      precommits: [...justification.commit.precommits, ...(other === undefined ? [] : [other])],
    };
    this.finalizeBy(target, justificationCodec.codec.enc({ ...justification, commit }));
  }

  /** Finalizes by a proof, one's own or another's. */
  finalizeBy(target: BlockRef, proof: Uint8Array): void {
    const { invariants } = this.#around;
    try {
      this.chain.finalize(target.hash, proof);
    } catch (error) {
      invariants.fail(`node ${this.index} cannot finalize block ${target.number}: ${(error as Error).message}`);
      return;
    }
    invariants.onFinalized(this.index, target, proof);
    const { setId } = this.chain.authorities(target.hash);
    if (this.set !== undefined && setId !== this.set.voter.setId) {
      this.#wake = Infinity;
      this.#open();
    }
    this.feed({ kind: 'finalized', block: { hash: target.hash, number: target.number } });
  }
}

const voteName = (setId: bigint, round: bigint, { kind, target }: SignedMessage): string =>
  `${setId}/${round}/${kind}/${target.hash}`;
