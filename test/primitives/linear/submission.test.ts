import { expect } from 'chai';
import * as fc from 'fast-check';
import { sealOnce } from '../../../primitives/crypto/aead.ts';
import { publicKeyOf, sealTo } from '../../../primitives/crypto/box.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { randomScalar } from '../../../primitives/crypto/ristretto.ts';
import { proveSchnorr, verifySchnorr } from '../../../primitives/crypto/schnorr.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { fheParams, SECURE_PARAMS } from '../../../primitives/fhe/params.ts';
import { residueBytes } from '../../../primitives/fhe/wire.ts';
import { openSealed } from '../../../primitives/linear/member.ts';
import { decodePayload, encodePayload, payloadBytes } from '../../../primitives/linear/payload.ts';
import { expandPiece } from '../../../primitives/linear/pieces.ts';
import { linearBytes, linearShape } from '../../../primitives/linear/shape.ts';
import { buildSubmission } from '../../../primitives/linear/submission.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { dataLevel } from '../../../primitives/proofs/round-keys.ts';
import {
  encodeSealed,
  joinKey,
  parseSealed,
  proofTask,
  sealedBytes,
  sealedId,
} from '../../../primitives/proofs/sealed.ts';
import {
  boxData,
  expansionSeed,
  keyDigestOf,
  payloadData,
  submissionMessage,
} from '../../../primitives/proofs/transcript.ts';
import { codeOf } from '../fhe/support.ts';
import { seeded } from '../proofs/support/round.ts';
import { forge } from './support/forger.ts';
import { decryptLinear, linearRound } from './support/wide.ts';

const round = linearRound('tacit-test-256-n4');
const { params, keys } = round;
const account = new Uint8Array(32).fill(5);
const spec: LaneSpec = { lane: 'usage', part: 2, values: 6, digits: 3, offset: 0, total: 6012n };
const values = [0, 1, 15, 16, 4095, 1885];
const binding = { context: round.context, spec, account };
const build = (label: string, over: object = {}): Uint8Array =>
  buildSubmission({ params, keys, ...binding, values, random: seeded(label), ...over }).sealed;
const open = (sealed: Uint8Array, as = binding) => openSealed(params, as, keys, sealed, round.sealSecrets);
const sealed = build('first');

describe('submissions', () => {
  it('open after the close to what was put in, under a proof of knowledge over all of it', () => {
    expect(sealed).to.have.length(sealedBytes(params, spec));
    const outcome = open(sealed);
    if (outcome.status !== 'open') return expect.fail(outcome.reason);
    expect(decryptLinear(round, outcome.submission.payload.ciphertext, 6)).to.deep.equal(values);
    const [key, message, proof] = proofTask(binding, parseSealed(params, spec, sealed)).parts;
    expect(verifySchnorr(key!, message!, proof!)).to.equal(true);
  });

  it('have 485,078 bytes for 8,192 values of two digits with a norm, n = 4', () => {
    const full: LaneSpec = { lane: 'update', part: 0, values: 8192, digits: 2, offset: 128, normSq: 1_000_000n };
    const sizes = SECURE_PARAMS.map((id) => sealedBytes(fheParams(id), full));
    expect(sizes).to.deep.equal([485_078, 486_710, 496_214]);
    const half = SECURE_PARAMS.map((id) => sealedBytes(fheParams(id), { ...full, values: 4096 }));
    expect(half).to.deep.equal([337_717, 339_349, 348_853]);
    const { deltas, proof, opened } = linearBytes(linearShape(full));
    const four = fheParams('tacit-8192-n4');
    expect(payloadBytes(four, full)).to.equal(2 * residueBytes(four.dataPrimes, 8192) + deltas + proof + opened);
  });

  it('keep their bytes from release to release', () => {
    // Seeds, expansion, ciphertext, transcript, layout and sealing all enter this digest: a change here is a change of protocol.
    expect(toHex(sealedId(sealed))).to.equal('0x59ed2f4490bf76076561064a39d3e3f4ae4207847df03499ebdfc7847db6b911');
  });

  it('refuse values and lanes that are none, and lanes that could wrap', () => {
    const code = (over: object): unknown => codeOf(() => build('x', over));
    expect(code({ values: values.slice(1) })).to.equal('proofs/value-count');
    expect(code({ values: values.with(4, 4096) })).to.equal('proofs/value-range');
    expect(code({ values: values.with(0, 1) })).to.equal('proofs/claim');
    expect(code({ spec: { ...spec, normSq: 1n } })).to.equal('proofs/claim');
    expect(code({ spec: { ...spec, digits: 13 } })).to.equal('proofs/bad-lane');
    expect(code({ spec: { ...spec, values: Number.NaN } })).to.equal('proofs/bad-lane');
    expect(code({ context: { ...round.context, paramsId: 'tacit-test-256-n7' } })).to.equal('fhe/context');
    const wide: LaneSpec = { ...spec, values: 10, digits: 12 };
    expect(code({ spec: wide, values: Array.from({ length: 10 }, () => 601).with(0, 603) })).to.equal(
      'proofs/bad-lane',
    );
  });

  it('are version 2, and no other is read', () => {
    expect(sealed[0]).to.equal(2);
    expect(codeOf(() => open(sealed.with(0, 1)))).to.equal('proofs/sealed-version');
  });

  it('read the public key at key level as at data level', () => {
    const special = new BigUint64Array(params.degree).fill(5n);
    const raised = (poly: BigUint64Array): BigUint64Array => BigUint64Array.of(...poly, ...special);
    const { a, b } = keys.publicKey;
    const atKeyLevel = { ...keys, publicKey: { a: raised(a), b: raised(b) } };
    expect(dataLevel(params, atKeyLevel.publicKey)).to.deep.equal({ a, b });
    expect(build('first', { keys: atKeyLevel })).to.deep.equal(sealed);
    expect(openSealed(params, binding, atKeyLevel, sealed, round.sealSecrets)).to.deep.equal(open(sealed));
  });

  it('do not open under another account, lane or round', () => {
    for (const as of [
      { ...binding, account: account.with(0, 6) },
      { ...binding, spec: { ...spec, total: 6013n } },
      { ...binding, context: { ...round.context, round: 1 } },
    ]) {
      expect(open(sealed, as)).to.deep.equal({ status: 'rejected', reason: 'keyBox' });
    }
  });
});

describe('opening a linear proof after the close', () => {
  const ones = Array.from({ length: 18 }, () => 1n);
  const honest = encodePayload(params, spec, forge(round, binding, ones).submission.payload);
  const sizes = linearBytes(linearShape(spec));
  const openedAt = honest.length - sizes.opened;
  const proofAt = openedAt - sizes.proof;
  const deltasAt = proofAt - sizes.deltas;

  /** A sealer who chooses everything, with a valid proof of knowledge. */
  function reseal(payload: Uint8Array): Uint8Array {
    const random = seeded('reseal');
    const secret = randomScalar(random);
    const summands = params.subsets.map(() => random(32));
    const key = joinKey(summands);
    const box = (to: readonly Uint8Array[], purpose: 'key' | 'seed'): Uint8Array[] =>
      summands.map((message, A) => sealTo(to[A]!, message, boxData(binding, purpose, A), secret));
    const head = {
      ephemeral: publicKeyOf(secret),
      keyDigest: keyDigestOf(key),
      keyBoxes: box(keys.sealKeys, 'key'),
      seedBoxes: box(keys.maskKeys, 'seed'),
    };
    const payloadBox = sealOnce(key, payload, payloadData(binding, head));
    const proof = proveSchnorr(secret, submissionMessage(binding, head, payloadBox), random(32));
    return encodeSealed(spec, { ...head, proof, payloadBox });
  }
  const reasonFor = (payload: Uint8Array): string => {
    const outcome = open(reseal(payload));
    return outcome.status === 'open' ? 'open' : outcome.reason;
  };
  const patched = (from: number, bytes: ArrayLike<number>): Uint8Array => {
    const out = honest.slice();
    out.set(bytes, from);
    return out;
  };

  it('gives a reason for what has not its canonical form', () => {
    const full = new Uint8Array(7).fill(255);
    expect(reasonFor(honest)).to.equal('open');
    expect(reasonFor(patched(0, new Uint8Array(64).fill(255)))).to.equal('ciphertext');
    expect(reasonFor(patched(0, new Uint8Array(residueBytes(params.dataPrimes, params.degree))))).to.equal(
      'ciphertext',
    );
    expect(reasonFor(patched(deltasAt, full))).to.equal('delta');
    expect(reasonFor(patched(proofAt, full))).to.equal('scalar');
    expect(reasonFor(patched(openedAt, full))).to.equal('scalar');
    // Bits behind the last element of each part.
    expect(reasonFor(honest.with(proofAt - 1, honest[proofAt - 1]! | 0x80))).to.equal('delta');
    expect(reasonFor(honest.with(honest.length - 1, honest.at(-1)! | 0x80))).to.equal('scalar');
    for (const bytes of [honest.subarray(1), new Uint8Array(honest.length + 1)]) {
      expect(codeOf(() => decodePayload(params, spec, bytes))).to.equal('proofs/payload-length');
    }
  });

  it('takes every payload in at most one encoding', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: honest.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = honest.with(at, honest[at]! ^ flip);
        try {
          expect(encodePayload(params, spec, decodePayload(params, spec, bytes))).to.deep.equal(bytes);
        } catch (error) {
          if (!isTacitError(error)) throw error;
          expect(error.code).to.match(/^(proofs|fhe)\//);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('refuses garbage of the right length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: honest.length, maxLength: honest.length }), (bytes) => {
        expect(codeOf(() => decodePayload(params, spec, bytes))).to.match(/^(no error|(proofs|fhe)\/.*)$/);
      }),
      { numRuns: 50 },
    );
  });
});

describe('expansion of a seed for a linear proof', () => {
  const seed = new Uint8Array(32).fill(1);
  const ephemeral = new Uint8Array(32).fill(2);
  const shape = linearShape(spec);
  const expand = (as = binding, E = ephemeral, A = 0, s = seed) => {
    const { u, e0, e1, words } = expandPiece(params, as, shape, E, A, s);
    return { u: u.join(), e0: e0.join(), e1: e1.join(), words: words.join() };
  };

  it('shares nothing between submissions, subsets, accounts, lanes, rounds or chains', () => {
    const { context } = binding;
    const base = expand();
    for (const other of [
      expand(binding, ephemeral.with(0, 3)),
      expand(binding, ephemeral, 1),
      expand(binding, ephemeral, 0, seed.with(0, 0)),
      expand({ ...binding, account: account.with(0, 1) }),
      expand({ ...binding, spec: { ...spec, part: 1 } }),
      expand({ ...binding, spec: { ...spec, lane: 'update' } }),
      expand({ ...binding, context: { ...context, round: 1 } }),
      expand({ ...binding, context: { ...context, term: 1 } }),
      expand({ ...binding, context: { ...context, paramsId: 'another' } }),
      expand({ ...binding, context: { ...context, genesis: new Uint8Array(32) } }),
    ]) {
      for (const key of ['u', 'e0', 'e1', 'words'] as const) expect(other[key]).to.not.equal(base[key]);
    }
    expect(expand()).to.deep.equal(base);
  });

  it('draws each purpose from a key stream of its own', () => {
    const streams = ['small', 'linear', 'error/1'].map((purpose) =>
      expansionSeed(binding, ephemeral, 0, seed, purpose).join(),
    );
    expect(new Set(streams).size).to.equal(3);
  });
});
