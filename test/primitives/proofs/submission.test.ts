import { expect } from 'chai';
import * as fc from 'fast-check';
import { sealOnce } from '../../../primitives/crypto/aead.ts';
import { publicKeyOf, sealTo } from '../../../primitives/crypto/box.ts';
import { randomScalar } from '../../../primitives/crypto/ristretto.ts';
import { proveSchnorr, verifySchnorr } from '../../../primitives/crypto/schnorr.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { subsetsWith } from '../../../primitives/fhe/params.ts';
import { ciphertextOf, openSealed } from '../../../primitives/linear/member.ts';
import { encodePayload } from '../../../primitives/linear/payload.ts';
import { buildSubmission } from '../../../primitives/linear/submission.ts';
import { digitCount, type LaneSpec } from '../../../primitives/proofs/lane.ts';
import {
  encodeSealed,
  joinKey,
  parseSealed,
  proofTask,
  sealedBytes,
  sealedId,
} from '../../../primitives/proofs/sealed.ts';
import { boxData, keyDigestOf, payloadData, submissionMessage } from '../../../primitives/proofs/transcript.ts';
import { openKeyBoxes, openSeedBoxes } from '../../../primitives/proofs/unseal.ts';
import { forge } from '../linear/support/forger.ts';
import { linearRound } from '../linear/support/wide.ts';
import { decrypt, seeded, type TestRound, testRound } from './support/round.ts';

const round = linearRound('tacit-test-256-n4');
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
      const opened = decrypt(at, ciphertextOf(outcome.submission), values.length);
      expect(opened.values).deep.equal(values);
      expect(opened.noise < 10n * at.params.freshSigma).equal(true);
      const [key, message, proof] = proofTask(as, parseSealed(at.params, spec, bytes)).parts;
      expect(verifySchnorr(key!, message!, proof!)).equal(true);
    });
  }

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
    expect(code({ spec: { ...spec, values: params.maxValues + 1, digits: 1 } })).equal('proofs/bad-lane');
    expect(code({ spec: { ...spec, lane: 'dance' } })).equal('proofs/bad-lane');
    expect(code({ context: { ...round.context, paramsId: 'tacit-test-256-n7' } })).equal('fhe/context');
    expect(code({ keys: { ...round.keys, sealKeys: [] } })).equal('proofs/round-keys');
  });
});

describe('the door for sealed submissions', () => {
  it('wants the exact length and header', () => {
    const parse = (bytes: Uint8Array, as: LaneSpec = spec): string => codeOf(() => parseSealed(params, as, bytes));
    expect(parse(sealed)).equal('none');
    for (const bytes of [sealed.subarray(0, -1), sealed.subarray(0, 1), Uint8Array.of(...sealed, 0)]) {
      expect(parse(bytes)).equal('proofs/sealed-length');
    }
    // Version 1 had another proof, and nothing else has been.
    for (const version of [0, 1, 3]) expect(parse(sealed.with(0, version))).equal('proofs/sealed-version');
    expect(parse(new Uint8Array())).equal('proofs/sealed-version');
    for (let at = 1; at < 4; at++) expect(parse(sealed.with(at, sealed[at]! ^ 1))).equal('proofs/sealed-header');
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
    spec,
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

  it('is the same for a member that has opened its own boxes before, whatever is wrong with which of them', () => {
    const parts = parseSealed(params, spec, sealed);
    const spoilt = (box: Uint8Array): Uint8Array => box.with(5, box[5]! ^ 1);
    const cases = [
      parts,
      { ...parts, keyDigest: spoilt(parts.keyDigest) },
      { ...parts, payloadBox: spoilt(parts.payloadBox) },
      { ...parts, ephemeral: new Uint8Array(32) },
      // Sound boxes, one at another's place: each opens to nothing.
      { ...parts, keyBoxes: [...parts.keyBoxes].reverse() },
      ...parts.keyBoxes.map((box, A) => ({ ...parts, keyBoxes: parts.keyBoxes.with(A, spoilt(box)) })),
    ].map((one) => encodeSealed(spec, one));
    const reasons = cases.map((bytes) => {
      const alone = open(bytes);
      for (let member = 0; member < params.n; member++) {
        const secrets = new Map(subsetsWith(params, member).map((A) => [A, round.sealSecrets[A]!]));
        const own = openKeyBoxes(params, binding, round.keys.sealKeys, bytes, secrets);
        expect([...own.subsets]).deep.equal(subsetsWith(params, member));
        const known = { id: sealedId(bytes), own };
        const outcome = openSealed(params, binding, round.keys, bytes, round.sealSecrets, known);
        expect(outcome).deep.equal(alone);
      }
      return alone.status === 'open' ? 'open' : alone.reason;
    });
    expect(reasons.slice(0, 4)).deep.equal(['open', 'keyDigest', 'payloadBox', 'keyBox']);
    expect(new Set(reasons.slice(4))).deep.equal(new Set(['keyBox']));
    const secrets = new Map([[params.subsets.length, 1n]]);
    expect(codeOf(() => openKeyBoxes(params, binding, round.keys.sealKeys, sealed, secrets))).equal(
      'proofs/round-keys',
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
