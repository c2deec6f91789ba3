import { expect } from 'chai';
import { concatBytes, littleEndian, utf8 } from '../../../primitives/crypto/bytes.ts';
import { blake2b512 } from '../../../primitives/crypto/hash.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';
import { uniformPlain } from '../../../primitives/linear/field.ts';
import { linearShape } from '../../../primitives/linear/shape.ts';
import {
  linearHash,
  linearWeights,
  pointChallenge,
  rangeChallenge,
  type Statement,
} from '../../../primitives/linear/transcript.ts';
import { linearClaim } from '../../../primitives/linear/claim.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { contextOf, prgOf } from '../fhe/support.ts';

const context = contextOf('tacit-test-256-n4');
const spec: LaneSpec = { lane: 'usage', part: 0, values: 4, digits: 2, offset: 0, total: 9n };
const bytes = (name: string, n = 32): Uint8Array => prgOf(`transcript/${name}`).next(n);
const statement: Statement = {
  binding: { context, spec, account: bytes('account') },
  publicKeyDigest: bytes('key'),
  further: [1, 2].map((i) => uniformPlain(prgOf(`keys/${i}`), 6)),
  maskKeys: [bytes('m0'), bytes('m1')],
  ephemeral: bytes('E'),
  seedBoxes: [bytes('s0', 48), bytes('s1', 48)],
  ciphertext: bytes('ciphertext', 90),
  deltas: bytes('deltas', 50),
};
const other = (of: Uint8Array): Uint8Array => of.with(of.length - 1, of.at(-1)! ^ 1);

describe('the challenges of a linear proof', () => {
  it('cover every part of the statement', () => {
    const { binding } = statement;
    const changed: [string, Uint8Array][] = [
      [
        'chain',
        linearHash({
          ...statement,
          binding: { ...binding, context: { ...context, genesis: other(context.genesis) } },
        }),
      ],
      ['term', linearHash({ ...statement, binding: { ...binding, context: { ...context, term: 7 } } })],
      ['round', linearHash({ ...statement, binding: { ...binding, context: { ...context, round: 7 } } })],
      ['set', linearHash({ ...statement, binding: { ...binding, context: { ...context, paramsId: 'x' } } })],
      ['lane', linearHash({ ...statement, binding: { ...binding, spec: { ...spec, total: 8n } } })],
      ['account', linearHash({ ...statement, binding: { ...binding, account: other(binding.account) } })],
      ['public key', linearHash({ ...statement, publicKeyDigest: other(statement.publicKeyDigest) })],
      ['second key', linearHash({ ...statement, further: statement.further.toReversed() })],
      ['fewer keys', linearHash({ ...statement, further: statement.further.slice(1) })],
      ['mask keys', linearHash({ ...statement, maskKeys: [bytes('m0'), bytes('m2')] })],
      ['ephemeral key', linearHash({ ...statement, ephemeral: other(statement.ephemeral) })],
      ['seed boxes', linearHash({ ...statement, seedBoxes: [...statement.seedBoxes].reverse() })],
      ['ciphertext', linearHash({ ...statement, ciphertext: other(statement.ciphertext) })],
      ['deltas', linearHash({ ...statement, deltas: other(statement.deltas) })],
    ];
    const all = [linearHash(statement), ...changed.map(([, hash]) => hash)].map(String);
    expect(new Set(all).size).to.equal(all.length);
  });

  it('begin with what the specification says, from the bytes up', () => {
    // §1.2 and §5.6 once more by hand: blake2b-512 over label and parts, each behind its length.
    const number = (value: number, size = 8) => littleEndian(BigInt(value), size);
    const hash = (...parts: Uint8Array[]) =>
      blake2b512(concatBytes(...parts.flatMap((part) => [number(part.length, 4), part])));
    const raw = (words: BigUint64Array) => concatBytes(...Array.from(words, (word) => littleEndian(word, 8)));
    const { binding, publicKeyDigest, further, maskKeys, ephemeral, seedBoxes, ciphertext, deltas } = statement;
    const byHand = (lane: Uint8Array): Uint8Array => {
      const { genesis, paramsId, term, round } = context;
      const bound = [genesis, utf8(paramsId), number(term), number(round), lane, binding.account];
      const boxes = [...maskKeys, ephemeral, ...seedBoxes];
      return hash(utf8('tacit/linear/1'), ...bound, publicKeyDigest, ...further.map(raw), ...boxes, ciphertext, deltas);
    };
    const laneOf = (head: number[], values: number, total: number): Uint8Array =>
      concatBytes(Uint8Array.from(head), number(values, 4), number(0, 4), number(0, 4), number(0), number(total));
    expect(linearHash(statement)).to.deep.equal(byHand(laneOf([1, 0, 2, 2], 4, 9)));
    const meter: LaneSpec = { lane: 'meter', part: 0, values: 8, digits: 1, offset: 0, total: 12n, bounds: [10n, 5n] };
    const bounds = hash(utf8('tacit/meter/1'), number(10, 9), number(5, 9)).slice(0, 32);
    const metered = { ...statement, binding: { ...binding, spec: meter } };
    expect(linearHash(metered)).to.deep.equal(byHand(concatBytes(laneOf([4, 0, 1, 2], 8, 12), bounds)));
    const beacon = bytes('beacon');
    const label = [context.genesis, utf8(context.paramsId), number(context.term), number(context.round), beacon];
    const seed = hash(utf8('tacit/linear/meter/1'), ...label).slice(0, 32);
    // The first equation is `q + q' = 1` of the first grant: `q'`, the third value, is in no other.
    const weights = uniformPlain(new Prg(seed), 3 * 5);
    const { coefficients } = linearClaim(meter, context, beacon)!;
    expect(coefficients.subarray(6, 9)).to.deep.equal(weights.subarray(0, 3));
  });

  it('of the range follows from that hash, of the point from the deltas of the proof besides', () => {
    const shape = linearShape(spec);
    const h0 = linearHash(statement);
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
