import { copyFileSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { tallyBody, type TallyPost } from '../../../pallets/tally/index.ts';
import { beginRound, contribute, phaseOf, publish, TestCommittee, testChain } from '../../support/committee.ts';

const NAMES = ['anna', 'bo', 'cleo'];
const MEMBER = 1;

interface File {
  setup: unknown;
  chain: { sequence: number; keys: [number, string][] };
  rounds: [number, [number, string][]][];
}

describe('node/committee: the vault', () => {
  const members = new TestCommittee(testChain({ accounts: NAMES }));
  const { test } = members;
  const path = members.vaults[MEMBER] as string;
  const contents = (): File => JSON.parse(readFileSync(path, 'utf8')) as File;
  /** What the member has said in answer to each duty, and how often it was asked. */
  const bodies = new Map<string, Set<string>>();
  let answers = 0;
  /** Whether posts are lost on their way: they are asked for again. */
  let lossy = false;

  before(() => {
    members.runToActive();
    members.act();
    members.conduct = (post, validator) => {
      if ('round' in post && validator === MEMBER) note(post);
      return lossy ? undefined : post;
    };
  });

  function note({ round, attempt, body }: TallyPost): void {
    const duty = `${round}/${body.tag}/${attempt}`;
    const said = bodies.get(duty) ?? new Set<string>();
    bodies.set(duty, said.add(toHex(tallyBody.codec.enc(body))));
    answers++;
  }

  /** A whole round; the member is restarted before every block, from the vault that `restore` leaves. */
  function play(restore: () => void): number {
    const begun = beginRound(test);
    const { id } = begun;
    const over = (): boolean => ['Settled', 'Failed'].includes(phaseOf(test, id));
    let contributed = false;
    let published = false;
    members.runUntil(() => {
      if (!contributed && phaseOf(test, id) === 'Open') {
        for (const name of NAMES) contribute(members, id, name);
        contributed = true;
      }
      if (!published && phaseOf(test, id) === 'Direction') {
        publish(members, begun);
        published = true;
      }
      // Asked twice in every block: as it runs, when what it says is lost, and as it comes up again.
      lossy = true;
      members.act();
      lossy = false;
      restore();
      members.restart(MEMBER);
      return over();
    });
    expect(phaseOf(test, id)).to.equal('Settled');
    return id;
  }

  function expectOneAnswerEach(): void {
    // Keying, KeyCheck, Reveal, Check, Aggregate, Payout
    expect(bodies.size).to.equal(6);
    expect(answers).to.be.at.least(2 * bodies.size);
    for (const [duty, said] of bodies) expect(said.size, duty).to.equal(1);
  }

  it('gives a member that is killed before every block the same posts', () => {
    const id = play(() => undefined);
    expectOneAnswerEach();
    members.act();
    expect(contents().rounds.map(([round]) => round)).to.not.include(id);
  });

  it('that is an old one gives the same posts again: no mask and no flood serves two texts', () => {
    bodies.clear();
    answers = 0;
    const old = `${path}.old`;
    copyFileSync(path, old);
    play(() => copyFileSync(old, path));
    expectOneAnswerEach();
  });

  it('forgets the keys of a round that is over, and moves the chain past them', () => {
    members.restart(MEMBER);
    members.act();
    const before = contents();
    const seen = new Set<string>();
    const { id } = beginRound(test);
    members.runUntil(() => phaseOf(test, id) === 'Open');
    for (const [, keys] of contents().rounds) for (const [, key] of keys) seen.add(key);
    expect(seen.size).to.be.greaterThan(0);
    expect(contents().setup).to.equal(null);
    expect(contents().chain.sequence).to.be.greaterThan(before.chain.sequence);
    for (const [, key] of before.chain.keys) expect(readFileSync(path, 'utf8')).to.not.include(key);
    members.runUntil(() => phaseOf(test, id) === 'Failed', 80);
    members.act();
    for (const key of seen) expect(readFileSync(path, 'utf8')).to.not.include(key);
  });
});
