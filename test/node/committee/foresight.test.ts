import { expect } from 'chai';
import { audit } from '../../../node/audit/audit.ts';
import { VerifyPool, verifyTask } from '../../../node/workers/index.ts';
import { committee } from '../../../pallets/committee/index.ts';
import { type RoundInfo, roundInfo, tally, type TallyPost } from '../../../pallets/tally/index.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { Foresight } from '../../../node/committee/foresight.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import { TALLY_STEPS } from '../../../primitives/round/phases.ts';
import { asBytes, SALT } from '../../support/committee.ts';
import { type ChainOptions, TestChain } from '../audit/chain.ts';
import { beginRound, claimOf, contribute, PARTIES, sealed, type Spoiled, submit, USERS } from '../audit/round.ts';

/** A round up to the block that closes it, and its direction. */
function closedRound(
  options: ChainOptions = {},
  spoiled?: Spoiled,
): { readonly chain: TestChain; readonly direction: Int8Array[] } {
  const chain = new TestChain({ users: USERS, ...options });
  chain.runToActive();
  const direction = beginRound(chain);
  chain.runToPhase(1, 'Open');
  for (const name of PARTIES) contribute(chain, name, name === PARTIES.at(-1) ? spoiled : undefined);
  chain.block();
  submit(chain, 'reporter', LANES.usage, 0, sealed(chain, 'reporter', LANES.usage, 0, [20, 5, 25, 0, 0, 0, 0, 0]));
  while (chain.phase(1) === 'Open') chain.block();
  return { chain, direction };
}

/** A post of the right form that is not true. */
function lie(post: TallyPost, member = 0): TallyPost {
  const { body } = post;
  if (body.tag === 'Check' || body.tag === 'CheckEach') {
    const residues = body.value.residues.slice();
    residues[0]! ^= 1 + member;
    return { ...post, body: { ...body, value: { ...body.value, residues } } } as TallyPost;
  }
  if (body.tag === 'Aggregate' || body.tag === 'Payout') {
    const shares = body.value.shares.slice();
    shares[0]! ^= 1 + member;
    return { ...post, body: { ...body, value: { ...body.value, shares } } } as TallyPost;
  }
  return post;
}

function show(chain: TestChain, direction: readonly Int8Array[]): void {
  direction.forEach((part, index) => {
    chain.show(tally.call.publishDirection({ round: 1, part: index, salt: SALT, direction: asBytes(part) }));
  });
}

const stepsOf = (chain: TestChain): string[] => chain.waiting().map(({ body }) => body.tag);
const phasesIn = (chain: TestChain): (string | undefined)[] => {
  const { finished } = tally.use(chain.ctx).store.rounds.get(1)!;
  return finished.filter(({ block }) => block === chain.head.header.number).map(({ step }) => TALLY_STEPS[step]);
};
const namedIn = (chain: TestChain): number[] => {
  const { store } = committee.use(chain.ctx);
  return Array.from({ length: store.offenceCount.get() }, (_, i) => store.offences.get(i)!.member);
};

/** What the audit finds wrong; every check has looked at something. */
async function findingsOf(chain: TestChain): Promise<unknown[]> {
  const verifier = new VerifyPool({ threads: 1 });
  const { checks } = await audit(chain.source(), { spec: chain.spec, verifier });
  await verifier.close();
  return checks.filter(({ ok, checked }) => !ok || checked === 0);
}

describe('node/committee: rounds go on without waiting for blocks', function () {
  this.timeout(240_000);
  it('one block takes a round from its close to its payout', () => {
    const { chain, direction } = closedRound();
    show(chain, direction);
    chain.actAhead();
    chain.block();
    expect(chain.phase(1)).to.equal('Settled');
    expect(phasesIn(chain)).to.deep.equal(['Reveal', 'Check', 'Aggregate', 'Payout']);
  });

  for (const liar of [0, 3]) {
    it(`the audit follows, with posts that come when their step is decided, and member ${liar} that lies`, async () => {
      const { chain, direction } = closedRound({ tamper: (post, member) => (member === liar ? lie(post) : post) });
      chain.inChorus = true;
      show(chain, direction);
      chain.actAhead();
      chain.block();
      expect(chain.phase(1)).to.equal('Settled');
      chain.block();
      chain.unsigned(claimOf(chain, 'anna', 0));
      for (let i = 0; i < 8; i++) chain.block();
      expect(namedIn(chain)).to.deep.equal([liar, liar, liar]);
      chain.finalizeAll();
      expect(await findingsOf(chain)).to.deep.equal([]);
    });
  }

  it('a liar in every step delays nothing and is named', () => {
    const { chain, direction } = closedRound({ tamper: (post, member) => (member === 1 ? lie(post) : post) });
    show(chain, direction);
    chain.actAhead();
    chain.block();
    expect(chain.phase(1)).to.equal('Settled');
    expect(new Set(namedIn(chain))).to.deep.equal(new Set([1]));
  });

  it('nothing is opened before the direction is shown, however long members talk', () => {
    const { chain, direction } = closedRound();
    chain.actAhead();
    expect(new Set(stepsOf(chain))).to.deep.equal(new Set(['Reveal', 'Check']));
    chain.block();
    expect(chain.phase(1)).to.equal('Direction');
    chain.actAhead();
    expect(stepsOf(chain)).to.deep.equal([]);
    show(chain, direction);
    chain.actAhead();
    chain.block();
    expect(chain.phase(1)).to.equal('Settled');
  });

  it('a direction that comes too late for a block is waited for', () => {
    const { chain, direction } = closedRound();
    show(chain, direction);
    chain.takesDirection = false;
    chain.actAhead();
    expect(stepsOf(chain)).not.to.include('Aggregate');
    chain.block();
    chain.actAhead();
    chain.block();
    expect(chain.phase(1)).to.equal('Settled');
  });

  it('before the close is final nothing is said, whatever is heard', () => {
    const other = closedRound();
    other.chain.actAhead();
    const reveals = other.chain.waitingBytes();
    const { chain } = closedRound();
    const [foresight] = chain.foresights;
    expect(reveals.length).to.be.greaterThan(0);
    for (const bytes of reveals) expect(foresight!.note(bytes)).to.equal(true);
    expect(foresight!.look(chain.head.hash, [])).to.deep.equal([]);
    expect(foresight!.look(chain.head.hash, [{ final: chain.round(1), takesDirection: true }])).to.have.length(1);
  });

  it('what fails the combined check is checked one by one, in the next block', () => {
    const { chain, direction } = closedRound({}, 'opened');
    show(chain, direction);
    chain.actAhead();
    chain.block();
    expect(chain.phase(1)).to.equal('Aggregate');
    expect(phasesIn(chain)).to.deep.equal(['Reveal', 'Check', 'CheckEach']);
    chain.actAhead();
    chain.block();
    expect(chain.phase(1)).to.equal('Settled');
  });

  it('of a round that would fail nothing more is said', () => {
    const lies = (post: TallyPost, member: number): TallyPost =>
      member < 2 && post.body.tag === 'Aggregate' ? lie(post, member) : post;
    const { chain, direction } = closedRound({ tamper: lies });
    show(chain, direction);
    chain.actAhead();
    expect(stepsOf(chain).filter((step) => step === 'Reveal')).to.have.length(2);
    expect(stepsOf(chain)).not.to.include('Payout');
    chain.block();
    expect(tally.use(chain.ctx).store.rounds.get(1)!.failure?.tag).to.equal('Undecodable');
  });

  it('posts that got lost on the way to a block are brought again', () => {
    const { chain, direction } = closedRound();
    show(chain, direction);
    chain.actAhead();
    const said = stepsOf(chain).length;
    chain.lose();
    chain.block();
    expect(chain.phase(1)).to.equal('Reveal');
    chain.resend();
    show(chain, direction);
    chain.actAhead();
    expect(stepsOf(chain)).to.have.length(said);
    chain.block();
    expect(chain.phase(1)).to.equal('Settled');
  });

  /** A foresight of its own that counts what it has judged. */
  function counting(chain: TestChain) {
    let [applied, sessions] = [0, 0];
    const foresight = new Foresight({
      callsIn: (bytes) => chain.runtime.callsIn(bytes),
      foresee: () => {
        sessions++;
        const { state, hash } = chain.head;
        const { apply, call } = chain.runtime.foresee(state, fromHex(hash), { verify: verifyTask });
        return {
          call,
          apply: (bytes) => {
            applied++;
            return apply(bytes);
          },
        };
      },
    });
    const look = (takesDirection = true): RoundInfo | undefined => {
      const [bytes] = foresight.look(chain.head.hash, [{ final: chain.round(1), takesDirection }]);
      return bytes && roundInfo.codec.dec(bytes);
    };
    return { foresight, look, counts: () => [applied, sessions] };
  }

  it('posts that bring a round to no other step are no news, and who looks is told all the same', () => {
    const { chain } = closedRound();
    chain.actAhead();
    const { foresight, look } = counting(chain);
    const asked = [{ final: chain.round(1), takesDirection: true }];
    const news = chain.queued().map((bytes) => {
      foresight.note(bytes);
      const [told] = foresight.news(chain.head.hash, asked) ?? [];
      return told && roundInfo.codec.dec(told).round.phase.tag;
    });
    const none = undefined;
    // Two members have the secrets of all subsets, and three checks are enough.
    expect(news).to.deep.equal(['Reveal', 'Check', none, none, 'Direction']);
    expect(look()?.posted).to.deep.equal([]);
    expect(foresight.news(chain.head.hash, asked)).to.equal(none);
  });

  it('posts are judged once, not anew with every final block that brings some of them', () => {
    const { chain, direction } = closedRound();
    show(chain, direction);
    chain.actAhead();
    const said = chain.queued();
    const { foresight, look, counts } = counting(chain);
    for (const bytes of said) foresight.note(bytes);
    const before = look();
    expect(before?.round.phase.tag).to.equal('Settled');
    const judged = counts();
    chain.lose();
    chain.block();
    expect(look()).to.deep.equal(before);
    // some of them, step by step
    for (const bytes of said.slice(0, said.length - 1)) {
      chain.queue(bytes);
      chain.block();
      if (chain.phase(1) === 'Settled') break;
      expect(look()?.payout).to.deep.equal(before?.payout);
    }
    expect(counts()).to.deep.equal(judged);
  });

  it('what blocks bring that was not heard of, or what there is no time for any more, is judged from the final state', () => {
    const { chain, direction } = closedRound();
    show(chain, direction);
    chain.actAhead();
    const [first, ...others] = chain.queued();
    const { foresight, look, counts } = counting(chain);
    for (const bytes of others) foresight.note(bytes);
    look();
    chain.lose();
    chain.queue(first!);
    chain.block();
    expect(look()?.round.phase.tag).to.equal('Settled');
    expect(counts()[1]).to.equal(2);
    chain.block();
    expect([look(false)?.scored, look(false)?.total]).to.deep.equal([undefined, undefined]);
    expect(counts()[1]).to.equal(3);
    // its deadlines are those of an old state: it is not kept for ever
    for (let blocks = 0; blocks < 17; blocks++) {
      chain.block();
      if (chain.phase(1) !== 'Reveal') break;
      look(false);
    }
    expect(counts()[1]).to.be.at.most(4);
  });

  it('forgets rounds that are over', () => {
    const { chain } = closedRound();
    chain.actAhead();
    const [foresight] = chain.foresights;
    const closed = [{ final: chain.round(1), takesDirection: true }];
    expect(foresight!.look(chain.head.hash, closed)).to.have.length(1);
    foresight!.keepOnly([]);
    expect(foresight!.look(chain.head.hash, closed)).to.deep.equal([]);
  });
});
