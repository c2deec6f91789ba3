import { expect } from 'chai';
import { concatBytes, littleEndian, utf8 } from '../../../primitives/crypto/bytes.ts';
import { blake2b512 } from '../../../primitives/crypto/hash.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';
import { reduce64 } from '../../../primitives/crypto/ristretto.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import { scalarField } from '../../../primitives/fhe/scalar-kernel.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { meterEquation } from '../../../primitives/proofs/meter.ts';
import { challengesOf, dataLevel } from '../../../primitives/proofs/statement.ts';
import { challengeOf, type Statement, statementHash } from '../../../primitives/proofs/transcript.ts';
import { forge } from './support/forger.ts';
import { testRound } from './support/round.ts';

const round = testRound('tacit-test-256-n4');
const spec: LaneSpec = { lane: 'update', part: 0, values: 4, digits: 2, offset: 128, normSq: 4n };
const account = new Uint8Array(32).fill(1);
const { statement, submission } = forge(round, { context: round.context, spec, account }, [
  1n,
  8n,
  1n,
  8n,
  1n,
  8n,
  1n,
  8n,
]);
const flip = (bytes: Uint8Array): Uint8Array => bytes.with(0, bytes[0]! ^ 1);

describe('the transcript of a submission', () => {
  it('covers all that the specification lists', () => {
    const { binding } = statement;
    const { context } = binding;
    const variants: Record<string, Partial<Statement>> = {
      genesis: { binding: { ...binding, context: { ...context, genesis: flip(context.genesis) } } },
      'parameter id': { binding: { ...binding, context: { ...context, paramsId: 'tacit-8192-n4' } } },
      term: { binding: { ...binding, context: { ...context, term: context.term + 1 } } },
      round: { binding: { ...binding, context: { ...context, round: context.round + 1 } } },
      lane: { binding: { ...binding, spec: { ...spec, lane: 'usage' } } },
      part: { binding: { ...binding, spec: { ...spec, part: 1 } } },
      claims: { binding: { ...binding, spec: { ...spec, normSq: 5n } } },
      account: { binding: { ...binding, account: flip(account) } },
      'public key': { publicKeyDigest: flip(statement.publicKeyDigest) },
      'mask keys': { maskKeys: statement.maskKeys.with(3, flip(statement.maskKeys[3]!)) },
      'order of the mask keys': { maskKeys: statement.maskKeys.toReversed() },
      E: { ephemeral: flip(statement.ephemeral) },
      'seed boxes': { seedBoxes: statement.seedBoxes.with(2, flip(statement.seedBoxes[2]!)) },
      'order of the seed boxes': { seedBoxes: statement.seedBoxes.toReversed() },
      c0: { ciphertext: flip(statement.ciphertext) },
      c1: { ciphertext: statement.ciphertext.toReversed() },
      deltas: { deltas: flip(statement.deltas) },
    };
    const seen = new Set([statementHash(statement).join()]);
    for (const [name, change] of Object.entries(variants)) {
      const hash = statementHash({ ...statement, ...change }).join();
      expect(seen.has(hash), name).equal(false);
      seen.add(hash);
    }
  });

  it('is what the specification says, from the bytes up', () => {
    // §1.2 and §5.4 once more by hand: blake2b-512 over label and parts, each behind its length.
    const number = (value: number, bytes = 8) => littleEndian(BigInt(value), bytes);
    const hash = (...parts: Uint8Array[]) =>
      blake2b512(concatBytes(...parts.flatMap((part) => [number(part.length, 4), part])));
    const byHand = (lane: Uint8Array): Uint8Array => {
      const { genesis, paramsId, term, round: id } = round.context;
      const { maskKeys, ephemeral, seedBoxes, ciphertext, deltas } = statement;
      const context = [genesis, utf8(paramsId), number(term), number(id)];
      const key = statement.publicKeyDigest;
      const boxes = [...maskKeys, ephemeral, ...seedBoxes];
      return hash(utf8('tacit/digits/1'), ...context, lane, account, key, ...boxes, ciphertext, deltas);
    };
    const laneOf = (head: number[], values: number, offset: number, normSq: number, total: number): Uint8Array =>
      concatBytes(
        Uint8Array.from(head),
        number(values, 4),
        number(offset, 4),
        number(0, 4),
        number(normSq),
        number(total),
      );
    expect(statementHash(statement)).deep.equal(byHand(laneOf([0, 0, 2, 1], 4, 128, 4, 0)));
    const meter: LaneSpec = { lane: 'meter', part: 0, values: 8, digits: 1, offset: 0, total: 12n, bounds: [10n, 5n] };
    const bounds = hash(utf8('tacit/meter/1'), number(10, 9), number(5, 9)).slice(0, 32);
    const metered = { ...statement, binding: { ...statement.binding, spec: meter } };
    expect(statementHash(metered)).deep.equal(byHand(concatBytes(laneOf([4, 0, 1, 2], 8, 0, 0, 12), bounds)));
    const { coefficients } = meterEquation(meter, round.context, round.beacon);
    const { genesis, paramsId, term, round: id } = round.context;
    const label = utf8('tacit/check/meter/1');
    const seed = hash(label, genesis, utf8(paramsId), number(term), number(id), round.beacon).slice(0, 32);
    // The first equation is `q + q' = 1` of the first grant: `q'`, the third value, is in no other.
    expect(scalarField.get(coefficients, 2)).equal(reduce64(new Prg(seed).next(64)));
  });

  it('draws x after the deltas of the C_j and the N_i', () => {
    const h0 = statementHash(statement);
    const terms = scalarField.encode(submission.payload.terms);
    const x = challengeOf(h0, terms);
    expect(x).equal(submission.challenge);
    for (const at of [0, 15 * 32, 16 * 32, 17 * 32])
      expect(challengeOf(h0, terms.with(at, terms[at]! ^ 1))).not.equal(x);
  });

  it('reads the public key at key level as at data level', () => {
    const { params, keys } = round;
    const ring = ringOf(params);
    const special = new BigUint64Array(ring.degree).fill(5n);
    const raised = (poly: BigUint64Array): BigUint64Array => BigUint64Array.of(...poly, ...special);
    const level = dataLevel(params, { a: raised(keys.publicKey.a), b: raised(keys.publicKey.b) });
    expect(level.a).deep.equal(keys.publicKey.a);
    expect(level.b).deep.equal(keys.publicKey.b);
    expect(challengesOf(statement, submission.payload.terms).challenge).equal(submission.challenge);
  });
});
