/** What a voter believes of the votes that others tell it. */
import { expect } from 'chai';
import { voteTask } from '../../../../node/consensus/grandpa/justification.ts';
import { isSigned } from '../../../../node/consensus/grandpa/judge.ts';
import type { CatchUp } from '../../../../node/consensus/grandpa/types.ts';
import { verifySignature, type VerifyTask } from '../../../../pallets/support/host.ts';
import { hash32Of } from '../../../../primitives/crypto/hash.ts';
import { toHex } from '../../../../primitives/crypto/hex.ts';
import { ed25519Sign } from '../../../../primitives/crypto/signature.ts';
import { type Phase, type SignedVote, votePayload, voterSetOf } from '../../../../primitives/grandpa/index.ts';
import { voterKeys } from '../../network/toy-node.ts';
import { answerOf, Bench, completedRound, T } from './bench.ts';
import { GENESIS } from './toy.ts';

describe('votes told by a peer', () => {
  it('do not move the base: the next round stands on what is final here', () => {
    const bench = new Bench({ grow: ['A', 'B'] });
    bench.feed({ kind: 'view', peer: 'p', view: { setId: 0n, round: 10n, finalized: 0 } });
    const round = completedRound(9n, bench.chain.ref('B'));
    // All have prevoted B and two precommitted it: B may be final, and nothing is proved.
    const precommits = round.precommits.map((vote, at) =>
      at % 2 === 0 ? vote : { ...vote, target: bench.chain.ref('A') },
    );
    const told = { ...round, base: bench.chain.ref('B'), precommits: precommits.slice(0, 3) };
    bench.feed({ kind: 'catch-up', peer: 'p', catchUp: answerOf(told) });
    expect(bench.voter.round).to.equal(10n);
    expect(bench.record!.running.base).to.deep.equal({ hash: 'genesis', number: 0 });
    // Those who know that B is not final go another way, and their votes count here.
    bench.chain.grow('A', 'X');
    for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'prevote', 'X');
    expect(bench.voter.roundState.prevoteGhost).to.deep.equal(bench.chain.ref('X'));
  });

  /** Round 2 on the final block A; v3 has voted for Y of a branch beside it, which `bench` knows. */
  function withVotesBeside(): Bench {
    const bench = new Bench({ grow: ['A'] });
    bench.feed({ kind: 'tick' }, 2 * T);
    for (const id of ['v1', 'v2']) bench.vote(id, 'prevote', 'A', 1n);
    bench.feed({ kind: 'tick' }, 4 * T);
    for (const id of ['v1', 'v2']) bench.vote(id, 'precommit', 'A', 1n);
    expect([bench.voter.round, bench.voter.finalized.hash]).to.deep.equal([2n, 'A']);
    bench.chain.grow(GENESIS.hash, 'X', 'Y');
    for (const kind of ['prevote', 'precommit'] as const) {
      bench.vote('v3', kind, 'Y', 2n);
      bench.vote('v1', kind, 'A', 2n);
      bench.feed({ kind: 'tick' }, bench.now + 6 * T);
    }
    return bench;
  }

  it('for blocks beside the base count with whoever has never had those blocks', () => {
    const source = withVotesBeside();
    const told = source.voter.answerCatchUp(0n, 2n)!;
    const round = told.rounds.find((votes) => votes.round === 2n)!;
    expect(round.prevotes.map(({ target }) => target.hash)).to.include('Y');
    const other = new Bench({ grow: ['A'] });
    // The first answer brings it into round 2, the second the votes of that.
    for (let at = 0; at < 2; at++) {
      other.feed({ kind: 'tick' }, other.now + 40 * T);
      other.feed({ kind: 'view', peer: 'p', view: { setId: 0n, round: 9n, finalized: 1 } });
      other.feed({ kind: 'catch-up', peer: 'p', catchUp: told });
    }
    expect(other.voter.round).to.equal(2n);
    expect(other.voter.missing('prevote')).to.deep.equal(['v2']);
    expect(other.voter.roundState).to.deep.equal(source.voter.roundState);
  });

  it('and after a restart of those who have pruned them', () => {
    const before = withVotesBeside();
    const told = before.voter.answerCatchUp(0n, 2n)!.rounds;
    const after = new Bench({ grow: ['A'], record: before.record });
    expect(after.voter.answerCatchUp(0n, 2n)!.rounds.map(({ prevotes }) => prevotes.length)).to.deep.equal(
      told.map(({ prevotes }) => prevotes.length),
    );
  });
});

describe('the signatures of told votes', () => {
  const keys = voterKeys.slice(0, 4);
  const voters = voterSetOf(keys.map(({ publicKey }) => ({ id: publicKey, weight: 1n })));
  const base = { hash: toHex(hash32Of('test/base')), number: 0 };
  const voteFor = (voter: number, phase: Phase, block: number): SignedVote => {
    const target = { hash: toHex(hash32Of('test/told', block)), number: 1 };
    const pair = keys[voter]!;
    return { target, id: toHex(pair.publicKey), signature: ed25519Sign(pair, votePayload(0n, 5n, phase, target)) };
  };
  const told = (prevotes: SignedVote[], precommits: SignedVote[]): CatchUp => ({
    setId: 0n,
    rounds: [{ round: 5n, base, prevotes, precommits, ancestry: [] }],
  });
  let checked: readonly VerifyTask[] = [];
  const judge = (catchUp: CatchUp): Promise<boolean> => {
    checked = [];
    const voter = { hasCounted: () => false } as unknown as Parameters<typeof isSigned>[1]['voter'];
    const verify = async (tasks: readonly VerifyTask[]): Promise<boolean[]> => {
      checked = tasks;
      return tasks.map(verifySignature);
    };
    return isSigned(catchUp, { voter, voters }, { verify });
  };

  for (const phase of ['prevote', 'precommit'] as const) {
    const of = (count: number, voter = 1): SignedVote[] =>
      Array.from({ length: count }, (_, at) => voteFor(voter, phase, at));
    const tell = (votes: SignedVote[]): CatchUp => (phase === 'prevote' ? told(votes, []) : told([], votes));

    it(`two different ${phase}s of a voter are taken, as the proof of an equivocation`, async () => {
      expect(await judge(tell([...of(2), ...of(1, 2)]))).to.equal(true);
      expect(checked).to.deep.equal([...of(2), ...of(1, 2)].map((vote) => voteTask(0n, 5n, phase, vote)));
    });

    it(`with a third ${phase} of a voter nothing is looked at: a liar must not have us check thousands`, async () => {
      for (const votes of [of(3), [...of(1, 0), ...of(3)], [...of(2), ...of(1)]]) {
        expect(await judge(tell(votes))).to.equal(false);
        expect(checked).to.deep.equal([]);
      }
    });
  }

  it('votes of strangers are not looked at, and one wrong signature is enough', async () => {
    const stranger = { ...voteFor(1, 'prevote', 0), id: toHex(hash32Of('test/stranger')) };
    expect(await judge(told([stranger], []))).to.equal(false);
    expect(checked).to.deep.equal([]);
    const wrong = { ...voteFor(1, 'prevote', 0), signature: voteFor(1, 'precommit', 0).signature };
    expect(await judge(told([voteFor(0, 'prevote', 0), wrong], []))).to.equal(false);
    expect(await judge(told([voteFor(0, 'prevote', 0)], [voteFor(0, 'precommit', 0)]))).to.equal(true);
  });
});
