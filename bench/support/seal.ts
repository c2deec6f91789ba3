/**
 * node-seal as a yardstick: SEAL's own operations on objects that stay on its heap, so that only the operation is timed and no copy of its bytes. What is made
 * here lives as long as the process.
 */
import SEAL from 'node-seal';
import { modulo } from '../../primitives/fhe/modulus.ts';
import { ringOf } from '../../primitives/fhe/ring.ts';
import { SealEvaluator } from '../../primitives/fhe/seal.ts';
import { type ParmsId, PLAIN_PARMS_ID, writeCiphertext, writePlaintext } from '../../primitives/fhe/seal-format.ts';
import type { FheParams } from '../../primitives/fhe/params.ts';
import type { Ciphertext } from '../../primitives/fhe/types.ts';
import { params, roundKeys, wholeSecret } from './committee.ts';

export interface SealYardstick {
  /** The nodes' own bridge. */
  readonly evaluator: SealEvaluator;
  /** Makes a secret and a public key. */
  generateKeys(): void;
  /** Encrypts values, one per coefficient, under the round's key. */
  encryptor(values: ArrayLike<number>): () => void;
  /** Decrypts with the round's whole secret. */
  decryptor(ciphertext: Ciphertext): () => void;
  /** Transforms both halves of a ciphertext, and back: each half over all data primes. */
  transformer(ciphertext: Ciphertext): () => void;
}

let made: Promise<SealYardstick> | undefined;

export function sealYardstick(): Promise<SealYardstick> {
  made ??= make();
  return made;
}

/** SEAL's context of a parameter set. */
export function contextOf(seal: Awaited<ReturnType<typeof SEAL>>, params: FheParams) {
  const parameters = new seal.EncryptionParameters(seal.SchemeType.bfv);
  const moduli = new seal.VectorModulus();
  for (const q of params.keyPrimes) moduli.push_back(new seal.Modulus(q));
  parameters.setPolyModulusDegree(params.degree);
  parameters.setCoeffModulus(moduli);
  parameters.setPlainModulus(new seal.Modulus(params.t));
  return new seal.SEALContext(parameters, true, seal.SecLevelType.tc128);
}

async function make(): Promise<SealYardstick> {
  const seal = await SEAL();
  const context = contextOf(seal, params);
  const ids = (id: { values(): unknown }): ParmsId => BigUint64Array.from(id.values() as Iterable<bigint>);
  const keyId = ids(context.keyParmsId());
  const dataId = ids(context.firstParmsId());
  const evaluator = await SealEvaluator.create(params);
  const seals = new seal.Evaluator(context);
  const ring = ringOf(params);

  const load = ({ c0, c1 }: Ciphertext) => {
    const data = new BigUint64Array(c0.length + c1.length);
    data.set(c0, 0);
    data.set(c1, c0.length);
    const loaded = new seal.Ciphertext();
    const bytes = writeCiphertext(dataId, false, params.degree, params.dataPrimes.length, data);
    loaded.loadFromArray(context, bytes);
    return loaded;
  };
  return {
    evaluator,
    generateKeys() {
      const generator = new seal.KeyGenerator(context);
      const key = generator.createPublicKey();
      key.delete();
      generator.delete();
    },
    encryptor(values) {
      const key = new seal.PublicKey();
      key.loadFromArray(context, evaluator.publicKeyBytes(roundKeys().publicKey));
      const encryptor = new seal.Encryptor(context, key);
      const plain = new seal.Plaintext();
      const words = BigUint64Array.from(values, (value) => modulo(BigInt(value), params.t));
      plain.loadFromArray(context, writePlaintext(PLAIN_PARMS_ID, words));
      const out = new seal.Ciphertext();
      return () => encryptor.encrypt(plain, out);
    },
    decryptor(ciphertext) {
      const key = new seal.SecretKey();
      const secret = ring.transform(ring.fromSmall(wholeSecret(), params.keyPrimes.length));
      key.loadFromArray(context, writePlaintext(keyId, secret));
      const decryptor = new seal.Decryptor(context, key);
      const loaded = load(ciphertext);
      const plain = new seal.Plaintext();
      return () => decryptor.decrypt(loaded, plain);
    },
    transformer(ciphertext) {
      const loaded = load(ciphertext);
      return () => {
        seals.cipherTransformToNttInplace(loaded);
        seals.cipherTransformFromNttInplace(loaded);
      };
    },
  };
}
