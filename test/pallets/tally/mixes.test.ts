/**
 * Committees of four, seven and ten in which members have crashed and others lie, at most f together, in every phase: each round settles rightly, exactly the
 * liars are named, and what names them is the hash of what they signed. Of seven members one crashed and one lying are tried, all others and those of ten where
 * TACIT_COMMITTEES is `all`: they take long.
 */
import process from 'node:process';
import { expect } from 'chai';
import { reservedOf } from '../../../pallets/balances/index.ts';
import { bondOf } from '../../../pallets/session/index.ts';
import { royalty } from '../../../pallets/royalty/index.ts';
import { tallyBody, type TallyPost } from '../../../pallets/tally/index.ts';
import { TALLY_STEPS, type TallyStep } from '../../../primitives/round/index.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import {
  account,
  beginRound,
  call,
  contribute,
  enrolmentOf,
  partOf,
  sealedOf,
  phaseOf,
  publish,
  report,
  SETTINGS,
  submitSealed,
  type TestCommittee,
} from '../../support/committee.ts';
import { forged } from '../../support/forged.ts';
import { expectRight, isTally, lie, NAMES, offences, setUp, STEPS } from './faults-support.ts';

interface Mix {
  readonly crashed: number;
  readonly lying: number;
}

/** Numbers of crashed and lying members, together up to f. */
function mixesOf(n: number): Mix[] {
  const { f } = fheParams(`tacit-test-256-n${n}`);
  const all: Mix[] = [];
  for (let crashed = 0; crashed <= f; crashed++)
    for (let lying = crashed === 0 ? 1 : 0; crashed + lying <= f; lying++) all.push({ crashed, lying });
  return all;
}

/** A round in which one contribution is false, so that single submissions are judged too. */
function runWithForger(members: TestCommittee) {
  const { test } = members;
  const begun = beginRound(test);
  const over = (): boolean => ['Settled', 'Failed'].includes(phaseOf(test, begun.id));
  const until = (phase: string): void => members.runUntil(() => over() || phaseOf(test, begun.id) === phase, 200);
  until('Open');
  const updates = NAMES.map((name) => contribute(members, begun.id, name));
  call(test, 'eve', royalty.call.enrol({ round: begun.id, enrolment: enrolmentOf(test, begun.id, 'eve') }));
  submitSealed(members, 'eve', begun.id, 0, 0, forged(test, begun.id, 'eve', 0, 'ciphertext'));
  submitSealed(members, 'eve', begun.id, 0, 1, sealedOf(test, begun.id, 'eve', 0, 1, partOf(test.random)));
  report(members, begun.id, [20, 5, 25]);
  until('Direction');
  if (!over()) publish(members, begun);
  members.runUntil(over, 200);
  return { ...begun, names: NAMES, updates };
}

/** The first post of each liar in the step, by what offences are known by. */
type Said = Map<number, TallyPost>;

/** From the step on some members are silent, and in it others lie. Who they are depends on the step, so that everyone has its turn. */
function corrupt(members: TestCommittee, step: TallyStep, { crashed, lying }: Mix): Said {
  const { n } = members.test.params;
  const at = STEPS.indexOf(step);
  const roleOf = (member: number): 'crashed' | 'lying' | 'honest' => {
    const place = (member + at) % n;
    if (place < crashed) return 'crashed';
    return place < crashed + lying ? 'lying' : 'honest';
  };
  const said: Said = new Map();
  // an attempt at the keys in which somebody is silent is thrown away unjudged
  const judged = step === 'Keying' && crashed > 0 ? 1 : 0;
  members.conduct = (post, member) => {
    if (!isTally(post)) return post;
    const role = roleOf(member);
    if (role === 'crashed') return STEPS.indexOf(post.body.tag) >= at ? undefined : post;
    if (role === 'honest' || post.body.tag !== step || post.attempt !== judged) return post;
    const told = said.get(member) ?? lie(post, member);
    said.set(member, told);
    return told;
  };
  return said;
}

/** Sizes, and what is tried of them. */
const committees: readonly (readonly [n: number, mixes: readonly Mix[]])[] =
  process.env['TACIT_COMMITTEES'] === 'all'
    ? [4, 7, 10].map((n) => [n, mixesOf(n)] as const)
    : [
        [4, mixesOf(4)],
        [7, [{ crashed: 1, lying: 1 }]],
      ];

describe('a committee in which some have crashed and others lie', () => {
  for (const [n, mixes] of committees) {
    for (const mix of mixes) {
      for (const step of STEPS) {
        // who reveals something else is refused: there is nothing to name
        if (step === 'Reveal' && mix.lying > 0) continue;
        it(`of ${n}: ${mix.crashed} crashed and ${mix.lying} lying in ${step}`, () => {
          const members = setUp(`tacit-test-256-n${n}`);
          const said = corrupt(members, step, mix);
          expectRight(members, runWithForger(members));
          expect(said.size, 'liars that have spoken').to.equal(mix.lying);
          const named = offences(members);
          expect(named.map(({ member }) => member).toSorted((a, b) => a - b)).to.deep.equal(
            [...said.keys()].toSorted((a, b) => a - b),
          );
          for (const { member, evidence, kind, step: at } of named) {
            const { body } = said.get(member)!;
            expect([kind.tag, TALLY_STEPS[at]]).to.deep.equal([step === 'Keying' ? 'BadKeySum' : 'BadShare', step]);
            expect(toHex(evidence)).to.equal(toHex(blake2b256(tallyBody.codec.enc(body))), body.tag);
            const { ctx } = members.test.chain;
            for (const held of [bondOf, reservedOf])
              expect(held(ctx, account(`validator ${member}`))).to.equal(SETTINGS.bond - SETTINGS.slash);
          }
        });
      }
    }
  }
});
