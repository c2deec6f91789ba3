import { expect } from 'chai';
import * as fc from 'fast-check';
import { publicKeyOf } from '../../../primitives/crypto/box.ts';
import { concatBytes, sameBytes } from '../../../primitives/crypto/bytes.ts';
import {
  commit,
  decodePoint,
  G,
  J0,
  modOrder,
  ORDER,
  randomScalar,
  type Scalar,
  times,
} from '../../../primitives/crypto/ristretto.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';
import { decodeIntegers } from '../../../primitives/fhe/decode.ts';
import { encryptPlain, prepareKey } from '../../../primitives/fhe/encrypt.ts';
import { keyPosting, publicKey } from '../../../primitives/fhe/keys.ts';
import { combineOpening, openingShare } from '../../../primitives/fhe/open.ts';
import { type FheParams, fheParams, type RoundContext, subsetsWith } from '../../../primitives/fhe/params.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import type { OpeningRequest, RnsPoly } from '../../../primitives/fhe/types.ts';
import { ciphertextHash } from '../../../primitives/fhe/wire.ts';
import {
  buildEnrolment,
  type Enrolment,
  type EnrolmentBinding,
  type EnrolmentPieces,
  enrolmentBytes,
  enrolmentId,
  expandEnrolmentSeed,
  openEnrolmentSeeds,
  parseEnrolment,
  recoverEnrolment,
  verifyEnrolmentProofs,
} from '../../../primitives/proofs/enrolment.ts';
import {
  checkEnrolments,
  enrolmentWeight,
  type MaskCheck,
  maskCheckShare,
  maskShares,
  sumMaskChecks,
} from '../../../primitives/proofs/enrolment-check.ts';
import { CLAIM_LIMIT, mintNote, noteAmount, openNote } from '../../../primitives/proofs/notes.ts';
import { openHiddenBin } from '../../../primitives/proofs/hidden-bin.ts';
import { verifyHiddenClaim } from '../../../primitives/proofs/hidden-check.ts';
import { proveHiddenClaim } from '../../../primitives/proofs/hidden-claim.ts';
import { random } from './support/notes.ts';

/** A committee of which the test holds all mask secrets. */
class World {
  readonly params: FheParams;
  readonly context: RoundContext;
  readonly maskSecrets: Scalar[];
  readonly maskKeys: Uint8Array[];
  readonly beacon = random(32);

  constructor(n: number) {
    this.params = fheParams(`tacit-test-256-n${n}`);
    this.context = { genesis: random(32), term: 1, round: 5, paramsId: this.params.id };
    this.maskSecrets = this.params.subsets.map(() => randomScalar(random));
    this.maskKeys = this.maskSecrets.map(publicKeyOf);
  }

  enrol(
    account: Uint8Array,
    walletSeed: Uint8Array,
  ): { bytes: Uint8Array; enrolment: Enrolment; binding: EnrolmentBinding } {
    const { params, context, maskKeys } = this;
    const bytes = buildEnrolment({ params, context, account, maskKeys, walletSeed, random });
    return { bytes, enrolment: parseEnrolment(params, bytes), binding: { context, account } };
  }

  seeds(binding: EnrolmentBinding, enrolment: Enrolment): Map<number, Uint8Array> {
    return openEnrolmentSeeds(binding, enrolment, new Map(this.maskSecrets.entries()));
  }

  /** All subsets' pieces of an enrolment, as the committee expands them. */
  pieces(binding: EnrolmentBinding, enrolment: Enrolment): Map<number, EnrolmentPieces> {
    return new Map(
      Array.from(this.seeds(binding, enrolment), ([subset, seed]) => [
        subset,
        expandEnrolmentSeed(binding, enrolment.ephemeral, subset, seed),
      ]),
    );
  }

  /** Every member's shares of the sums over `items`, each member expanding only what it holds. */
  posts(items: { enrolment: Enrolment; pieces: Map<number, EnrolmentPieces>; rho: Scalar }[]) {
    return Array.from({ length: this.params.n }, (_, member) => {
      const held = new Set(subsetsWith(this.params, member));
      const own = (pieces: Map<number, EnrolmentPieces>) => new Map([...pieces].filter(([subset]) => held.has(subset)));
      const shares = items.map(({ enrolment, pieces, rho }) =>
        maskCheckShare(this.params, member, enrolment, own(pieces), rho),
      );
      const { S, R } = sumMaskChecks(shares);
      return { member, shares: [S, R] };
    });
  }

  decode(posts: { member: number; shares: readonly bigint[] }[]): MaskCheck & { liars: number[] } {
    const decoded = decodeIntegers(this.params, ORDER, posts, 2);
    if (decoded.status !== 'decoded') throw new Error(decoded.status);
    const [S, R] = decoded.values;
    return { S: S!, R: R!, liars: decoded.liars };
  }

  /** Runs the whole check on enrolments of which `tamper` may replace the public part. */
  item(tamper: (enrolment: Enrolment) => Enrolment = (enrolment) => enrolment, rho?: Scalar) {
    const { bytes, enrolment: honest, binding } = this.enrol(random(32), random(32));
    const enrolment = tamper(honest);
    return {
      binding,
      enrolment,
      pieces: this.pieces(binding, enrolment),
      rho: rho ?? enrolmentWeight(this.beacon, enrolmentId(bytes)),
    };
  }

  passes(items: ReturnType<World['item']>[]): boolean {
    return checkEnrolments(
      items.map(({ enrolment }) => enrolment),
      items.map(({ rho }) => rho),
      this.decode(this.posts(items)),
    );
  }
}

const shifted =
  (value: bigint) =>
  (enrolment: Enrolment): Enrolment => ({
    ...enrolment,
    mask: decodePoint(enrolment.mask).add(times(G, value)).toBytes(),
  });

describe('primitives/proofs/enrolment', function () {
  const four = new World(4);
  const { params } = four;

  it('the wallet recovers from the chain alone what M and K commit to', () => {
    const [account, walletSeed] = [random(32), random(32)];
    const { bytes, enrolment, binding } = four.enrol(account, walletSeed);
    expect(bytes.length).to.equal(enrolmentBytes(params));
    expect(verifyEnrolmentProofs(binding, enrolment)).to.equal(true);
    const { key, m, r } = recoverEnrolment(params, binding, walletSeed, enrolment);
    expect(m >= 0n && m < params.t).to.equal(true);
    expect(enrolment.mask).to.deep.equal(commit(m, r).toBytes());
    expect(enrolment.key).to.deep.equal(times(J0, key).toBytes());
    expect(() => recoverEnrolment(params, binding, random(32), enrolment))
      .to.throw()
      .with.property('code', 'enrolment/not-mine');
    expect(() => recoverEnrolment(params, { ...binding, account: random(32) }, walletSeed, enrolment))
      .to.throw()
      .with.property('code', 'enrolment/not-mine');
  });

  it('every attempt has new seeds and a new E, and the same note key', () => {
    const [account, walletSeed] = [random(32), random(32)];
    const [one, two] = [four.enrol(account, walletSeed), four.enrol(account, walletSeed)];
    expect(one.enrolment.key).to.deep.equal(two.enrolment.key);
    expect(one.enrolment.ephemeral).to.not.deep.equal(two.enrolment.ephemeral);
    expect(one.enrolment.mask).to.not.deep.equal(two.enrolment.mask);
    const seeds = [one, two].map(({ enrolment, binding }) => four.seeds(binding, enrolment));
    expect(seeds[0]!.get(0)).to.not.deep.equal(seeds[1]!.get(0));
    expect(four.enrol(random(32), walletSeed).enrolment.key).to.not.deep.equal(one.enrolment.key);
  });

  it('delta is a multiple of t: it tells the pieces’ quotient, nothing of the mask', () => {
    for (let i = 0; i < 5; i++) {
      const { enrolment, pieces } = four.item();
      expect(enrolment.delta % params.t).to.equal(0n);
      expect(-enrolment.delta < 1n << 143n).to.equal(true);
      for (const { m } of pieces.values()) expect(m < 1n << 130n).to.equal(true);
    }
    // 80 bits wider than the mask: some piece uses them.
    const widest = [...four.item().pieces.values()].reduce((max, { m }) => (m > max ? m : max), 0n);
    expect(widest > 1n << 118n).to.equal(true);
  });

  for (const n of [4, 7, 10]) {
    it(`n = ${n}: the committee opens S and R, the combination holds, liars are named`, () => {
      const world = n === 4 ? four : new World(n);
      const items = [world.item(), world.item()];
      const posts = world.posts(items);
      const rho = items.map((item) => item.rho);
      const enrolments = items.map(({ enrolment }) => enrolment);
      const honest = world.decode(posts);
      expect(honest.liars).to.deep.equal([]);
      expect(checkEnrolments(enrolments, rho, honest)).to.equal(true);
      const liars = Array.from({ length: world.params.f }, (_, i) => 2 * i + 1);
      const lied = posts.map((post) =>
        liars.includes(post.member)
          ? { ...post, shares: post.shares.map((s) => modOrder(s + 1n + BigInt(post.member))) }
          : post,
      );
      const decoded = world.decode(lied);
      expect(decoded.liars).to.deep.equal(liars);
      expect({ S: decoded.S, R: decoded.R }).to.deep.equal({ S: honest.S, R: honest.R });
    });
  }

  it('a commitment to anything but the sealed mask fails, alone and in company', () => {
    for (const value of [1n, params.t, -1n, 1n << 200n]) {
      const bad = four.item(shifted(value));
      expect(four.passes([bad]), `M + ${value} G`).to.equal(false);
      expect(four.passes([four.item(), bad, four.item()])).to.equal(false);
    }
    expect(four.passes([four.item((e) => ({ ...e, delta: e.delta + 1n }))])).to.equal(false);
    expect(four.passes([four.item((e) => ({ ...e, blind: times(G, 5n).toBytes() }))])).to.equal(false);
  });

  it('value shifted between colluding items passes where the weights are known before, and fails under the beacon’s', () => {
    const shift = 1000n * params.t;
    const attack = (rho?: Scalar) => [
      four.item(shifted(shift), rho),
      four.item(shifted(-shift), rho),
      four.item(undefined, rho),
    ];
    expect(four.passes(attack(1n)), 'guard removed').to.equal(true);
    const guarded = attack();
    expect(four.passes(guarded)).to.equal(false);
    expect(guarded.map((item) => four.passes([item]))).to.deep.equal([false, false, true]);
  });

  it('the weight of an item is the same alone and in company; a second weight would reveal the mask', () => {
    const item = four.item();
    const once = four.decode(four.posts([item]));
    const twice = four.decode(four.posts([{ ...item, rho: item.rho + 1n }]));
    const total = [...item.pieces.values()].reduce((sum, { m }) => sum + m, item.enrolment.delta);
    expect(modOrder(twice.S - once.S), 'guard removed').to.equal(total);
    const id = random(32);
    expect(enrolmentWeight(four.beacon, id)).to.equal(enrolmentWeight(four.beacon, id));
    expect(enrolmentWeight(random(32), id)).to.not.equal(enrolmentWeight(four.beacon, id));
  });

  it('a mask m + kt with a matching commitment passes, and can only lose its own note', () => {
    const amount = 12_345n;
    for (const k of [-2n, -1n, 0n, 1n, 3n]) {
      const item = four.item((e) => shifted(k * params.t)({ ...e, delta: e.delta + k * params.t }));
      expect(four.passes([item])).to.equal(true);
      const m = [...item.pieces.values()].reduce((sum, piece) => sum + piece.m, item.enrolment.delta);
      const z = (((amount + m) % params.t) + params.t) % params.t;
      const values = [z - m, z - m + params.t].filter((value) => value >= 0n && value < CLAIM_LIMIT);
      // What can be spent at all is the amount; for most k, nothing.
      expect(values.every((value) => value === amount)).to.equal(true);
      if (k === 3n || k === -2n) expect(values).to.deep.equal([]);
    }
  });

  it('the integer delta cannot be moved by the group order', () => {
    const { bytes, enrolment } = four.enrol(random(32), random(32));
    const at = 2 + 5 * 32;
    const largest = bytes.slice();
    largest.fill(255, at, at + 17);
    largest[at + 17] = 127;
    expect(parseEnrolment(params, largest).delta).to.equal((1n << 143n) - 1n);
    expect((1n << 144n) + (120n << 130n) < ORDER).to.equal(true);
    expect(enrolment.delta + ORDER > 1n << 143n).to.equal(true);
  });

  it('a copied enrolment is refused; without its guards the copy is a two-time pad', () => {
    const victim = four.enrol(random(32), random(32));
    const thief: EnrolmentBinding = { ...victim.binding, account: random(32) };
    expect(verifyEnrolmentProofs(thief, victim.enrolment)).to.equal(false);
    // Even with the proofs ignored, the boxes stand for the zero seed under another account.
    const seeds = [...four.seeds(thief, victim.enrolment).values()];
    expect(seeds.every((seed) => sameBytes(seed, new Uint8Array(32)))).to.equal(true);
    const total = (pieces: Map<number, EnrolmentPieces>) => [...pieces.values()].reduce((sum, { m }) => sum + m, 0n);
    const own = total(four.pieces(victim.binding, victim.enrolment));
    expect(total(four.pieces(thief, victim.enrolment))).to.not.equal(own);
    // Guards removed: the same mask for both, and the thief, who knows its own amount, reads the victim's.
    const [amount, thiefs] = [77_000n, 5n];
    const [z, copied] = [(amount + own) % params.t, (thiefs + own) % params.t];
    expect((((z - copied + thiefs) % params.t) + params.t) % params.t, 'guard removed').to.equal(amount);
  });

  it('an enrolment means nothing in another round, term, chain or parameter set', () => {
    const { enrolment, binding } = four.enrol(random(32), random(32));
    for (const context of [
      { ...four.context, round: 6 },
      { ...four.context, term: 2 },
      { ...four.context, genesis: random(32) },
      { ...four.context, paramsId: 'tacit-test-256-n7' },
    ]) {
      expect(verifyEnrolmentProofs({ ...binding, context }, enrolment)).to.equal(false);
    }
  });

  it('one seed expands to other pieces under another account, round, subset or E', () => {
    const { enrolment, binding } = four.enrol(random(32), random(32));
    const seed = random(32);
    const variants = [
      expandEnrolmentSeed(binding, enrolment.ephemeral, 0, seed),
      expandEnrolmentSeed({ ...binding, account: random(32) }, enrolment.ephemeral, 0, seed),
      expandEnrolmentSeed({ ...binding, context: { ...four.context, round: 6 } }, enrolment.ephemeral, 0, seed),
      expandEnrolmentSeed(binding, enrolment.key, 0, seed),
      expandEnrolmentSeed(binding, enrolment.ephemeral, 1, seed),
    ];
    expect(new Set(variants.map(({ m }) => m)).size).to.equal(variants.length);
    expect(expandEnrolmentSeed(binding, enrolment.ephemeral, 0, seed)).to.deep.equal(variants[0]);
  });

  it('no one can use another’s K or E', () => {
    const victim = four.enrol(random(32), random(32));
    const mine = four.enrol(random(32), random(32));
    const withKey = { ...mine.enrolment, key: victim.enrolment.key, keyProof: victim.enrolment.keyProof };
    expect(verifyEnrolmentProofs(mine.binding, withKey)).to.equal(false);
    const withE = {
      ...mine.enrolment,
      ephemeral: victim.enrolment.ephemeral,
      boxes: victim.enrolment.boxes,
      ephemeralProof: victim.enrolment.ephemeralProof,
    };
    expect(verifyEnrolmentProofs(mine.binding, withE)).to.equal(false);
  });

  it('a box that does not open is the zero seed, raises nothing, and voids only its own enrolment', () => {
    const broken = four.item((e) => ({ ...e, boxes: e.boxes.map((box, i) => (i === 2 ? random(box.length) : box)) }));
    expect(four.seeds(broken.binding, broken.enrolment).get(2)).to.deep.equal(new Uint8Array(32));
    const items = [four.item(), broken];
    expect(four.passes(items)).to.equal(false);
    expect(items.map((item) => four.passes([item]))).to.deep.equal([true, false]);
  });

  it('shares of the mask decode, with delta, to an encoding of m at each prime', () => {
    for (const world of [four, new World(7)]) {
      const { enrolment, pieces } = world.item();
      const ring = ringOf(world.params);
      const delta = ring.encodeCoefficient(enrolment.delta);
      const residues = world.params.dataPrimes.map((prime, i) => {
        const posts = Array.from({ length: world.params.n }, (_, member) => ({
          member,
          shares: [maskShares(world.params, member, [pieces])[i]!],
        }));
        const decoded = decodeIntegers(world.params, prime, posts, 1);
        if (decoded.status !== 'decoded') throw new Error(decoded.status);
        return (decoded.values[0]! + delta[i]!) % prime;
      });
      const { value, noise } = ring.scaleRound(ring.recompose(residues));
      const m = [...pieces.values()].reduce((sum, piece) => sum + piece.m, enrolment.delta);
      expect(((value % world.params.t) + world.params.t) % world.params.t).to.equal(m);
      // Half a unit for the rounding of each piece and of delta.
      expect(
        noise <= BigInt(world.params.subsets.length + 1) && -noise <= BigInt(world.params.subsets.length + 1),
      ).to.equal(true);
    }
  });

  it('a payout opened under masks is the amount to its owner and to nobody else', () => {
    const { params: p, context } = four;
    const items = [four.item(), four.item()];
    const roundKeys = new Map(p.subsets.map((_, subset) => [subset, random(32)]));
    const postings = new Map<number, RnsPoly>();
    for (let member = 0; member < p.n; member++) {
      const posting = keyPosting(p, context, member, roundKeys);
      if (posting) postings.set(member, posting);
    }
    const key = prepareKey(p, publicKey(p, context, postings));
    const scores = [41n, -17n];
    const ciphertexts = scores.map((score) =>
      encryptPlain(p, key, BigUint64Array.of(score < 0n ? score + p.t : score), new Prg(random(32))),
    );
    const [rate, stake] = [1_000n, 50_000n];
    const request: OpeningRequest = {
      context,
      step: 'payout',
      attempt: 0,
      sources: ciphertexts.map((ciphertext) => ciphertextHash(p, ciphertext)),
      slots: items.map(({ enrolment }, source) => ({
        source,
        from: 0,
        count: 1,
        scale: rate,
        weightNorm: rate,
        constant: stake + enrolment.delta,
        masks: [random(32)],
      })),
    };
    const posts = Array.from({ length: p.n }, (_, member) => ({
      member,
      shares: openingShare(
        p,
        request,
        member,
        roundKeys,
        ciphertexts,
        maskShares(
          p,
          member,
          items.map(({ pieces }) => pieces),
        ),
      ),
    }));
    const outcome = combineOpening(p, request, posts);
    if (outcome.status !== 'open') throw new Error(outcome.status);
    items.forEach(({ enrolment, pieces }, i) => {
      const m = [...pieces.values()].reduce((sum, piece) => sum + piece.m, enrolment.delta);
      const z = outcome.values[i]!;
      expect(noteAmount(z, m, p.t)).to.equal(stake + rate * scores[i]!);
      expect(z).to.not.equal(stake + rate * scores[i]!);
    });
  });

  it('from enrolment to claim: eight wallets read and claim what only they can', () => {
    const wallets = Array.from({ length: 8 }, (_, i) => ({
      seed: random(32),
      account: random(32),
      amount: 1_000_000n * BigInt(i + 1),
    }));
    const enrolled = wallets.map(({ seed, account }) => four.enrol(account, seed));
    const z = enrolled.map(({ binding, enrolment }, i) => {
      const m = [...four.pieces(binding, enrolment).values()].reduce((sum, piece) => sum + piece.m, enrolment.delta);
      return (wallets[i]!.amount + m) % params.t;
    });
    const notes = enrolled.map(({ enrolment }, i) => mintNote(z[i]!, enrolment.mask, enrolment.key));
    const { genesis } = four.context;
    const bin = openHiddenBin({ genesis, modulus: params.t, grains: 16n, index: 0, digits: 3, notes });
    for (const place of [0, 7]) {
      const { binding, enrolment } = enrolled[place]!;
      const { key, m, r } = recoverEnrolment(params, binding, wallets[place]!.seed, enrolment);
      const opening = openNote(notes[place]!, z[place]!, m, r, params.t);
      expect(opening.amount).to.equal(wallets[place]!.amount);
      const terms = { amount: 50_000n, fee: 1_000n, destination: random(32) };
      const change = { key: enrolment.key, amount: opening.amount - 16n * terms.amount, blinding: 5n };
      const proved = proveHiddenClaim(bin, terms, { place, key, opening }, [change], random);
      expect(verifyHiddenClaim({ bin, ...proved })).to.equal(true);
    }
  });

  it('every flipped bit is refused by the form or by a proof', () => {
    const { bytes, binding } = four.enrol(random(32), random(32));
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const bad = bytes.slice();
        bad[bit >> 3]! ^= 1 << (bit & 7);
        let accepted = false;
        try {
          accepted = verifyEnrolmentProofs(binding, parseEnrolment(params, bad));
        } catch (error) {
          expect(error).to.have.property('code');
        }
        expect(accepted).to.equal(false);
      }),
      { numRuns: 100 },
    );
  });

  it('refuses malformed bytes and inputs with their codes', () => {
    const { bytes, binding } = four.enrol(random(32), random(32));
    const failing = (bad: Uint8Array, code: string): void => {
      expect(() => parseEnrolment(params, bad))
        .to.throw()
        .with.property('code', code);
    };
    const withBytes = (at: number, part: Uint8Array): Uint8Array => {
      const bad = bytes.slice();
      bad.set(part, at);
      return bad;
    };
    failing(bytes.subarray(1), 'enrolment/length');
    failing(concatBytes(bytes, Uint8Array.of(0)), 'enrolment/length');
    failing(withBytes(0, Uint8Array.of(2)), 'enrolment/header');
    failing(withBytes(1, Uint8Array.of(5)), 'enrolment/header');
    failing(withBytes(2, new Uint8Array(32)), 'crypto/identity');
    failing(withBytes(66, new Uint8Array(32)), 'crypto/identity');
    for (const at of [2, 66, 98, 130]) failing(withBytes(at, new Uint8Array(32).fill(255)), 'crypto/bad-point');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (garbage) => {
        expect(() => parseEnrolment(params, garbage))
          .to.throw()
          .with.property('code', 'enrolment/length');
      }),
    );
    const input = {
      params,
      context: four.context,
      account: binding.account,
      maskKeys: four.maskKeys,
      walletSeed: random(32),
      random,
    };
    const refused = (change: Partial<typeof input>, code: string): void => {
      expect(() => buildEnrolment({ ...input, ...change }))
        .to.throw()
        .with.property('code', code);
    };
    refused({ account: new Uint8Array(31) }, 'enrolment/account');
    refused({ maskKeys: four.maskKeys.slice(1) }, 'enrolment/mask-keys');
    refused({ maskKeys: four.maskKeys.map(() => new Uint8Array(32)) }, 'crypto/identity');
    refused({ walletSeed: new Uint8Array(16) }, 'enrolment/wallet-seed');
    refused({ context: { ...four.context, paramsId: 'tacit-8192-n4' } }, 'fhe/context');
    expect(() => checkEnrolments([parseEnrolment(params, bytes)], [], { S: 0n, R: 0n }))
      .to.throw()
      .with.property('code', 'enrolment/weights');
    expect(() => maskShares(params, 0, [new Map()]))
      .to.throw()
      .with.property('code', 'fhe/missing-piece');
  });
});
