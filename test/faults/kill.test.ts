import { join } from 'node:path';
import { expect } from 'chai';
import { devValidator } from '../../chain-spec/index.ts';
import type { Chain } from '../../client/sdk/connect.ts';
import { storage } from '../../client/sdk/generated/chain.ts';
import { grandpaGossip, votePayload } from '../../node/consensus/grandpa/formats.ts';
import type { VoterRecord } from '../../node/consensus/grandpa/types.ts';
import { devKeys } from '../../node/keys.ts';
import { ed25519Sign } from '../../primitives/crypto/signature.ts';
import { ROUND_PHASES } from '../../primitives/round/phases.ts';
import { type MiniOutcome, MiniWorld, type Phase, type Post, postsOf } from '../support/mini-round.ts';
import { RawPeer } from '../support/raw-peer.ts';
import { finalHead, TestNetwork, untilBest } from '../support/test-network.ts';
import { type HeardVote, recordedVotes, VoteWatch } from '../support/vote-watch.ts';

/**
 * Who is killed when a phase, or a later one, is first seen, round by round; `driver` is the validator that serves the participants, which lives through the round. After
 * the close the members need no block for a step: what follows `Reveal` and `Direction` passes within one, while somebody is dead.
 */
interface Schedule {
  readonly driver: number;
  readonly kills: Partial<Record<Phase, number>>;
}

/** Never two at once, every validator in turn. Open and Direction wait for the participants: the one before has caught up by then. */
const ROUNDS: readonly Schedule[] = [
  { driver: 3, kills: { Keying: 0, Open: 1, Direction: 2 } },
  { driver: 2, kills: { KeyCheck: 3, Reveal: 0 } },
  { driver: 1, kills: { Reveal: 2 } },
  { driver: 1, kills: { Direction: 3 } },
];
/** Blocks that a step waits for posts, and a round for the direction. */
const STEP_BLOCKS = 8;
/** Blocks that the owner may let pass of them: it takes some to hear of the phase, and to come onto the chain. */
const PATIENCE = 3;
const NAMES = ['Alice', 'Bob', 'Charlie', 'Dave'];

interface Killing {
  readonly victim: number;
  readonly phase: Phase;
  /** What it had on its disk, and what had been heard of it, when it was dead. */
  readonly record: VoterRecord;
  readonly heard: readonly HeardVote[];
}

describe('a validator killed (kill -9) in every phase of a round', function () {
  this.timeout(600_000);

  let network: TestNetwork;
  let world: MiniWorld;
  let ear: RawPeer;
  let votes: VoteWatch;
  let down: number | undefined;
  let recovering: Promise<void> = Promise.resolve();
  const killings: Killing[] = [];
  const outcomes: MiniOutcome[] = [];
  const posted: Post[][] = [];

  const voterOf = (index: number): string => devValidator(`//${NAMES[index]}`).keys.grandpa;
  const heardOf = (index: number): HeardVote[] => votes.of(voterOf(index));

  before(async () => {
    network = await TestNetwork.start({ basePort: 21_000, tally: { stepBlocks: STEP_BLOCKS } });
    const chain = await network.chain(1);
    ear = await RawPeer.start(chain.genesis);
    votes = new VoteWatch(ear);
    await Promise.all(network.network.validators.map(({ ready }) => ear.join(ready.addresses[0] as string)));
    world = await MiniWorld.prepare(chain, { seed: 'kill', rounds: ROUNDS.length });
  });

  after(async () => {
    await recovering.catch(() => undefined);
    await ear?.stop();
    await network?.stop();
  });

  async function kill(victim: number, phase: Phase): Promise<void> {
    const { directory } = network.network.validator(victim);
    await network.kill(victim);
    down = victim;
    const heard = heardOf(victim);
    killings.push({ victim, phase, heard, record: await recordedVotes(join(directory, 'tacit-local-4', 'chain')) });
  }

  /** Starts who is down, and waits until it has caught up and votes. */
  async function revive(): Promise<void> {
    if (down === undefined) return;
    const victim = down;
    down = undefined;
    await network.revive(victim);
    const votesAgain = votes.next(({ message }) => message.id === voterOf(victim));
    await ear.join(network.network.validator(victim).ready.addresses[0] as string);
    await votesAgain;
  }

  /** A slow machine may need longer to start a validator than a round waits for its direction. */
  async function ownersPatience(chain: Chain): Promise<void> {
    await untilBest(chain, (await finalHead(chain)).number + PATIENCE);
  }

  async function runRound({ driver, kills }: Schedule): Promise<MiniOutcome> {
    const chain = await network.chain(driver);
    const due = Object.entries(kills) as [Phase, number][];
    const outcome = await world.run(chain, {
      async onPhase(phase) {
        // The phase in which somebody was killed is over: it was done without the dead.
        if (down !== undefined) {
          recovering = revive();
          recovering.catch(() => undefined);
        }
        if (phase === 'Open' || phase === 'Settled') await recovering;
        if (phase === 'Direction') await Promise.race([recovering, ownersPatience(chain)]);
        const [next] = due;
        // A follower of final blocks does not see a phase that passes between two of them.
        if (next === undefined || ROUND_PHASES.indexOf(phase) < ROUND_PHASES.indexOf(next[0])) return;
        due.shift();
        // Never two at once. A phase that lacks a post waits for it.
        await recovering;
        await kill(next[1], next[0]);
      },
    });
    posted.push(await postsOf(await stateOf(chain), outcome.round));
    return outcome;
  }

  const stateOf = (chain: Chain) => chain.light.finalizedState();

  ROUNDS.forEach(({ kills, driver }, number) => {
    const what = Object.entries(kills).map(([phase, victim]) => `${NAMES[victim]} in ${phase}`);
    it(`round ${number + 1}, with ${what.join(', ')}: completes, and pays what it must`, async () => {
      const outcome = await runRound({ kills, driver });
      outcomes.push(outcome);
      expect(outcome.phases.at(-1), outcome.view.failure ?? '').to.equal('Settled');
      const { notes, plain, aggregate, plainAggregate, pool, paid, dust } = await world.payout(
        await network.chain(driver),
        outcome,
      );
      expect(aggregate?.map((part) => [...part])).to.deep.equal(plainAggregate.map((part) => [...part]));
      expect(notes.map(({ origin }) => origin.score)).to.deep.equal(plain);
      expect(paid + dust).to.equal(pool);
      // Notes count in grains: what is below a unit of each stays in it.
      const whole = notes.reduce((sum, { amount, origin }) => sum + amount - origin.stake, 0n);
      expect(paid - whole >= 0n && paid - whole <= BigInt(notes.length), `${paid} ${whole}`).to.equal(true);
    });
  });

  it('every phase that blocks end in has had its victim, and every validator was one', () => {
    expect(killings.map(({ phase }) => phase).sort()).to.deep.equal([
      'Direction',
      'Direction',
      'KeyCheck',
      'Keying',
      'Open',
      'Reveal',
      'Reveal',
    ]);
    expect([...new Set(killings.map(({ victim }) => victim))].sort()).to.deep.equal([0, 1, 2, 3]);
  });

  it('all have finalized the same chain', async () => {
    const goal = await finalHead(await network.chain(1));
    await Promise.all([0, 1, 2, 3].map((index) => network.expectSame(index, goal)));
  });

  it('who was killed posts again in the next round', () => {
    ROUNDS.slice(0, -1).forEach(({ kills }, round) => {
      // Whoever let a round wait for its key is not asked for the next one's, and takes part in the rest.
      for (const victim of Object.values(kills))
        expect(
          posted[round + 1]?.some(({ member }) => member === victim),
          `member ${victim}`,
        ).to.equal(true);
    });
  });

  it('nobody was named: to be killed is no offence', async () => {
    const state = await stateOf(await network.chain(1));
    expect(await state.get(storage.committee.offenceCount)).to.equal(0);
  });

  it('no vote had left a validator that its disk did not know', () => {
    let compared = 0;
    for (const { victim, phase, record, heard } of killings) {
      const running = record.cast.reduce((last, { round }) => (round > last ? round : last), 0n);
      const recent = heard.filter(({ round }) => round >= running);
      compared += recent.length;
      for (const { round, message } of recent) {
        const kept = record.cast.some(
          (vote) =>
            vote.round === round &&
            vote.message.kind === message.kind &&
            vote.message.target.hash === message.target.hash,
        );
        expect(kept, `${NAMES[victim]}, killed in ${phase}: ${message.kind} of round ${round}`).to.equal(true);
      }
    }
    expect(compared).to.be.greaterThan(0);
  });

  it('nobody voted twice, although all votes were heard, before and after', () => {
    expect(votes.doubles).to.deep.equal([]);
    for (const { victim, heard } of killings) {
      expect(heard.length).to.be.greaterThan(0);
      expect(heardOf(victim).length).to.be.greaterThan(heard.length);
    }
    for (const index of [0, 1, 2, 3]) {
      expect(network.log(index).filter(({ msg }) => msg === 'equivocation')).to.deep.equal([]);
    }
  });

  it('the contributors of the last round are paid', async () => {
    const chain = await network.chain(1);
    const { round } = outcomes.at(-1) as MiniOutcome;
    for (const { received, expected, hidden, left } of await world.claimAll(chain, round))
      expect([received, hidden]).to.deep.equal([expected, left]);
  });

  it('a vote made twice would have been seen: by the listener and by the validators', async () => {
    const { grandpa } = await devKeys('//Alice');
    const chain = await network.chain(1);
    const caught = (): boolean =>
      [1, 2, 3].some((index) => network.log(index).some(({ msg }) => msg === 'equivocation'));
    while (!caught()) {
      const { round, setId, message } = await votes.next(
        ({ message }) => message.id === voterOf(0) && message.kind === 'prevote',
      );
      const { parentHash, number } = await chain.api.rpc.chain.getHeader(message.target.hash);
      const target = { hash: parentHash.toHex(), number: number.toNumber() - 1 };
      const signature = ed25519Sign(grandpa, votePayload(setId, round, 'prevote', target));
      const second = { round, setId, message: { ...message, target, signature }, attempt: 0 };
      votes.hear(second);
      await ear.publish('grandpa', grandpaGossip.codec.enc({ tag: 'vote', value: second }));
    }
    expect(votes.doubles.length).to.be.greaterThan(0);
  });
});
