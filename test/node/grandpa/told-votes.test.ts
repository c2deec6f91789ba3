/** What a voter believes of the votes that others tell it. */
import { expect } from 'chai';
import { voteTask } from '../../../node/consensus/grandpa/justification.ts';
import { isSigned } from '../../../node/consensus/grandpa/judge.ts';
import type { CatchUp } from '../../../node/consensus/grandpa/types.ts';
import { verifySignature, type VerifyTask } from '../../../pallets/support/host.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { ed25519Sign } from '../../../primitives/crypto/signature.ts';
import { type Phase, type SignedVote, votePayload, voterSetOf } from '../../../primitives/grandpa/index.ts';
import { voterKeys } from '../network/toy-node.ts';
import { answerOf, Bench, completedRound } from './bench.ts';

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
