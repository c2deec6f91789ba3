import { expect } from 'chai';
import * as fc from 'fast-check';
import { publicKeyOf } from '../../../primitives/crypto/box.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';
import {
  commit,
  decodeScalar,
  encodeScalar,
  hashToPoint,
  J0,
  modOrder,
  ORDER,
  randomScalar,
  type Scalar,
  times,
} from '../../../primitives/crypto/ristretto.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import {
  designatedNonces,
  designatedProofBytes,
  type DesignatedStatement,
  forgeDesignated,
  MAX_STATED,
  openVerifierKey,
  proveDesignated,
  verifierKey,
  verifyDesignated,
  withoutAmount,
} from '../../../primitives/proofs/designated.ts';

const stream = new Prg(new Uint8Array(32).fill(5));
const random = (n: number): Uint8Array => stream.next(n);
const code = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return isTacitError(error) ? error.code : String(error);
  }
};

/** Notes of some amounts, their secrets, and a statement to a verifier. */
function stated(amounts: readonly bigint[]) {
  const verifierSecret = randomScalar(random);
  const secrets = amounts.map(() => ({ key: randomScalar(random), blinding: randomScalar(random) }));
  const minted = amounts.map((amount, i) => ({
    key: times(J0, secrets[i]!.key).toBytes(),
    commitment: commit(amount, secrets[i]!.blinding).toBytes(),
  }));
  const statement: DesignatedStatement = {
    verifier: publicKeyOf(verifierSecret),
    message: random(32),
    notes: minted.map((note, i) => withoutAmount(note, amounts[i]!)),
  };
  const known = secrets.flatMap(({ key, blinding }) => [key, blinding]);
  const prove = (of = statement, by = secrets): Uint8Array =>
    proveDesignated(of, by, designatedNonces(of, known, random));
  return { verifierSecret, secrets, minted, statement, prove };
}

const scripted = (scalars: readonly Scalar[]) => {
  const left = [...scalars];
  return (): Scalar => left.shift() as Scalar;
};
const scalarsOf = (proof: Uint8Array): Scalar[] =>
  Array.from({ length: proof.length / 32 }, (_, i) => decodeScalar(proof.slice(32 * i, 32 * i + 32)));

describe('primitives/proofs/designated', () => {
  it('an owner proves what its notes hold, of one and of several', () => {
    for (const amounts of [[0n], [5_000_000n, 1n, (1n << 47n) - 1n]]) {
      const { statement, prove } = stated(amounts);
      const proof = prove();
      expect(proof.length).to.equal(designatedProofBytes(amounts.length));
      expect(verifyDesignated(statement, proof)).to.equal(true);
    }
  });

  it('no amount, key, verifier, message, order or number of notes other than those proved', () => {
    const { statement, minted, prove } = stated([7n, 9n]);
    const proof = prove();
    const [first, second] = statement.notes as [(typeof statement.notes)[0], (typeof statement.notes)[0]];
    const others: Partial<DesignatedStatement>[] = [
      { notes: [withoutAmount(minted[0]!, 8n), second] },
      { notes: [{ ...first, key: second.key }, second] },
      { notes: [second, first] },
      { notes: [first] },
      { notes: [first, second, second] },
      { verifier: publicKeyOf(randomScalar(random)) },
      { message: random(32) },
    ];
    for (const other of others) expect(verifyDesignated({ ...statement, ...other }, proof)).to.equal(false);
  });

  it('who lacks one key or one blinding proves nothing', () => {
    const { statement, secrets, prove } = stated([7n, 9n]);
    const wrong = (place: number, change: object) =>
      secrets.map((one, i) => (i === place ? { ...one, ...change } : one));
    for (const place of [0, 1]) {
      expect(verifyDesignated(statement, prove(statement, wrong(place, { key: 1n })))).to.equal(false);
      expect(verifyDesignated(statement, prove(statement, wrong(place, { blinding: 1n })))).to.equal(false);
    }
    expect(code(() => prove(statement, secrets.slice(1)))).to.equal('designated/statement');
  });

  it('a note that holds another amount cannot be stated, also not by a wrapped or negative one', () => {
    const { statement, minted, prove } = stated([7n]);
    for (const amount of [6n, 8n, -7n, 7n + (1n << 50n)]) {
      const said = { ...statement, notes: [withoutAmount(minted[0]!, amount)] };
      expect(verifyDesignated(said, prove(said))).to.equal(false);
    }
    // of the same amount modulo the group's order there is only one below 2^48
    expect(verifyDesignated({ ...statement, notes: [withoutAmount(minted[0]!, 7n + ORDER)] }, prove())).to.equal(true);
  });

  it('the verifier makes the same proof of notes that it does not know, for amounts that they do not hold', () => {
    const { statement, verifierSecret } = stated([7n]);
    const strangers = [1, 2, 3].map((i) => ({
      key: hashToPoint('test/stranger', 'key', i).toBytes(),
      commitment: hashToPoint('test/stranger', 'value', i).toBytes(),
    }));
    const said = { ...statement, notes: strangers.map((note) => withoutAmount(note, 1_000_000n)) };
    const forged = forgeDesignated(said, verifierSecret, designatedNonces(said, [verifierSecret], random));
    expect(verifyDesignated(said, forged)).to.equal(true);
    const stranger = randomScalar(random);
    const nonces = designatedNonces(said, [stranger], random);
    expect(code(() => forgeDesignated(said, stranger, nonces))).to.equal('designated/verifier');
  });

  it('every proof of an owner is one that the verifier makes with the same probability, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, (1n << 47n) - 1n), { minLength: 1, maxLength: 3 }), (amounts) => {
        const { statement, verifierSecret, prove } = stated(amounts);
        const proof = prove();
        const [own, verifiers, verifierAnswer, ...answers] = scalarsOf(proof) as [Scalar, Scalar, Scalar, ...Scalar[]];
        // the one choice of the verifier's random scalars that gives this proof; the map between choices is one to one
        const nonce = modOrder(verifierAnswer - verifiers * verifierSecret);
        const forged = forgeDesignated(statement, verifierSecret, scripted([nonce, own, ...answers]));
        expect(forged).to.deep.equal(proof);
      }),
      { numRuns: 10 },
    );
  });

  it('a changed byte, a wrong length and what is not canonical are no proof', () => {
    const { statement, prove } = stated([7n]);
    const proof = prove();
    for (let word = 0; word < proof.length / 32; word++) {
      const changed = proof.slice();
      changed[32 * word]! ^= 1;
      expect(verifyDesignated(statement, changed), `word ${word}`).to.equal(false);
      const scalar = scalarsOf(proof)[word]! + ORDER;
      if (scalar >> 256n) continue;
      const large = proof.slice();
      for (let i = 0; i < 32; i++) large[32 * word + i] = Number((scalar >> BigInt(8 * i)) & 255n);
      expect(verifyDesignated(statement, large), `word ${word} unreduced`).to.equal(false);
    }
    for (const bytes of [proof.slice(1), new Uint8Array([...proof, 0]), new Uint8Array(0)])
      expect(verifyDesignated(statement, bytes)).to.equal(false);
  });

  it('a statement without notes, with too many, or with what is no point or key, is none', () => {
    const { statement, verifierSecret } = stated([7n]);
    const [note] = statement.notes as [(typeof statement.notes)[0]];
    const identity = new Uint8Array(32);
    const bad: [Partial<DesignatedStatement>, string][] = [
      [{ notes: [] }, 'designated/statement'],
      [{ notes: Array.from({ length: MAX_STATED + 1 }, () => note) }, 'designated/statement'],
      [{ message: new Uint8Array(31) }, 'designated/statement'],
      [{ notes: [{ ...note, key: identity }] }, 'crypto/identity'],
      [{ notes: [{ ...note, commitment: new Uint8Array(32).fill(255) }] }, 'crypto/bad-point'],
      [{ verifier: identity }, 'crypto/identity'],
    ];
    for (const [change, wanted] of bad) {
      const said = { ...statement, ...change };
      const nonces = scripted(Array.from({ length: 600 }, () => 1n));
      expect(code(() => forgeDesignated(said, verifierSecret, nonces))).to.equal(wanted);
      expect(verifyDesignated(said, new Uint8Array(designatedProofBytes(said.notes.length)))).to.equal(false);
    }
  });

  it('nonces follow secrets and statement, not the source of chance alone', () => {
    const { statement } = stated([7n]);
    const same = (): Uint8Array => new Uint8Array(32);
    const first = designatedNonces(statement, [1n], same)();
    expect(designatedNonces(statement, [1n], same)()).to.equal(first);
    expect(designatedNonces(statement, [2n], same)()).to.not.equal(first);
    expect(designatedNonces({ ...statement, message: random(32) }, [1n], same)()).to.not.equal(first);
    expect(designatedNonces({ ...statement, notes: [] }, [1n], same)()).to.not.equal(first);
    expect(designatedNonces(statement, [1n], random)()).to.not.equal(first);
  });

  it('a verifier’s key comes with the proof that somebody has its secret', () => {
    const secret = randomScalar(random);
    const bytes = verifierKey(secret, random(32));
    expect(openVerifierKey(bytes)).to.deep.equal(publicKeyOf(secret));
    const unknown = new Uint8Array([...hashToPoint('test/nobody', 'key').toBytes(), ...bytes.slice(32)]);
    const changed = bytes.with(40, bytes[40]! ^ 1);
    const zero = new Uint8Array([...new Uint8Array(64), ...encodeScalar(1n)]);
    for (const bad of [unknown, changed, zero, bytes.slice(1), bytes.slice(0, 32), new Uint8Array(0)])
      expect(code(() => openVerifierKey(bad))).to.equal('designated/verifier-key');
  });
});
