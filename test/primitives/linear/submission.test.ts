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
import { openLinear } from '../../../primitives/linear/member.ts';
import { decodeLinearPayload, encodeLinearPayload, LINEAR_FORM } from '../../../primitives/linear/payload.ts';
import { expandPiece } from '../../../primitives/linear/pieces.ts';
import { linearBytes, linearShape } from '../../../primitives/linear/shape.ts';
import { buildLinearSubmission } from '../../../primitives/linear/submission.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import {
  encodeSealed,
  joinKey,
  parseSealed,
  proofTask,
  sealedBytes,
  sealedId,
} from '../../../primitives/proofs/sealed.ts';
import { buildSubmission } from '../../../primitives/proofs/submission.ts';
import { boxData, keyDigestOf, payloadData, submissionMessage } from '../../../primitives/proofs/transcript.ts';
import { openSealed } from '../../../primitives/proofs/unseal.ts';
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
  buildLinearSubmission({ params, keys, ...binding, values, random: seeded(label), ...over }).sealed;
const open = (sealed: Uint8Array, as = binding) => openLinear(params, as, keys, sealed, round.sealSecrets);
const sealed = build('first');

describe('submissions with linear proofs', () => {
  it('open after the close to what was put in, under a proof of knowledge over all of it', () => {
    expect(sealed).to.have.length(sealedBytes(params, spec, LINEAR_FORM));
    const outcome = open(sealed);
    if (outcome.status !== 'open') return expect.fail(outcome.reason);
    expect(decryptLinear(round, outcome.submission.payload.ciphertext, 6)).to.deep.equal(values);
    const [key, message, proof] = proofTask(binding, parseSealed(params, spec, sealed, LINEAR_FORM)).parts;
    expect(verifySchnorr(key!, message!, proof!)).to.equal(true);
  });

  it('have 337,717 bytes for 4,096 values of two digits with a norm, n = 4, of 724,052 with responses', () => {
    const full: LaneSpec = { lane: 'update', part: 0, values: 4096, digits: 2, offset: 128, normSq: 1_000_000n };
    const sizes = SECURE_PARAMS.map((id) => sealedBytes(fheParams(id), full, LINEAR_FORM));
    expect(sizes).to.deep.equal([337_717, 339_349, 348_853]);
    expect(sealedBytes(fheParams('tacit-8192-n4'), full)).to.equal(724_052);
    const { deltas, proof, opened } = linearBytes(linearShape(full));
    const four = fheParams('tacit-8192-n4');
    const ciphertext = residueBytes(four.dataPrimes, 8192) + residueBytes(four.dataPrimes, 4096);
    expect(LINEAR_FORM.bytes(four, full)).to.equal(ciphertext + deltas + proof + opened);
  });

  it('keep their bytes from release to release', () => {
    // Seeds, expansion, ciphertext, transcript, layout and sealing all enter this digest: a change here is a change of protocol.
    expect(toHex(sealedId(sealed))).to.equal('0x59ed2f4490bf76076561064a39d3e3f4ae4207847df03499ebdfc7847db6b911');
  });

  it('refuse values and lanes as those with responses do, and lanes that could wrap', () => {
    const code = (over: object): unknown => codeOf(() => build('x', over));
    expect(code({ values: values.slice(1) })).to.equal('proofs/value-count');
    expect(code({ values: values.with(4, 4096) })).to.equal('proofs/value-range');
    expect(code({ values: values.with(0, 1) })).to.equal('proofs/claim');
    expect(code({ spec: { ...spec, normSq: 1n } })).to.equal('proofs/claim');
    expect(code({ spec: { ...spec, digits: 13 } })).to.equal('proofs/bad-lane');
    expect(code({ spec: { ...spec, values: Number.NaN } })).to.equal('proofs/bad-lane');
    expect(code({ context: { ...round.context, paramsId: 'tacit-test-256-n7' } })).to.equal('fhe/context');
    const wide: LaneSpec = { ...spec, values: 10, digits: 12 };
    expect(code({ spec: wide, values: Array.from({ length: 10 }, () => 601).with(0, 603) })).to.equal('linear/lane');
  });

  it('are another version: neither form opens the other', () => {
    const old = buildSubmission({ params, keys, ...binding, values, random: seeded('first') }).sealed;
    expect(sealed[0]).to.equal(2);
    expect(codeOf(() => open(old))).to.equal('proofs/sealed-length');
    expect(codeOf(() => openSealed(params, binding, keys, sealed, round.sealSecrets))).to.equal('proofs/sealed-length');
    const relabelled = sealed.with(0, 1);
    expect(codeOf(() => open(relabelled))).to.equal('proofs/sealed-header');
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
  const honest = encodeLinearPayload(params, spec, forge(round, binding, ones).submission.payload);
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
    return encodeSealed(spec, { ...head, proof, payloadBox }, LINEAR_FORM);
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
      expect(codeOf(() => decodeLinearPayload(params, spec, bytes))).to.equal('proofs/payload-length');
    }
  });

  it('takes every payload in at most one encoding', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: honest.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = honest.with(at, honest[at]! ^ flip);
        try {
          expect(encodeLinearPayload(params, spec, decodeLinearPayload(params, spec, bytes))).to.deep.equal(bytes);
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
        expect(codeOf(() => decodeLinearPayload(params, spec, bytes))).to.match(/^(no error|(proofs|fhe)\/.*)$/);
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
      expand({ ...binding, context: { ...context, genesis: new Uint8Array(32) } }),
    ]) {
      for (const key of ['u', 'e0', 'e1', 'words'] as const) expect(other[key]).to.not.equal(base[key]);
    }
  });
});
