import { expect } from 'chai';
import * as fc from 'fast-check';
import { sealOnce } from '../../../primitives/crypto/aead.ts';
import { publicKeyOf, sealTo } from '../../../primitives/crypto/box.ts';
import { fromSignedLittleEndian } from '../../../primitives/crypto/bytes.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { randomScalar } from '../../../primitives/crypto/ristretto.ts';
import { proveSchnorr, verifySchnorr } from '../../../primitives/crypto/schnorr.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { fheParams, SECURE_PARAMS } from '../../../primitives/fhe/params.ts';
import { scalarField } from '../../../primitives/fhe/scalar-kernel.ts';
import { expandSeed } from '../../../primitives/proofs/expand.ts';
import { digitCount, type LaneSpec } from '../../../primitives/proofs/lane.ts';
import { decodePayload, encodeDeltas, encodePayload, payloadBytes } from '../../../primitives/proofs/payload.ts';
import {
  encodeSealed,
  joinKey,
  parseSealed,
  proofTask,
  sealedBytes,
  sealedId,
} from '../../../primitives/proofs/sealed.ts';
import { buildSubmission } from '../../../primitives/proofs/submission.ts';
import {
  boxData,
  expansionSeed,
  keyDigestOf,
  payloadData,
  submissionMessage,
} from '../../../primitives/proofs/transcript.ts';
import { openSealed, openSeedBoxes } from '../../../primitives/proofs/unseal.ts';
import { forge } from './support/forger.ts';
import { decrypt, seeded, type TestRound, testRound } from './support/round.ts';

const round = testRound('tacit-test-256-n4');
const { params } = round;
const account = new Uint8Array(32).fill(5);
const spec: LaneSpec = { lane: 'usage', part: 2, values: 6, digits: 3, offset: 0, total: 6012n };
const values = [0, 1, 15, 16, 4095, 1885];
const binding = { context: round.context, spec, account };

const build = (label: string, at: TestRound = round): Uint8Array =>
  buildSubmission({
    params: at.params,
    context: at.context,
    keys: at.keys,
    spec,
    account,
    values,
    random: seeded(label),
  }).sealed;
const open = (sealed: Uint8Array, as = binding) => openSealed(params, as, round.keys, sealed, round.sealSecrets);
const proofHolds = (sealed: Uint8Array, as = binding): boolean => {
  const [key, message, proof] = proofTask(as, parseSealed(params, as.spec, sealed)).parts;
  return verifySchnorr(key!, message!, proof!);
};
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (isTacitError(error)) return error.code;
    throw error;
  }
  return 'none';
};
const sealed = build('first');

describe('sealed submissions', () => {
  for (const id of ['tacit-test-256-n4', 'tacit-test-256-n7', 'tacit-test-256-n10']) {
    it(`open after the close to what was put in (${id})`, () => {
      const at = testRound(id);
      const bytes = build('round trip', at);
      const as = { ...binding, context: at.context };
      expect(bytes.length).equal(sealedBytes(at.params, spec));
      const outcome = openSealed(at.params, as, at.keys, bytes, at.sealSecrets);
      if (outcome.status !== 'open') return expect.fail(outcome.reason);
      const opened = decrypt(at, outcome.submission.payload.ciphertext);
      expect(opened.values.slice(0, values.length)).deep.equal(values);
      expect(opened.noise < 10n * at.params.freshSigma).equal(true);
      const [key, message, proof] = proofTask(as, parseSealed(at.params, spec, bytes)).parts;
      expect(verifySchnorr(key!, message!, proof!)).equal(true);
    });
  }

  it('fit one mebibyte at 4096 values of two digits for every committee', () => {
    const full: LaneSpec = { lane: 'update', part: 0, values: 4096, digits: 2, offset: 128, normSq: 1_000_000n };
    for (const id of SECURE_PARAMS) expect(sealedBytes(fheParams(id), full)).below(1 << 20);
  });

  it('keep their bytes from release to release', () => {
    // Seeds, expansion, ciphertext, transcript and sealing all enter this digest: a change here is a change of protocol.
    expect(toHex(sealedId(sealed))).equal('0xb688c96648c1220ba870a3c609bcd8663dedca39a792d57e7338720d7324769a');
  });

  it('differ every time, ephemeral key and seeds included', () => {
    const again = parseSealed(params, spec, build('second'));
    const first = parseSealed(params, spec, sealed);
    expect(again.ephemeral).not.deep.equal(first.ephemeral);
    const secrets = new Map(round.maskSecrets.entries());
    const seeds = openSeedBoxes(params, binding, sealed, secrets);
    const others = openSeedBoxes(params, binding, build('second'), secrets);
    for (const A of secrets.keys()) expect(seeds.get(A)).not.deep.equal(others.get(A));
  });

  it('refuse values that the lane does not allow', () => {
    const code = (over: object): string =>
      codeOf(() => buildSubmission({ params, ...binding, keys: round.keys, values, random: seeded('x'), ...over }));
    expect(code({ values: values.slice(1) })).equal('proofs/value-count');
    expect(code({ values: values.with(4, 4096) })).equal('proofs/value-range');
    expect(code({ values: values.with(4, -1) })).equal('proofs/value-range');
    expect(code({ values: values.with(4, 0.5) })).equal('proofs/value-range');
    expect(code({ values: values.with(0, 1) })).equal('proofs/claim');
    expect(code({ spec: { ...spec, normSq: 1n } })).equal('proofs/claim');
    expect(code({ spec: { ...spec, digits: 13 } })).equal('proofs/bad-lane');
    expect(code({ spec: { ...spec, values: 129 } })).equal('proofs/bad-lane');
    expect(code({ spec: { ...spec, lane: 'dance' } })).equal('proofs/bad-lane');
    expect(code({ context: { ...round.context, paramsId: 'tacit-test-256-n7' } })).equal('fhe/context');
    expect(code({ keys: { ...round.keys, sealKeys: [] } })).equal('proofs/round-keys');
  });
});

describe('the door for sealed submissions', () => {
  it('wants the exact length and header', () => {
    const parse = (bytes: Uint8Array, as: LaneSpec = spec): string => codeOf(() => parseSealed(params, as, bytes));
    expect(parse(sealed)).equal('none');
    for (const bytes of [new Uint8Array(), sealed.subarray(1), Uint8Array.of(...sealed, 0)]) {
      expect(parse(bytes)).equal('proofs/sealed-length');
    }
    for (let at = 0; at < 4; at++) expect(parse(sealed.with(at, sealed[at]! ^ 1))).equal('proofs/sealed-header');
    expect(parse(sealed, { ...spec, part: 3 })).equal('proofs/sealed-header');
    expect(parse(sealed, { ...spec, lane: 'update' })).equal('proofs/sealed-header');
    expect(parse(sealed, { ...spec, values: 5 })).equal('proofs/sealed-length');
  });

  it('refuses a copy under another account, lane, round, term or chain', () => {
    expect(proofHolds(sealed)).equal(true);
    const { context } = binding;
    const elsewhere = [
      { ...binding, account: account.with(0, 6) },
      { ...binding, spec: { ...spec, total: 6013n } },
      { ...binding, context: { ...context, round: context.round + 1 } },
      { ...binding, context: { ...context, term: context.term + 1 } },
      { ...binding, context: { ...context, genesis: context.genesis.with(0, context.genesis[0]! ^ 1) } },
    ];
    for (const as of elsewhere) {
      expect(proofHolds(sealed, as)).equal(false);
      // And without the proof of knowledge the copy would not open either: boxes and payload are bound as well.
      expect(open(sealed, as)).deep.equal({ status: 'rejected', reason: 'keyBox' });
    }
  });

  it('refuses any changed byte', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: sealed.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        expect(proofHolds(sealed.with(at, sealed[at]! ^ flip))).equal(false);
      }),
      { numRuns: 60 },
    );
  });
});

describe('opening after the close', () => {
  it('gives a reason for whatever is wrong, and the same one to everybody', () => {
    const parts = parseSealed(params, spec, sealed);
    const garbled = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0x55);
    const reasonOf = (change: Partial<typeof parts>): string => {
      const outcome = open(encodeSealed(spec, { ...parts, ...change }));
      return outcome.status === 'open' ? 'open' : outcome.reason;
    };
    expect(reasonOf({})).equal('open');
    for (let A = 0; A < params.subsets.length; A++) {
      expect(reasonOf({ keyBoxes: parts.keyBoxes.with(A, garbled(parts.keyBoxes[A]!)) })).equal('keyBox');
    }
    expect(reasonOf({ ephemeral: garbled(parts.ephemeral) })).equal('keyBox');
    expect(reasonOf({ ephemeral: new Uint8Array(32) })).equal('keyBox');
    expect(reasonOf({ keyDigest: garbled(parts.keyDigest) })).equal('keyDigest');
    expect(reasonOf({ payloadBox: garbled(parts.payloadBox) })).equal('payloadBox');
    expect(reasonOf({ seedBoxes: parts.seedBoxes.with(0, garbled(parts.seedBoxes[0]!)) })).equal('payloadBox');
    expect(open(build('honest'), { ...binding, account: account.with(31, 0) }).status).equal('rejected');
  });

  /** A sealer who chooses everything, with a valid proof of knowledge. */
  function reseal(payload: Uint8Array, lie: { digestOf?: Uint8Array } = {}): Uint8Array {
    const random = seeded('reseal');
    const secret = randomScalar(random);
    const summands = params.subsets.map(() => random(32));
    const key = joinKey(summands);
    const box = (to: readonly Uint8Array[], purpose: 'key' | 'seed', secrets: Uint8Array[]): Uint8Array[] =>
      secrets.map((message, A) => sealTo(to[A]!, message, boxData(binding, purpose, A), secret));
    const head = {
      ephemeral: publicKeyOf(secret),
      keyDigest: keyDigestOf(lie.digestOf ?? key),
      keyBoxes: box(round.keys.sealKeys, 'key', summands),
      seedBoxes: box(round.keys.maskKeys, 'seed', summands),
    };
    const payloadBox = sealOnce(key, payload, payloadData(binding, head));
    const proof = proveSchnorr(secret, submissionMessage(binding, head, payloadBox), random(32));
    return encodeSealed(spec, { ...head, proof, payloadBox });
  }

  const honest = encodePayload(
    params,
    forge(
      round,
      binding,
      Array.from({ length: digitCount(spec) }, () => 1n),
    ).submission.payload,
  );
  const reasonFor = (payload: Uint8Array, lie?: { digestOf?: Uint8Array }): string => {
    const bytes = reseal(payload, lie);
    expect(proofHolds(bytes), 'the chain takes it').equal(true);
    const outcome = open(bytes);
    return outcome.status === 'open' ? 'open' : outcome.reason;
  };

  it('rejects a key other than the committed one', () => {
    expect(reasonFor(honest)).equal('open');
    expect(reasonFor(honest, { digestOf: new Uint8Array(32).fill(1) })).equal('keyDigest');
  });

  it('rejects payloads without their canonical form', () => {
    const deltasAt = honest.length - digitCount(spec) * 32 - 16 * 32 - digitCount(spec) * 12;
    const termsAt = honest.length - digitCount(spec) * 32 - 16 * 32;
    const patched = (at: number, bytes: ArrayLike<number>): Uint8Array => {
      const out = honest.slice();
      out.set(bytes, at);
      return out;
    };
    expect(reasonFor(patched(deltasAt, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80]))).equal('delta');
    expect(reasonFor(patched(deltasAt, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80]))).equal('open');
    for (const at of [termsAt, honest.length - 32]) {
      const order = new Uint8Array(32);
      let rest = scalarField.order;
      for (let i = 0; i < 32; i++, rest >>= 8n) order[i] = Number(rest & 255n);
      expect(reasonFor(patched(at, order))).equal('scalar');
      expect(reasonFor(patched(at, new Uint8Array(32).fill(255)))).equal('scalar');
    }
    expect(reasonFor(patched(0, new Uint8Array(64).fill(255)))).equal('ciphertext');
    expect(codeOf(() => decodePayload(params, spec, honest.subarray(1)))).equal('proofs/payload-length');
    expect(codeOf(() => decodePayload(params, spec, new Uint8Array(payloadBytes(params, spec) + 1)))).equal(
      'proofs/payload-length',
    );
  });

  it('takes every payload in at most one encoding', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: honest.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = honest.with(at, honest[at]! ^ flip);
        try {
          expect(encodePayload(params, decodePayload(params, spec, bytes))).deep.equal(bytes);
        } catch (error) {
          if (!isTacitError(error)) throw error;
          expect(error.code).match(/^(proofs|fhe)\//);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('refuses garbage of the right length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: honest.length, maxLength: honest.length }), (bytes) => {
        const code = codeOf(() => decodePayload(params, spec, bytes));
        expect(code === 'none' || /^(proofs|fhe)\//.test(code)).equal(true);
      }),
      { numRuns: 50 },
    );
  });

  it('reads a seed box that does not open as the zero seed', () => {
    const parts = parseSealed(params, spec, sealed);
    const bytes = encodeSealed(spec, { ...parts, seedBoxes: parts.seedBoxes.with(1, new Uint8Array(48)) });
    const seeds = openSeedBoxes(params, binding, bytes, new Map(round.maskSecrets.entries()));
    expect(seeds.get(1)).deep.equal(new Uint8Array(32));
    expect(seeds.get(0)).not.deep.equal(new Uint8Array(32));
  });
});

describe('deltas on the wire', () => {
  it('are signed integers of twelve bytes, least significant first', () => {
    const bound = 1n << 95n;
    const edges = [0n, 1n, -1n, 1n - bound, bound - 1n, 1n << 63n, -(1n << 63n), (1n << 64n) - 1n, -(1n << 64n)];
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 1n - bound, max: bound - 1n }), { maxLength: 8 }), (more) => {
        const deltas = [...edges, ...more];
        const bytes = encodeDeltas(deltas);
        for (const [k, delta] of deltas.entries()) {
          expect(fromSignedLittleEndian(bytes.subarray(12 * k, 12 * k + 12))).equal(delta);
        }
      }),
    );
    for (const delta of [bound, -bound, bound + 5n, scalarField.order]) {
      expect(codeOf(() => encodeDeltas([delta]))).equal('proofs/delta-range');
    }
  });
});

describe('expansion of a seed', () => {
  const seed = new Uint8Array(32).fill(1);
  const ephemeral = new Uint8Array(32).fill(2);
  const expand = (as = binding, E = ephemeral, A = 0, s = seed) => {
    const { small, pads, masks, terms } = expandSeed(params, as, E, A, s);
    return {
      u: small.u.join(),
      e0: small.e0.join(),
      e1: small.e1.join(),
      pads: pads.join(),
      masks: masks.join(),
      terms: terms.join(),
    };
  };

  it('shares nothing between submissions, subsets, accounts, lanes, rounds or chains', () => {
    const { context } = binding;
    const base = expand();
    const others = [
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
    ];
    for (const other of others) {
      for (const key of Object.keys(base) as (keyof typeof base)[]) expect(other[key]).not.equal(base[key]);
    }
    expect(expand()).deep.equal(base);
  });

  it('draws each purpose from a key stream of its own', () => {
    // A stream in common would make responses, which are published, tell pads.
    const { masks, terms } = expandSeed(params, binding, ephemeral, 0, seed);
    expect(masks.subarray(0, 4)).not.deep.equal(terms.subarray(0, 4));
    const seeds = ['small', 'pads', 'masks', 'terms'].map((purpose) =>
      expansionSeed(binding, ephemeral, 0, seed, purpose).join(),
    );
    expect(new Set(seeds).size).equal(4);
  });

  it('makes pads of 84 bits, 80 more than a digit has', () => {
    const wide: LaneSpec = { ...spec, values: 100, digits: 2 };
    const { pads } = expandSeed(params, { ...binding, spec: wide }, ephemeral, 0, seed);
    const all = scalarField.toBigInts(pads);
    expect(all.every((pad) => pad < 1n << 84n)).equal(true);
    expect(all.some((pad) => pad >= 1n << 83n)).equal(true);
    const bits = all.reduce((seen, pad) => seen | pad, 0n);
    expect(bits).equal((1n << 84n) - 1n);
  });
});
