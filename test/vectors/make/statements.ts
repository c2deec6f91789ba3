/** Keys of verifiers, and statements that convince one of them: true ones, false ones, and those that only the verifier can make (§15.4). */
import { concatBytes, littleEndian } from '../../../primitives/crypto/bytes.ts';
import { publicKeyOf } from '../../../primitives/crypto/box.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { commit, J0, ORDER, randomScalar, type Scalar, times } from '../../../primitives/crypto/ristretto.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import {
  type DesignatedStatement,
  designatedNonces,
  forgeDesignated,
  openVerifierKey,
  proveDesignated,
  verifierKey,
  verifyDesignated,
  withoutAmount,
} from '../../../primitives/proofs/designated.ts';
import { AMOUNT_LIMIT, mintNote, type Note } from '../../../primitives/proofs/notes.ts';
import { bad, type Case, type Datum, flipped, good, randomOf, type Vectors } from './cases.ts';

const random = randomOf('statements');
const { t } = fheParams('tacit-8192-n4');
const [genesis, account] = [random(32), random(32)];
const verifierSecret = randomScalar(random);
const verifier = publicKeyOf(verifierSecret);

/** A note and what is said of it. */
interface Said {
  readonly round: number;
  readonly item: number;
  readonly grains: bigint;
  readonly z: bigint;
  readonly note: Note;
}
interface Own extends Said {
  readonly secrets: { readonly key: Scalar; readonly blinding: Scalar };
}

function noteOf(round: number, item: number, grains: bigint, mask: bigint): Own {
  const [key, r] = [randomScalar(random), randomScalar(random)];
  const z = (grains + mask) % t;
  const note = mintNote(z, commit(mask, r).toBytes(), times(J0, key).toBytes());
  return { round, item, grains, z, note, secrets: { key, blinding: -r } };
}

function statementOf(said: readonly Said[], to = verifier, of = account, chain = genesis): DesignatedStatement {
  const parts = said.flatMap(({ round, item, grains }) => [round, item, grains]);
  return {
    verifier: to,
    message: hash32Of('tacit/statement/1', chain, of, said.length, ...parts),
    notes: said.map(({ note, z, grains }) => withoutAmount(note, z < grains ? grains - t : grains)),
  };
}

function proofOf(notes: readonly Own[], said: readonly Said[] = notes): Uint8Array {
  const secrets = notes.map((one) => one.secrets);
  const nonces = designatedNonces(
    statementOf(said),
    secrets.flatMap(({ key, blinding }) => [key, blinding]),
    random,
  );
  return proveDesignated(statementOf(said), secrets, nonces);
}

interface Shown {
  readonly said: readonly Said[];
  readonly proof: Uint8Array;
  readonly verifier?: Uint8Array;
  readonly account?: Uint8Array;
  readonly genesis?: Uint8Array;
}

function statementCase(name: string, holds: boolean, shown: Shown): Case {
  const own = { verifier, account, genesis, ...shown };
  const { said, proof, ...who } = own;
  const isAmount = said.every(({ grains }) => grains < AMOUNT_LIMIT);
  const statement = (): DesignatedStatement => statementOf(said, who.verifier, who.account, who.genesis);
  if ((isAmount && verifyDesignated(statement(), proof)) !== holds) throw new Error(`'${name}' is not as it must be`);
  const notes = said.map(({ note, ...rest }) => ({ ...rest, ...note }));
  return good('statement', name, { ...who, t, notes, proof } as Datum, holds);
}

function statements(): Case[] {
  const own = [noteOf(3, 0, 1_234n, 5n), noteOf(9, 7, 2n ** 47n - 1n, t - 3n), noteOf(10, 1, 0n, 77n)];
  const [first, second] = own as [Own, Own, Own];
  const proof = proofOf([first, second]);
  const said = [first, second];
  const more = said.map((one, i) => (i === 0 ? { ...one, grains: one.grains + 1n } : one));
  const forgedBy = (secret: Scalar, of: readonly Said[], to = verifier): Uint8Array => {
    const statement = statementOf(of, to);
    return forgeDesignated(statement, secret, designatedNonces(statement, [secret], random));
  };
  const answer = (at: number): Uint8Array =>
    concatBytes(proof.slice(0, 32 * at), littleEndian(ORDER, 32), proof.slice(32 * at + 32));
  const stranger = randomScalar(random);
  const tooMuch = [{ ...first, grains: 2n ** 47n }];
  return [
    ...own.map((one) => statementCase(`of ${one.grains} grains`, true, { said: [one], proof: proofOf([one]) })),
    statementCase('of two notes', true, { said, proof }),
    statementCase('a lie, made by the verifier', true, { said: more, proof: forgedBy(verifierSecret, more) }),
    statementCase('a lie for somebody else', false, {
      said: more,
      proof: forgedBy(stranger, more, publicKeyOf(stranger)),
    }),
    statementCase('one grain more than was paid', false, { said: more, proof: proofOf([first, second], more) }),
    statementCase('2^47 grains', false, { said: tooMuch, proof: forgedBy(verifierSecret, tooMuch) }),
    statementCase('shown to another verifier', false, { said, proof, verifier: publicKeyOf(stranger) }),
    statementCase('of another account', false, { said, proof, account: flipped(account, 0) }),
    statementCase('of another chain', false, { said, proof, genesis: flipped(genesis, 0) }),
    statementCase('of another round', false, { said: [{ ...first, round: 4 }, second], proof }),
    statementCase('in another order', false, { said: [second, first], proof }),
    statementCase('of one note less', false, { said: [first], proof }),
    statementCase('another’s note', false, { said: [{ ...first, note: second.note }, second], proof }),
    statementCase('of no note', false, { said: [], proof: proof.slice(0, 96) }),
    ...[0, 1, 2, 3, 4].map((at) =>
      statementCase(`a bit of scalar ${at}`, false, { said, proof: flipped(proof, 32 * at) }),
    ),
    statementCase('an answer of l', false, { said, proof: answer(4) }),
    statementCase('a byte less', false, { said, proof: proof.slice(1) }),
    statementCase('a scalar more', false, { said, proof: concatBytes(proof, new Uint8Array(32)) }),
  ];
}

function keys(): Case[] {
  const made = verifierKey(verifierSecret, random(32));
  const kinds: Readonly<Record<string, Uint8Array>> = {
    'a proof changed': flipped(made, 70),
    'another key': concatBytes(publicKeyOf(5n), made.slice(32)),
    'the identity': concatBytes(new Uint8Array(32), made.slice(32)),
    'no point': made.map((byte, i) => (i < 32 ? 255 : byte)),
    'a byte less': made.slice(0, -1),
    'a byte more': concatBytes(made, new Uint8Array(1)),
  };
  return [
    good('verifierKey', 'good', made, openVerifierKey(made)),
    ...Object.entries(kinds).map(([name, data]) => bad('verifierKey', name, data, () => openVerifierKey(data))),
  ];
}

export function statementVectors(): Vectors {
  return { spec: ['§15.4', '§15.5'], cases: [...keys(), ...statements()] };
}
