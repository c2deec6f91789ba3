/** A voter that a test feeds by hand, and what others may tell it. */
import type {
  CatchUp,
  CommitPacket,
  RoundVotes,
  VotePacket,
  VoterRecord,
} from '../../../../node/consensus/grandpa/types.ts';
import { Voter } from '../../../../node/consensus/grandpa/voter.ts';
import type { VoterAction } from '../../../../node/consensus/grandpa/voter-io.ts';
import type { BlockRef, Phase, VoteKind } from '../../../../primitives/grandpa/index.ts';
import { equalVoters, GENESIS, names, ToyChain, toySignature, vote } from './toy.ts';

/** The period of the voter, in milliseconds. */
export const T = 100;

/** Voter v0 of four, fed by hand. */
export class Bench {
  readonly chain = new ToyChain();
  readonly voter: Voter;
  actions: VoterAction[] = [];
  record: VoterRecord | undefined;
  now = 0;
  /** Disk and chain do at once what they are asked, unless they are held up. */
  held: VoterAction[] | undefined;

  constructor(
    options: {
      grow?: string[];
      record?: VoterRecord | undefined;
      self?: string;
      voters?: number;
      silentThrough?: bigint;
      reach?: number;
      /** Whether disk and chain are held up from the start. */
      held?: boolean;
    } = {},
  ) {
    const { grow = [], record, self = 'v0', voters = 4, silentThrough = 0n, reach, held = false } = options;
    if (held) this.held = [];
    this.chain.grow(GENESIS.hash, ...grow);
    const sign = (packet: { round: bigint }, kind: string, target: BlockRef): Uint8Array =>
      toySignature(self, packet.round, kind, target.hash);
    this.voter = new Voter(
      {
        voters: equalVoters(voters),
        setId: 0n,
        finalized: GENESIS,
        period: T,
        self: { id: self, sign },
        record,
        silentThrough,
        ...(reach !== undefined && { reach }),
      },
      this.chain,
      0,
    );
    this.feed({ kind: 'tick' });
  }

  feed(input: Parameters<Voter['handle']>[1], at = this.now): VoterAction[] {
    this.now = at;
    const all: VoterAction[] = [];
    const inputs = [input];
    for (let next = inputs.shift(); next !== undefined; next = inputs.shift()) {
      const actions = this.voter.handle(at, next);
      all.push(...actions);
      for (const action of actions) {
        if (action.kind !== 'persist' && action.kind !== 'finalize') continue;
        if (this.held !== undefined) this.held.push(action);
        else inputs.push(...this.carryOut(action));
      }
    }
    this.actions.push(...all);
    return all;
  }

  carryOut(action: VoterAction): Parameters<Voter['handle']>[1][] {
    if (action.kind === 'persist') {
      this.record = action.record;
      return [{ kind: 'done', effect: action.effect }];
    }
    if (action.kind !== 'finalize') return [];
    const block = action.justification.commit.target;
    return [
      { kind: 'finalized', block },
      { kind: 'done', effect: action.effect },
    ];
  }

  /** Lets what was held up happen. */
  resume(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const action of held) for (const input of this.carryOut(action)) this.feed(input);
  }

  vote(
    voter: string,
    kind: VoteKind,
    target: string | BlockRef,
    round = this.voter.round,
    from?: string,
  ): VoterAction[] {
    const block = typeof target === 'string' ? this.chain.ref(target) : target;
    const packet: VotePacket = { setId: 0n, round, message: { kind, ...vote(voter, block, kind) } };
    return this.feed({ kind: 'vote', packet, ...(from !== undefined && { from }) });
  }

  /** Votes of our own, in order, as `kind target`. */
  own(): string[] {
    return this.actions.flatMap((action) =>
      action.kind === 'send' && !action.again
        ? [`${action.packet.round} ${action.packet.message.kind} ${action.packet.message.target.hash}`]
        : [],
    );
  }

  of<K extends VoterAction['kind']>(kind: K): Extract<VoterAction, { kind: K }>[] {
    return this.actions.filter((action): action is Extract<VoterAction, { kind: K }> => action.kind === kind);
  }
}

/** All votes of a completed round: every voter prevotes and precommits `target`. */
export function completedRound(round: bigint, target: BlockRef, voters = names(4)): RoundVotes {
  const votes = (phase: Phase) => voters.map((id) => vote(id, target, phase));
  return { round, base: GENESIS, prevotes: votes('prevote'), precommits: votes('precommit'), ancestry: [] };
}
export const answerOf = (...rounds: RoundVotes[]): CatchUp => ({ setId: 0n, rounds });
/** A proof on blocks that the voter's chain knows or whose ancestry is not looked at. */
export const proofOf = (round: bigint, target: BlockRef, ...voters: string[]): CommitPacket => ({
  setId: 0n,
  justification: {
    round,
    commit: { target, precommits: voters.map((id) => vote(id, target, 'precommit')) },
    ancestries: [],
  },
});
export const finals = (bench: Bench): string[] =>
  bench.of('finalize').map(({ justification }) => justification.commit.target.hash);
