import { expect } from 'chai';
import { laneSpecOf, VERDICT } from '../../../primitives/round/index.ts';
import { findRound, type Round, type TallyPost } from '../../../pallets/tally/index.ts';
import { openSealed } from '../../../primitives/linear/member.ts';
import { decodeScalar } from '../../../primitives/crypto/ristretto.ts';
import { residueBytes } from '../../../primitives/fhe/wire.ts';
import { linearBytes, linearShape } from '../../../primitives/linear/shape.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { REJECTIONS, type Rejection } from '../../../primitives/proofs/unseal.ts';
import {
  account,
  contextOfRound,
  keysOfRound,
  phaseOf,
  roundInfoOf,
  SETTINGS,
  submitSealed,
} from '../../support/committee.ts';
import {
  castHonest,
  conclude,
  freeNow,
  NAMES,
  offencesOf,
  openBallots,
  resultOf,
  SUMS,
  surveyed,
} from '../../support/pallet-sums.ts';
import { lyingVector, type Spoil } from '../../support/lying-vector.ts';

describe('a round of ballots with liars', function () {
  const LIES: Readonly<Record<string, readonly number[]>> = {
    'spends more than the budget on one option': [101, 0, 0, 0, 0],
    'spends more than the budget in all': [60, 60, 0, 0, 0],
    'spends less than the budget': [1, 0, 0, 0, 0],
    'spends nothing': [0, 0, 0, 0, 0],
    'has a weight below zero, in sum the budget': [-5, 105, 0, 0, 0],
    'takes away from one option as much as it gives another': [-100, 200, 0, 0, 0],
  };
  for (const [what, values] of Object.entries(LIES)) {
    it(`drops a ballot that ${what}; its voter loses the deposit, nobody else notices`, () => {
      const members = surveyed(NAMES);
      const round = openBallots(members, NAMES);
      castHonest(members, round);
      const before = freeNow(members, 'eve');
      submitSealed(members, 'eve', round, LANES.ballot, 0, lyingVector(members.test, round, 'eve', values));
      expect(conclude(members, round).phase.tag).to.equal('Settled');
      expect(resultOf(members, round)).to.deep.equal({ sums: SUMS, ballots: 3 });
      expect(roundInfoOf(members.test.chain.ctx, round).submissions[3]?.verdict).to.equal(VERDICT.refused);
      expect(freeNow(members, 'eve')).to.equal(before - SETTINGS.deposit);
      expect(freeNow(members, 'anna')).to.equal(freeNow(members, 'bo'));
    });
  }

  it('the liars’ tool casts a good ballot too: it is the numbers that are refused', () => {
    const members = surveyed(NAMES);
    const round = openBallots(members, NAMES);
    castHonest(members, round);
    submitSealed(members, 'eve', round, LANES.ballot, 0, lyingVector(members.test, round, 'eve', [90, 10, 0, 0, 0]));
    conclude(members, round);
    expect(resultOf(members, round)).to.deep.equal({ sums: [210n, 31n, 119n, 20n, 20n], ballots: 4 });
  });

  it('drops a copy of another’s ciphertext under an own seal [with it a vote counts twice, and the sum of few shows whose]', () => {
    const members = surveyed(NAMES);
    const { test } = members;
    const round = openBallots(members, NAMES);
    castHonest(members, round);
    // Anna gives eve everything that she has: the payload in the open.
    const info = roundInfoOf(test.chain.ctx, round);
    const binding = {
      context: contextOfRound(test, info.round),
      spec: laneSpecOf(info.round.lanes[0] as Round['lanes'][number]),
      account: account('anna'),
    };
    members.runUntil(() => phaseOf(test, round) === 'Reveal');
    const later = openBallots(members, NAMES);
    const revealed = roundInfoOf(test.chain.ctx, round);
    const sealed = members.sealedOf(revealed.submissions[0]?.id as Uint8Array);
    const outcome = openSealed(
      test.params,
      binding,
      keysOfRound(test, info),
      sealed,
      revealed.secrets.map((secret) => decodeScalar(secret as Uint8Array)),
    );
    if (outcome.status !== 'open') throw new Error('the ballot does not open');
    castHonest(members, later);
    const copy = lyingVector(test, later, 'eve', [], outcome.submission.payload);
    submitSealed(members, 'eve', later, LANES.ballot, 0, copy);
    conclude(members, later);
    expect(resultOf(members, later)).to.deep.equal({ sums: SUMS, ballots: 3 });
  });

  it('drops a ballot whose submission is broken in any part, each with its reason; nobody else notices', () => {
    const members = surveyed(NAMES);
    const round = openBallots(members, NAMES);
    castHonest(members, round);
    const { lanes } = findRound(members.test.chain.ctx, round) as Round;
    const { opened, proof, deltas } = linearBytes(linearShape(laneSpecOf(lanes[0] as Round['lanes'][number])));
    const ones = (from: number, count: number) => (bytes: Uint8Array) => {
      const start = from < 0 ? bytes.length + from : from;
      return bytes.map((byte, at) => (at >= start && at < start + count ? 255 : byte));
    };
    const flipped = (bytes: Uint8Array): Uint8Array => bytes.with(0, (bytes[0] as number) ^ 1);
    const c1 = residueBytes(members.test.params.dataPrimes, members.test.params.degree);
    const SPOILS: [Rejection, Spoil][] = [
      ['keyBox', { head: (head) => ({ ...head, keyBoxes: head.keyBoxes.with(1, new Uint8Array(48)) }) }],
      ['keyDigest', { head: (head) => ({ ...head, keyDigest: flipped(head.keyDigest) }) }],
      ['payloadBox', { box: flipped }],
      ['ciphertext', { payload: ones(0, 8) }],
      ['ciphertext', { payload: (bytes) => bytes.map((byte, at) => (at < c1 ? 0 : byte)) }],
      ['delta', { payload: ones(-opened - proof - deltas, 7) }],
      ['scalar', { payload: ones(-opened - proof, 7) }],
      ['scalar', { payload: ones(-opened, 7) }],
      ['check', { payload: (bytes) => bytes.with(-opened, (bytes.at(-opened) as number) ^ 1) }],
      // A box with another seed than the payload was made of: the zero seed stands for what does not open.
      ['check', { head: (head) => ({ ...head, seedBoxes: head.seedBoxes.with(2, new Uint8Array(48)) }) }],
    ];
    const pairs = Array.from({ length: SPOILS.length / 2 }, (_, i) => SPOILS.slice(2 * i, 2 * i + 2));
    const rounds = pairs.map((some, at) => {
      const id = at === 0 ? round : openBallots(members, NAMES);
      if (at > 0) castHonest(members, id);
      some.forEach(([, spoil], i) => {
        const who = ['dan', 'eve'][i] as string;
        const vector = lyingVector(members.test, id, who, [0, 0, 0, 0, 100], undefined, LANES.ballot, spoil);
        submitSealed(members, who, id, LANES.ballot, 0, vector);
      });
      expect(conclude(members, id).phase.tag).to.equal('Settled');
      expect(resultOf(members, id)).to.deep.equal({ sums: SUMS, ballots: 3 });
      const { submissions } = roundInfoOf(members.test.chain.ctx, id);
      return submissions.slice(3).map(({ reason }) => reason);
    });
    expect(rounds.flat()).to.deep.equal(SPOILS.map(([reason]) => REJECTIONS[reason]));
  });

  it('names whoever lies about the words of the proofs, or about masks, in the combination and of each', () => {
    for (const field of ['words', 'scalars'] as const) {
      const members = surveyed(NAMES, { seed: field });
      const round = openBallots(members, NAMES);
      castHonest(members, round);
      submitSealed(members, 'eve', round, LANES.ballot, 0, lyingVector(members.test, round, 'eve', [101, 0, 0, 0, 0]));
      const flipped = (bytes: Uint8Array): Uint8Array => bytes.with(0, (bytes[0] as number) ^ 1);
      members.conduct = (post, member) => {
        if (!('round' in post) || member !== 1) return post;
        const { body } = post;
        if (body.tag !== 'Check' && !(body.tag === 'CheckEach' && field === 'words')) return post;
        const value = { ...body.value };
        if (field === 'words') value.words = flipped(value.words);
        else value.scalars = value.scalars.map((scalar, i) => (i === 0 ? flipped(scalar) : scalar));
        return { ...post, body: { tag: body.tag, value } } as typeof post;
      };
      expect(conclude(members, round).phase.tag).to.equal('Settled');
      const wanted = field === 'words' ? ['1 BadShare 3', '1 BadShare 4'] : ['1 BadShare 3'];
      members.runUntil(() => offencesOf(members).length >= wanted.length);
      expect(resultOf(members, round)).to.deep.equal({ sums: SUMS, ballots: 3 });
      expect(offencesOf(members)).to.deep.equal(wanted);
    }
  });

  it('is undecided, and fails, if more than f lie about words', () => {
    const members = surveyed(NAMES);
    const round = openBallots(members, NAMES);
    castHonest(members, round);
    members.conduct = (post, member) => {
      if (!('round' in post) || member > 1 || post.body.tag !== 'Check') return post;
      const words = post.body.value.words.with(0, (post.body.value.words[0] as number) ^ (member + 1));
      return { ...post, body: { tag: 'Check', value: { ...post.body.value, words } } };
    };
    const over = conclude(members, round);
    expect([over.failure?.tag, over.failedIn?.phase.tag]).to.deep.equal(['Undecodable', 'Check']);
    expect(resultOf(members, round)).to.equal(undefined);
  });

  it('is right with a member that lies about the shares or about what was summed, and names it', () => {
    for (const field of ['shares', 'ciphertext'] as const) {
      const members = surveyed(NAMES, { seed: field });
      const round = openBallots(members, NAMES);
      castHonest(members, round);
      members.conduct = (post, member) => {
        if (!('round' in post) || post.body.tag !== 'Sum' || member !== 1) return post;
        const value = {
          ...post.body.value,
          [field]: post.body.value[field].map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
        };
        return { ...post, body: { tag: 'Sum', value } };
      };
      expect(conclude(members, round).phase.tag).to.equal('Settled');
      // A late post is compared as well.
      members.runUntil(() => offencesOf(members).length > 0);
      expect(resultOf(members, round)).to.deep.equal({ sums: SUMS, ballots: 3 });
      expect(offencesOf(members)).to.deep.equal(['1 BadShare 7']);
    }
  });

  it('goes on with a silent member and fails with more than f of them', () => {
    for (const [silent, end] of [
      [[3], 'Settled'],
      [[2, 3], 'Failed'],
    ] as const) {
      const members = surveyed(NAMES);
      const round = openBallots(members, NAMES);
      castHonest(members, round);
      members.conduct = (post, member) =>
        'round' in post && post.body.tag === 'Sum' && (silent as readonly number[]).includes(member) ? undefined : post;
      const over = conclude(members, round);
      expect(over.phase.tag).to.equal(end);
      if (end === 'Failed') expect([over.failure?.tag, over.failedIn?.phase.tag]).to.deep.equal(['Deadline', 'Sum']);
      expect(resultOf(members, round) === undefined).to.equal(end === 'Failed');
    }
  });

  it('of seven members stands two that lie', () => {
    const members = surveyed(NAMES, { paramsId: 'tacit-test-256-n7' });
    const round = openBallots(members, NAMES);
    castHonest(members, round);
    members.conduct = (post, member) => {
      if (!('round' in post) || post.body.tag !== 'Sum' || (member !== 0 && member !== 5)) return post;
      return { ...post, body: { tag: 'Sum', value: { ...post.body.value, ciphertext: account('another') } } };
    };
    conclude(members, round);
    expect(resultOf(members, round)).to.deep.equal({ sums: SUMS, ballots: 3 });
  });

  it('takes no other opening from any member, and its own only after the checks', () => {
    const members = surveyed(NAMES);
    const { test } = members;
    const round = openBallots(members, NAMES);
    castHonest(members, round);
    const { term } = findRound(test.chain.ctx, round) as Round;
    const bodies: TallyPost['body'][] = [
      { tag: 'Sum', value: { ciphertext: account('x'), shares: new Uint8Array(3 * 5 * 8) } },
      { tag: 'Aggregate', value: { accepted: 0, ciphertexts: [], shares: new Uint8Array(0) } },
      { tag: 'Payout', value: { scores: [], shares: new Uint8Array(0) } },
    ];
    for (const phase of ['Open', 'Reveal', 'Check']) {
      members.runUntil(() => phaseOf(test, round) === phase);
      for (const body of bodies) {
        const post: TallyPost = { term, round, attempt: 0, member: 0, body };
        expect(members.dispatch(post, members.sign(post, 0)), `${body.tag} in ${phase}`).to.equal('invalid.Future');
      }
    }
    members.runUntil(() => phaseOf(test, round) === 'Sum');
    const short: TallyPost = {
      term,
      round,
      attempt: 0,
      member: 0,
      body: { tag: 'Sum', value: { ciphertext: account('x'), shares: new Uint8Array(9) } },
    };
    expect(members.dispatch(short, members.sign(short, 0))).to.equal('invalid.Custom5');
    conclude(members, round);
    expect(resultOf(members, round)?.sums).to.deep.equal(SUMS);
  });
});
