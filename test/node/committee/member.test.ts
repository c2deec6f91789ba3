import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { CommitteeMember, FinalizedView } from '../../../node/committee/member.ts';
import { committee } from '../../../pallets/committee/index.ts';
import { openedPart, tally } from '../../../pallets/tally/index.ts';
import { present } from '../../../primitives/at.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { ratchet } from '../../../primitives/fhe/keys.ts';
import { beginRound, phaseOf, roundInfoOf, TestCommittee, testChain } from '../../support/committee.ts';

interface File {
  chain: { term: number; sequence: number; keys: [number, string][] };
  rounds: [number, [number, string][]][];
}

function viewOf({ chain }: TestCommittee['test']): FinalizedView {
  const { ctx } = chain;
  return {
    number: ctx.block - 1,
    term: committee.apis.CommitteeApi?.methods.term?.run(ctx, {}) as never,
    rounds: tally
      .use(ctx)
      .store.live.get()
      .map((round) => roundInfoOf(ctx, round)),
    partOf: (round, part) => openedPart(ctx, round, part),
  };
}

describe('node/committee: a member and its key chains', () => {
  function scene(): { members: TestCommittee; member: CommitteeMember; file: () => File; view: () => FinalizedView } {
    const members = new TestCommittee(testChain());
    members.runToActive();
    members.act();
    return {
      members,
      member: members.members[0] as CommitteeMember,
      file: () => JSON.parse(readFileSync(members.vaults[0] as string, 'utf8')) as File,
      view: () => viewOf(members.test),
    };
  }
  const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));
  const heads = (file: File): string[] => file.chain.keys.map(([, key]) => key);

  it('moves every head past a round when it takes its key, before it says anything', () => {
    const { members, member, file, view } = scene();
    const before = file();
    const { id } = beginRound(members.test);
    expect(member.act(view()).map(({ duty }) => duty)).to.deep.equal([`${id}/Keying/0`]);
    const after = file();
    expect(after.chain.sequence).to.equal(before.chain.sequence + 1);
    // The next head is one step on, and the old one is nowhere: who takes the file learns no key of the past.
    expect(heads(after)).to.deep.equal(heads(before).map((key) => toHex(ratchet(fromHex(key), id).next)));
    expect(after.rounds.map(([round, keys]) => [round, keys.map(([, key]) => key)])).to.deep.equal([
      [id, heads(before).map((key) => toHex(ratchet(fromHex(key), id).roundKey))],
    ]);
    for (const key of heads(before)) expect(JSON.stringify(after)).to.not.include(key);
  });

  it('passes over rounds that it did not see, and cannot come back to them', () => {
    const { members, member, file, view } = scene();
    const before = file();
    const [first, second, third] = [0, 1, 2].map(() => beginRound(members.test).id) as [number, number, number];
    const all = view();
    const only = (...ids: number[]): FinalizedView => {
      return { ...all, rounds: all.rounds.filter(({ round }) => ids.includes(round.round)) };
    };
    expect(member.act(only(third)).map(({ duty }) => duty)).to.deep.equal([`${third}/Keying/0`]);
    let head = heads(before).map(fromHex);
    for (const round of [first, second]) head = head.map((key) => ratchet(key, round).next);
    expect(file().rounds.map(([, keys]) => keys.map(([, key]) => key))).to.deep.equal([
      head.map((key) => toHex(ratchet(key, third).roundKey)),
    ]);
    // Their keys were passed over and are gone: it says nothing rather than something wrong.
    expect(member.act(only(first, third)).map(({ duty }) => duty)).to.deep.equal([`${third}/Keying/0`]);
    expect(file().rounds.map(([round]) => round)).to.deep.equal([third]);
    expect(file().chain.sequence).to.equal(before.chain.sequence + 3);
  });

  it('moves past a round that is over though one that began before it is under way', () => {
    const { members, member, file, view } = scene();
    const [long] = [0, 1].map(() => beginRound(members.test).id);
    const all = view();
    const only = { ...all, rounds: all.rounds.filter(({ round }) => round.round === long) };
    member.act({ ...only, term: { ...all.term!, term: { ...all.term!.term, sequence: 1 } } });
    expect(file().chain.sequence).to.equal(1);
    member.act(only);
    expect(file().chain.sequence).to.equal(2);
    expect(file().rounds.map(([round]) => round)).to.deep.equal([long]);
  });

  it('serves no round of another term, and takes no key for it', () => {
    const { members, member, file, view } = scene();
    beginRound(members.test);
    const seen = view();
    const rounds = seen.rounds.map((info) => ({ ...info, round: { ...info.round, term: 2 } }));
    // None of its own term has begun: it keeps the keys of the first.
    const own = present(seen.term, 'the term');
    const foreign = { ...seen, term: { ...own, term: { ...own.term, sequence: 0 } }, rounds };
    const before = file();
    expect(member.act(foreign)).to.deep.equal([]);
    expect(file()).to.deep.equal(before);
    expect(member.act(seen)).to.have.length(1);
    // With its keys in the vault it does not serve it either once the term is another.
    expect(member.act(foreign)).to.deep.equal([]);
  });

  it('posts once: what the chain has is not said again', () => {
    const { members, member, view } = scene();
    const { id } = beginRound(members.test);
    const seen = view();
    expect(member.act(seen)).to.have.length(1);
    const posted = { ...seen, rounds: seen.rounds.map((info) => ({ ...info, posted: [0] })) };
    expect(member.act(posted)).to.deep.equal([]);
    expect(member.act({ ...seen, rounds: seen.rounds.map((info) => ({ ...info, posted: [1, 2, 3] })) })).to.have.length(
      1,
    );
    members.runUntil(() => phaseOf(members.test, id) === 'KeyCheck');
    expect(member.act(view()).map(({ duty }) => duty)).to.deep.equal([`${id}/KeyCheck/0`]);
  });
});
