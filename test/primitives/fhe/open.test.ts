import { expect } from 'chai';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { assembleCiphertext, encryptPlain } from '../../../primitives/fhe/encrypt.ts';
import { weightedSum } from '../../../primitives/fhe/evaluate.ts';
import { encodedShares } from '../../../primitives/fhe/masks.ts';
import { centred, checkRequest, combineOpening, openingShare, requestHash } from '../../../primitives/fhe/open.ts';
import { noiseBound } from '../../../primitives/fhe/params.ts';
import { secretPieces } from '../../../primitives/fhe/keys.ts';
import { shareOf, shareSmall } from '../../../primitives/fhe/cdi.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import type { Ciphertext, OpeningRequest, OpeningSlots, SharePost } from '../../../primitives/fhe/types.ts';
import { ciphertextHash } from '../../../primitives/fhe/wire.ts';
import { TestCommittee } from './committee.ts';
import { below, codeOf, mod, prgOf } from './support.ts';

const IDS = ['tacit-test-256-n4', 'tacit-test-256-n7', 'tacit-test-256-n10', 'tacit-test-confidential-256-n4'];

function requestFor(committee: TestCommittee, ciphertexts: Ciphertext[], slots: OpeningSlots[]): OpeningRequest {
  return {
    context: committee.context,
    step: 'test',
    attempt: 0,
    sources: ciphertexts.map((ciphertext) => ciphertextHash(committee.params, ciphertext)),
    slots,
  };
}

const slot = (source: number, from: number, count: number, scale = 1n): OpeningSlots => ({
  source,
  from,
  count,
  scale,
  weightNorm: scale < 0n ? -scale : scale || 1n,
});

function posts(committee: TestCommittee, request: OpeningRequest, ciphertexts: Ciphertext[]): SharePost[] {
  return committee.members.map((member) => ({
    member,
    shares: openingShare(committee.params, request, member, committee.keysOf(member), ciphertexts),
  }));
}

for (const id of IDS) {
  describe(`openings (${id})`, () => {
    const committee = new TestCommittee(id);
    const { params, members } = committee;
    const { t, degree: N, f } = params;
    const prg = prgOf(id);
    const plain = () => BigUint64Array.from({ length: N }, () => below(prg, t));
    const key = committee.encryptionKey();
    const values = [plain(), plain()];
    const ciphertexts = values.map((v) => encryptPlain(params, key, v, prg));
    const at = (source: number, k: number) => values[source]?.[k] ?? 0n;

    it('give whole polynomials, single coefficients, scaled and with constants, in the order of the slots', () => {
      const request = requestFor(committee, ciphertexts, [
        slot(0, 0, N),
        { ...slot(1, 3, 2, -5n), constant: 1000n },
        slot(1, N - 1, 1, 1n << 30n),
        slot(0, 7, 1, 0n),
      ]);
      const want = [
        ...(values[0] ?? []),
        mod(1000n - 5n * at(1, 3), t),
        mod(1000n - 5n * at(1, 4), t),
        mod(at(1, N - 1) << 30n, t),
        0n,
      ];
      const all = posts(committee, request, ciphertexts);
      expect(combineOpening(params, request, all)).to.deep.equal({ status: 'open', values: want, liars: [] });
      const quorum = all.slice(f, 3 * f + 1);
      expect(combineOpening(params, request, quorum)).to.deep.equal({ status: 'open', values: want, liars: [] });
      expect(combineOpening(params, request, quorum.slice(1)).status).to.equal('waiting');
    });

    it('name the liars and give the right values all the same', () => {
      const request = requestFor(committee, ciphertexts, [slot(0, 0, 20)]);
      const lied = posts(committee, request, ciphertexts).map(({ member, shares }) => {
        if (member >= f) return { member, shares };
        const copy = shares.slice();
        copy[20 + member] = mod((copy[20 + member] ?? 0n) + 1n, params.dataPrimes[1] ?? 1n);
        return { member, shares: copy };
      });
      expect(combineOpening(params, request, lied)).to.deep.equal({
        status: 'open',
        values: [...(values[0] ?? [])].slice(0, 20),
        liars: members.slice(0, f),
      });
      expect(combineOpening(params, request, lied.slice(0, -1)).status).to.equal('waiting');
    });

    it('add masks known by pieces, so that only who knows the mask reads the value', () => {
      const pieces = new Map(params.subsets.map((_, A) => [A, [below(prg, 1n << 130n), below(prg, 1n << 130n)]]));
      const mask = [0, 1].map((k) =>
        mod(
          [...pieces.values()].reduce((sum, v) => sum + (v[k] ?? 0n), 0n),
          t,
        ),
      );
      const masks = [hash32Of('tacit/test/1', 'mask 0'), hash32Of('tacit/test/1', 'mask 1')];
      const request = requestFor(committee, ciphertexts, [{ ...slot(0, 5, 2, 3n), masks, constant: -7n }]);
      const shares = members.map((member) => ({
        member,
        shares: openingShare(
          params,
          request,
          member,
          committee.keysOf(member),
          ciphertexts,
          encodedShares(params, member, pieces),
        ),
      }));
      expect(combineOpening(params, request, shares)).to.deep.equal({
        status: 'open',
        values: [0, 1].map((k) => mod(3n * at(0, 5 + k) - 7n + (mask[k] ?? 0n), t)),
        liars: [],
      });
      const without = () => openingShare(params, request, 0, committee.keysOf(0), ciphertexts);
      expect(codeOf(without)).to.equal('fhe/mask');
      const plainRequest = requestFor(committee, ciphertexts, [slot(0, 5, 2)]);
      const uncalled = () =>
        openingShare(params, plainRequest, 0, committee.keysOf(0), ciphertexts, encodedShares(params, 0, pieces));
      expect(codeOf(uncalled)).to.equal('fhe/mask');
    });

    it('survive the largest functional that a request may ask for', () => {
      const scale = params.maxWeightNorm;
      const request = requestFor(committee, ciphertexts, [slot(0, 0, 8, scale), slot(0, 0, 8, -scale)]);
      expect(combineOpening(params, request, posts(committee, request, ciphertexts))).to.deep.equal({
        status: 'open',
        values: [scale, -scale].flatMap((s) => Array.from({ length: 8 }, (_, k) => mod(s * at(0, k), t))),
        liars: [],
      });
    });
  });
}

describe('opening requests', () => {
  const committee = new TestCommittee('tacit-test-256-n4');
  const { params, context } = committee;
  const { degree: N, t } = params;
  const ring = ringOf(params);
  const prg = prgOf('requests');
  const key = committee.encryptionKey();
  const values = BigUint64Array.from({ length: N }, () => below(prg, t));
  const ciphertext = encryptPlain(params, key, values, prg);
  const request = requestFor(committee, [ciphertext], [slot(0, 3, 2)]);
  const share = (asked: OpeningRequest, member = 0, given = [ciphertext]) =>
    openingShare(params, asked, member, committee.keysOf(member), given);

  it('give the same bytes when asked again, and others for any other text', () => {
    expect(share(request)).to.deep.equal(share(structuredClone(request)));
    const first = request.slots[0] ?? slot(0, 3, 2);
    const id = hash32Of('tacit/test/1', 'mask');
    const others: OpeningRequest[] = [
      { ...request, step: 'other' },
      { ...request, attempt: 1 },
      { ...request, context: { ...context, round: 2 } },
      { ...request, context: { ...context, term: 2 } },
      { ...request, context: { ...context, genesis: id } },
      { ...request, context: { ...context, paramsId: 'tacit-8192-n4' } },
      { ...request, sources: [id] },
      { ...request, sources: [...request.sources, id] },
      { ...request, slots: [] },
      { ...request, slots: [first, first] },
      ...(
        [
          { source: 1 },
          { from: 4 },
          { count: 3 },
          { scale: -1n },
          { weightNorm: 2n },
          { constant: 1n },
          { masks: [id] },
          { masks: [id, id] },
        ] satisfies Partial<OpeningSlots>[]
      ).map((change) => ({ ...request, slots: [{ ...first, ...change }] })),
    ];
    const hashes = [request, ...others].map((asked) => requestHash(asked).join());
    expect(new Set(hashes).size).to.equal(hashes.length);
  });

  it('are refused where they ask for what must not be opened', () => {
    const first = request.slots[0] ?? slot(0, 3, 2);
    const withSlot = (change: Partial<OpeningSlots>) => ({ ...request, slots: [{ ...first, ...change }] });
    const big = params.maxWeightNorm + 1n;
    const cases: [string, OpeningRequest, string][] = [
      ['over the weight norm', withSlot({ weightNorm: big }), 'fhe/weight-norm'],
      ['with a hidden weight', withSlot({ scale: big, weightNorm: 1n }), 'fhe/bad-request'],
      ['without a weight norm', withSlot({ scale: 0n, weightNorm: 0n }), 'fhe/bad-request'],
      ['past the last coefficient', withSlot({ from: N - 1 }), 'fhe/bad-request'],
      ['before the first', withSlot({ from: -1 }), 'fhe/bad-request'],
      ['of nothing', withSlot({ count: 0 }), 'fhe/bad-request'],
      ['without slots', { ...request, slots: [] }, 'fhe/bad-request'],
      ['of an unknown source', withSlot({ source: 1 }), 'fhe/bad-request'],
      ['with a mask too few', withSlot({ masks: [new Uint8Array(32)] }), 'fhe/bad-request'],
      [
        'with too many slots',
        { ...request, slots: Array.from({ length: 129 }, () => slot(0, 0, N)) },
        'fhe/bad-request',
      ],
      ['without sources', { ...request, sources: [] }, 'fhe/bad-request'],
      ['with a short hash', { ...request, sources: [new Uint8Array(31)] }, 'fhe/bad-request'],
      ['of another parameter set', { ...request, context: { ...context, paramsId: 'tacit-8192-n4' } }, 'fhe/context'],
      ['of a fractional attempt', { ...request, attempt: 0.5 }, 'fhe/bad-request'],
    ];
    for (const [name, asked, code] of cases) {
      expect(
        codeOf(() => checkRequest(params, asked)),
        name,
      ).to.equal(code);
      expect(
        codeOf(() => share(asked)),
        name,
      ).to.equal(code);
      expect(
        codeOf(() => combineOpening(params, asked, [])),
        name,
      ).to.equal(code);
    }
    const other = encryptPlain(params, key, values, prg);
    expect(codeOf(() => share(request, 0, [other]))).to.equal('fhe/source-hash');
    expect(codeOf(() => share(request, 0, []))).to.equal('fhe/source-hash');
  });

  for (const [side, sign] of [
    ['above', 1n],
    ['below', -1n],
  ] as const) {
    it(`show a noise that no honest ciphertext has, ${side} the limit`, () => {
      // A quarter of Q/t: never past the next value, and past the limit with every second flood.
      const count = 64;
      const noisy = { c0: ciphertext.c0.slice(), c1: ciphertext.c1 };
      const shift = (sign * params.q) / (4n * t);
      params.dataPrimes.forEach((q, i) => {
        for (let k = 0; k < count; k++) noisy.c0[i * N + k] = mod((noisy.c0[i * N + k] ?? 0n) + shift, q);
      });
      const asked = requestFor(committee, [noisy], [slot(0, 0, count)]);
      expect(combineOpening(params, asked, posts(committee, asked, [noisy])).status).to.equal('undecodable');
      const fair = requestFor(committee, [ciphertext], [slot(0, 0, count)]);
      expect(combineOpening(params, fair, posts(committee, fair, [ciphertext])).status).to.equal('open');
    });
  }

  it('centre what comes out signed', () => {
    expect(centred(params, t - 5n)).to.equal(-5n);
    expect(centred(params, 5n)).to.equal(5n);
    expect(centred(params, t / 2n)).to.equal(t / 2n);
  });

  /** The flood pieces of one slot from a label, in big integers: an implementation of its own, to which the label is a parameter. */
  function floodPieces(label: Uint8Array): Map<number, bigint> {
    const width = params.floodBits;
    return new Map(
      [...committee.keys].map(([subset, roundKey]) => {
        const bytes = new Prg(hash32Of('tacit/flood/1', roundKey, label, subset)).next(16);
        const wide = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
        return [subset, (wide % (1n << BigInt(width + 1))) - (1n << BigInt(width))];
      }),
    );
  }

  /** `member`'s shares of coefficient `k` per prime, flooded under `label`. */
  function floodedShare(member: number, source: Ciphertext, k: number, label: Uint8Array): bigint[] {
    const sigma = shareSmall(params, member, secretPieces(params, context, member, committee.keysOf(member)), 3);
    const product = ring.multiply(source.c1, sigma);
    return params.dataPrimes.map((q, i) =>
      mod(
        (product[i * N + k] ?? 0n) + (source.c0[i * N + k] ?? 0n) + shareOf(params, member, floodPieces(label), q),
        q,
      ),
    );
  }

  /** `c0 + c1 s` at coefficient `k`, in [0, Q): what nobody may see without flood. */
  function exact({ c0, c1 }: Ciphertext, k: number): bigint {
    const y = ring.add(c0, ring.multiplySmall(c1, committee.secret()));
    return ring.recompose([0, 1, 2].map((i) => y[i * N + k] ?? 0n));
  }

  it('[a label that covers less than the whole request lets two requests cancel the flood]', () => {
    const k = 3;
    const other = encryptPlain(params, key, values, prg);
    const both = [ciphertext, other].map((source) => ({
      source,
      asked: requestFor(committee, [source], [slot(0, k, 1)]),
    }));
    /** What everyone decodes from the posts of two members, before rounding. */
    const decodedBy = (source: Ciphertext, label: Uint8Array): bigint => {
      // Lagrange at 0 through the abscissae 1 and 2: 2 y_1 - y_2.
      const [one = [], two = []] = [0, 1].map((member) => floodedShare(member, source, k, label));
      return ring.recompose(params.dataPrimes.map((q, i) => mod(2n * (one[i] ?? 0n) - (two[i] ?? 0n), q)));
    };
    for (const { source, asked } of both) {
      expect([...share(asked, 2, [source])]).to.deep.equal(floodedShare(2, source, k, requestHash(asked)));
    }
    const difference = (labels: Uint8Array[]): bigint => {
      const [first = 0n, second = 0n] = both.map(({ source }, i) => decodedBy(source, labels[i] ?? new Uint8Array(0)));
      const rest = mod(first - second - exact(ciphertext, k) + exact(other, k), params.q);
      return rest > params.q / 2n ? params.q - rest : rest;
    };
    // A label of context and step alone: the difference of the two openings is the ciphertexts' own, noise and all.
    const weak = hash32Of('tacit/test/1', context.genesis, context.term, context.round, 'test');
    expect(difference([weak, weak])).to.equal(0n);
    // The hash of the whole request: the flood stays, far above any noise.
    expect(difference(both.map(({ asked }) => requestHash(asked))) > noiseBound(params, 1n) << 30n).to.equal(true);
  });

  it('[ground and reused seeds break a square-root rule] noises add up, so bounds must too', () => {
    const copies = 1024;
    const own = encryptPlain(params, key, new BigUint64Array(1), prgOf('ground'));
    const total = weightedSum(params, [{ ciphertext: own, weights: Int32Array.of(copies) }]);
    const y = ring.add(total.c0, ring.multiplySmall(total.c1, committee.secret()));
    let most = 0n;
    for (let k = 0; k < N; k++) {
      const { noise } = ring.scaleRound(ring.recompose([0, 1, 2].map((i) => y[i * N + k] ?? 0n)));
      if (noise > most) most = noise;
      if (-noise > most) most = -noise;
    }
    // `own` has one subset's share of randomness only; a committee's submission has C times the deviation.
    const sigma = params.freshSigma / BigInt(params.subsets.length);
    expect(most > 10n * sigma * BigInt(Math.sqrt(copies)), 'a square-root bound is exceeded').to.equal(true);
    expect(most < 10n * sigma * BigInt(copies), 'the bound by the sum holds').to.equal(true);
  });

  it('[crafted c1 as a decryption oracle] would give the round secret away: nothing unchecked may be opened', () => {
    // c0 = 0 and c1 = round(Q/t): the "plaintext" is the secret itself. The guard is the check of §5, before any opening.
    const crafted = { c0: ring.zero(3), c1: ring.encode(BigUint64Array.of(1n)) };
    const asked = requestFor(committee, [crafted], [slot(0, 0, N)]);
    const outcome = combineOpening(params, asked, posts(committee, asked, [crafted]));
    const secret = committee.secret();
    expect(outcome.status === 'open' && outcome.values.map((v) => Number(centred(params, v)))).to.deep.equal([
      ...secret,
    ]);
  });

  it('open what the seeds of all subsets made', () => {
    const pieces = params.subsets.map(() => ({
      u: new Int8Array(N).fill(1),
      e0: new Int8Array(N),
      e1: new Int8Array(N),
    }));
    const made = assembleCiphertext(params, key, pieces, values);
    const asked = requestFor(committee, [made], [slot(0, 0, 4)]);
    expect(combineOpening(params, asked, posts(committee, asked, [made]))).to.deep.include({
      status: 'open',
      values: [...values.subarray(0, 4)],
    });
  });
});
