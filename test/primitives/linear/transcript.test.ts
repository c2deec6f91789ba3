import { expect } from 'chai';
import { uniformPlain } from '../../../primitives/linear/field.ts';
import { linearShape } from '../../../primitives/linear/shape.ts';
import { linearHash, linearWeights, pointChallenge, rangeChallenge } from '../../../primitives/linear/transcript.ts';
import { linearClaim } from '../../../primitives/linear/claim.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import type { Statement } from '../../../primitives/proofs/transcript.ts';
import { contextOf, prgOf } from '../fhe/support.ts';

const context = contextOf('tacit-test-256-n4');
const spec: LaneSpec = { lane: 'usage', part: 0, values: 4, digits: 2, offset: 0, total: 9n };
const bytes = (name: string, n = 32): Uint8Array => prgOf(`transcript/${name}`).next(n);
const statement: Statement = {
  binding: { context, spec, account: bytes('account') },
  publicKeyDigest: bytes('key'),
  maskKeys: [bytes('m0'), bytes('m1')],
  ephemeral: bytes('E'),
  seedBoxes: [bytes('s0', 48), bytes('s1', 48)],
  ciphertext: bytes('ciphertext', 90),
  deltas: bytes('deltas', 50),
};
const keys = [0, 1, 2].map((i) => uniformPlain(prgOf(`keys/${i}`), 6));
const other = (of: Uint8Array): Uint8Array => of.with(of.length - 1, of.at(-1)! ^ 1);

describe('the challenges of a linear proof', () => {
  it('cover every part of the statement', () => {
    const { binding } = statement;
    const changed: [string, Uint8Array][] = [
      [
        'chain',
        linearHash(
          { ...statement, binding: { ...binding, context: { ...context, genesis: other(context.genesis) } } },
          keys,
        ),
      ],
      ['term', linearHash({ ...statement, binding: { ...binding, context: { ...context, term: 7 } } }, keys)],
      ['round', linearHash({ ...statement, binding: { ...binding, context: { ...context, round: 7 } } }, keys)],
      ['set', linearHash({ ...statement, binding: { ...binding, context: { ...context, paramsId: 'x' } } }, keys)],
      ['lane', linearHash({ ...statement, binding: { ...binding, spec: { ...spec, total: 8n } } }, keys)],
      ['account', linearHash({ ...statement, binding: { ...binding, account: other(binding.account) } }, keys)],
      ['public key', linearHash({ ...statement, publicKeyDigest: other(statement.publicKeyDigest) }, keys)],
      ['second key', linearHash(statement, [keys[0]!, keys[2]!, keys[1]!])],
      ['mask keys', linearHash({ ...statement, maskKeys: [bytes('m0'), bytes('m2')] }, keys)],
      ['ephemeral key', linearHash({ ...statement, ephemeral: other(statement.ephemeral) }, keys)],
      ['seed boxes', linearHash({ ...statement, seedBoxes: [...statement.seedBoxes].reverse() }, keys)],
      ['ciphertext', linearHash({ ...statement, ciphertext: other(statement.ciphertext) }, keys)],
      ['deltas', linearHash({ ...statement, deltas: other(statement.deltas) }, keys)],
    ];
    const all = [linearHash(statement, keys), ...changed.map(([, hash]) => hash)].map(String);
    expect(new Set(all).size).to.equal(all.length);
  });

  it('of the range follows from that hash, of the point from the deltas of the proof besides', () => {
    const shape = linearShape(spec);
    const h0 = linearHash(statement, keys);
    const deltas = bytes('proof', 100);
    expect(rangeChallenge(h0, shape)).to.have.length(3 * shape.wires);
    expect(rangeChallenge(other(h0), shape)).to.not.deep.equal(rangeChallenge(h0, shape));
    const points = [pointChallenge(h0, deltas), pointChallenge(h0, other(deltas)), pointChallenge(other(h0), deltas)];
    expect(new Set(points.map(String)).size).to.equal(3);
  });

  it('give every equation a weight of its own, from beacon and context', () => {
    const shape = linearShape(spec);
    const drawn = [
      linearWeights(context, bytes('beacon'), shape),
      linearWeights(context, bytes('another'), shape),
      linearWeights({ ...context, round: 3 }, bytes('beacon'), shape),
    ];
    const words = drawn.flatMap(({ wires, range, squares, norm, claim }) => [
      ...Array.from({ length: shape.wires }, (_, j) => wires.subarray(3 * j, 3 * j + 3)),
      range,
      squares,
      norm,
      claim,
    ]);
    expect(new Set(words.map(String)).size).to.equal(3 * (shape.wires + 4));
  });

  it('weigh the equations of a meter apart, by the beacon', () => {
    const meter: LaneSpec = { ...spec, lane: 'meter', values: 8, bounds: [3n, 5n] };
    const claim = (beacon: string) => linearClaim(meter, context, bytes(beacon))!;
    expect(claim('a').coefficients).to.not.deep.equal(claim('b').coefficients);
    // q and q' of the two counts stand in equations of their own.
    const { coefficients } = claim('a');
    const ofValue = (v: number): string => String(coefficients.subarray(6 * v, 6 * v + 3));
    expect(new Set([2, 3, 4, 6].map(ofValue)).size).to.equal(4);
    expect(
      linearClaim({ ...spec, lane: 'counts', total: undefined } as unknown as LaneSpec, context, bytes('a')),
    ).to.equal(undefined);
  });
});
