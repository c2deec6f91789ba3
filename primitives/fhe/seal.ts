/**
 * The bridge to Microsoft SEAL (node-seal 7): the only file that knows it. SEAL evaluates sums and weighted sums of checked ciphertexts in every
 * node, to the same bytes as evaluate.ts. Objects of SEAL live on its own heap: each is deleted by whoever made it.
 */
import SEAL, {
  type Ciphertext as SealCiphertext,
  type GaloisKeys,
  type MainModule,
  type Plaintext,
  type RelinKeys,
  type SEALContext,
} from 'node-seal';
import { at } from '../at.ts';
import { TacitError } from '../errors.ts';
import { type CentredWeights, nonZeroTerms, type WeightedTerm } from './evaluate.ts';
import type { EvaluationKeys, SwitchingKey } from './evaluation-keys.ts';
import type { FheParams } from './params.ts';
import { ringOf, type SmallVector } from './ring.ts';
import {
  PLAIN_PARMS_ID,
  type ParmsId,
  readCiphertext,
  readPlaintext,
  writeCiphertext,
  writePlaintext,
  writeSwitchingKeys,
} from './seal-format.ts';
import { type Deletable, filled, guarded, scoped } from './seal-scope.ts';
import type { Ciphertext, PublicKey } from './types.ts';

/** Evaluation keys on SEAL's heap: deleted by whoever had them loaded. */
export interface LoadedKeys extends Deletable {
  readonly galois: GaloisKeys;
  readonly relin: RelinKeys;
}

/** Two ciphertexts whose product is wanted. */
export type Factors = readonly [Ciphertext, Ciphertext];

export class SealEvaluator {
  readonly params: FheParams;
  readonly #seal: MainModule;
  readonly #context: SEALContext;
  readonly #evaluator: InstanceType<MainModule['Evaluator']>;
  readonly #dataId: ParmsId;
  readonly #keyId: ParmsId;

  private constructor(params: FheParams, seal: MainModule, context: SEALContext) {
    this.params = params;
    this.#seal = seal;
    this.#context = context;
    this.#evaluator = new seal.Evaluator(context);
    const id = (read: () => { values(): unknown } & Deletable): ParmsId =>
      scoped((own) => BigUint64Array.from(own(read()).values() as Iterable<bigint>));
    this.#dataId = id(() => context.firstParmsId());
    this.#keyId = id(() => context.keyParmsId());
  }

  /** Makes the context of a parameter set: a quarter of a second or more, so keep the evaluator. Throws `fhe/seal`. */
  static async create(params: FheParams): Promise<SealEvaluator> {
    const seal = await SEAL();
    return guarded('take the parameters', () =>
      scoped((own) => {
        const moduli = own(new seal.VectorModulus());
        for (const q of params.keyPrimes) moduli.push_back(own(new seal.Modulus(q)));
        const parameters = own(new seal.EncryptionParameters(seal.SchemeType.bfv));
        parameters.setPolyModulusDegree(params.degree);
        parameters.setCoeffModulus(moduli);
        parameters.setPlainModulus(own(new seal.Modulus(params.t)));
        // Test rings are too small for SEAL's own limit, which real sets have to meet.
        const security = params.secure ? seal.SecLevelType.tc128 : seal.SecLevelType.none;
        const context = new seal.SEALContext(parameters, true, security);
        if (!context.parametersSet()) {
          context.delete();
          throw new TacitError('fhe/seal', 'SEAL does not accept the parameter set', { id: params.id });
        }
        return new SealEvaluator(params, seal, context);
      }),
    );
  }

  /** Frees SEAL's objects. The evaluator is of no use afterwards. */
  delete(): void {
    this.#evaluator.delete();
    this.#context.delete();
  }

  /** `sum of ciphertexts`. Throws `fhe/no-terms`, `fhe/seal`. */
  sum(ciphertexts: readonly Ciphertext[]): Ciphertext {
    const [first, ...rest] = ciphertexts;
    if (!first) throw new TacitError('fhe/no-terms', 'a sum of no ciphertexts is not a ciphertext');
    return guarded('add', () =>
      scoped((own) => {
        const total = own(this.#load(first));
        for (const ciphertext of rest) {
          scoped((ownTerm) => this.#evaluator.addInplace(total, ownTerm(this.#load(ciphertext))));
        }
        return this.#save(total);
      }),
    );
  }

  /** `sum of weights(x) * ciphertext`, the weights exact centred integers. Codes of `nonZeroTerms`, `fhe/transparent`, `fhe/seal`. */
  weightedSum(terms: readonly WeightedTerm[]): Ciphertext {
    const active = nonZeroTerms(this.params, terms);
    if (active.length === 0) throw new TacitError('fhe/transparent', 'all weights are zero');
    return guarded('multiply', () =>
      scoped((own) => {
        let total: SealCiphertext | undefined;
        for (const { ciphertext, centred } of active) {
          const product = own(this.#product(ciphertext, centred));
          if (total) this.#evaluator.addInplace(total, product);
          else total = product;
        }
        if (!total) throw new TacitError('fhe/transparent', 'all weights are zero');
        return this.#save(total);
      }),
    );
  }

  /** Loads keys that have passed their checks. Throws `fhe/seal`. */
  loadKeys({ galois, relin }: EvaluationKeys): LoadedKeys {
    const { degree } = this.params;
    return guarded('take the evaluation keys', () => {
      const loaded = filled(new this.#seal.GaloisKeys(), (keys) =>
        keys.loadFromArray(this.#context, this.#switchingBytes(galois, degree, degree - 1)),
      );
      try {
        const square = filled(new this.#seal.RelinKeys(), (keys) =>
          keys.loadFromArray(this.#context, this.#switchingBytes(relin, 1, 0)),
        );
        return { galois: loaded, relin: square, delete: () => [loaded, square].forEach((keys) => keys.delete()) };
      } catch (error) {
        loaded.delete();
        throw error;
      }
    });
  }

  /** The ciphertext of `m(1/x)`. Throws `fhe/seal`. */
  reversed(ciphertext: Ciphertext, { galois }: LoadedKeys): Ciphertext {
    return guarded('reverse', () =>
      scoped((own) => {
        const loaded = own(this.#load(ciphertext));
        this.#evaluator.applyGaloisInplace(loaded, 2 * this.params.degree - 1, galois);
        return this.#save(loaded);
      }),
    );
  }

  /** `sum of left * right`, relinearised once. Codes `fhe/no-terms`, `fhe/seal`. */
  sumOfProducts(pairs: readonly Factors[], { relin }: LoadedKeys): Ciphertext {
    const [first, ...rest] = pairs;
    if (!first) throw new TacitError('fhe/no-terms', 'a sum of no products is not a ciphertext');
    const product = ([left, right]: Factors): SealCiphertext =>
      filled(this.#load(left), (loaded) =>
        scoped((own) => this.#evaluator.multiplyInplace(loaded, own(this.#load(right)))),
      );
    return guarded('multiply', () =>
      scoped((own) => {
        const total = own(product(first));
        for (const pair of rest) scoped((ownTerm) => this.#evaluator.addInplace(total, ownTerm(product(pair))));
        this.#evaluator.relinearizeInplace(total, relin);
        return this.#save(total);
      }),
    );
  }

  /** All that a confidential round evaluates, under its keys. */
  under(keys: LoadedKeys) {
    return {
      sum: (ciphertexts: readonly Ciphertext[]) => this.sum(ciphertexts),
      weightedSum: (terms: readonly WeightedTerm[]) => this.weightedSum(terms),
      reversed: (ciphertext: Ciphertext) => this.reversed(ciphertext, keys),
      sumOfProducts: (pairs: readonly Factors[]) => this.sumOfProducts(pairs, keys),
    };
  }

  /** Encryption by SEAL's own randomness: for tests and benchmarks. `values` reduced modulo t, one per coefficient. */
  encrypt(key: PublicKey, values: BigUint64Array): Ciphertext {
    return guarded('encrypt', () =>
      scoped((own) => {
        const publicKey = own(new this.#seal.PublicKey());
        publicKey.loadFromArray(this.#context, this.publicKeyBytes(key));
        const encryptor = own(new this.#seal.Encryptor(this.#context, publicKey));
        const out = own(new this.#seal.Ciphertext());
        encryptor.encrypt(own(this.#plaintext(values)), out);
        return this.#save(out);
      }),
    );
  }

  /** Decryption with a whole secret, N small coefficients: only tests have one. Returns N values. */
  decryptWith(secret: SmallVector, ciphertext: Ciphertext): BigUint64Array {
    return this.#withDecryptor(secret, ciphertext, (decryptor, loaded, own) => {
      const plain = own(new this.#seal.Plaintext());
      decryptor.decrypt(loaded, plain);
      const out = new BigUint64Array(this.params.degree);
      out.set(readPlaintext(this.#bytes(plain)));
      return out;
    });
  }

  /** SEAL's noise budget in bits: it tells about the secret, so it is for tests only, too. */
  noiseBudget(secret: SmallVector, ciphertext: Ciphertext): number {
    return this.#withDecryptor(secret, ciphertext, (decryptor, loaded) => decryptor.invariantNoiseBudget(loaded));
  }

  /** The public key as SEAL saves it: what a client that uses SEAL itself loads. */
  publicKeyBytes({ b, a }: PublicKey): Uint8Array {
    const ring = ringOf(this.params);
    const data = new BigUint64Array(b.length + a.length);
    data.set(ring.transform(b), 0);
    data.set(ring.transform(a), b.length);
    return writeCiphertext(this.#keyId, true, this.params.degree, this.params.keyPrimes.length, data);
  }

  #switchingBytes({ b, a }: SwitchingKey, entries: number, index: number): Uint8Array {
    const ring = ringOf(this.params);
    const digits = b.map((left, i) => {
      const data = new BigUint64Array(2 * left.length);
      data.set(ring.transform(left), 0);
      data.set(ring.transform(at(a, i)), left.length);
      return data;
    });
    return writeSwitchingKeys(this.#keyId, this.params.degree, this.params.keyPrimes.length, entries, index, digits);
  }

  #product(ciphertext: Ciphertext, { values, nonZero, negative }: CentredWeights): SealCiphertext {
    return filled(this.#load(ciphertext), (loaded) =>
      scoped((own) => {
        // SEAL centres the coefficients of a plaintext, except where it has only one: that it takes as it is, in [0, t).
        const isFlipped = nonZero === 1 && negative === 1;
        const factor = isFlipped ? values.map((w) => (w === 0n ? w : this.params.t - w)) : values;
        this.#evaluator.multiplyPlainInplace(loaded, own(this.#plaintext(factor)));
        if (isFlipped) this.#evaluator.negateInplace(loaded);
      }),
    );
  }

  #withDecryptor<T>(
    secret: SmallVector,
    ciphertext: Ciphertext,
    body: (
      decryptor: InstanceType<MainModule['Decryptor']>,
      loaded: SealCiphertext,
      own: <O extends Deletable>(object: O) => O,
    ) => T,
  ): T {
    const ring = ringOf(this.params);
    return guarded('decrypt', () =>
      scoped((own) => {
        const key = own(new this.#seal.SecretKey());
        const transformed = ring.transform(ring.fromSmall(secret, this.params.keyPrimes.length));
        key.loadFromArray(this.#context, writePlaintext(this.#keyId, transformed));
        const decryptor = own(new this.#seal.Decryptor(this.#context, key));
        return body(decryptor, own(this.#load(ciphertext)), own);
      }),
    );
  }

  #plaintext(values: BigUint64Array): Plaintext {
    return filled(new this.#seal.Plaintext(), (plain) =>
      plain.loadFromArray(this.#context, writePlaintext(PLAIN_PARMS_ID, values)),
    );
  }

  #load({ c0, c1 }: Ciphertext): SealCiphertext {
    const { degree, dataPrimes } = this.params;
    const data = new BigUint64Array(c0.length + c1.length);
    data.set(c0, 0);
    data.set(c1, c0.length);
    return filled(new this.#seal.Ciphertext(), (loaded) =>
      loaded.loadFromArray(this.#context, writeCiphertext(this.#dataId, false, degree, dataPrimes.length, data)),
    );
  }

  #save(ciphertext: SealCiphertext): Ciphertext {
    const { degree, dataPrimes } = this.params;
    const words = readCiphertext(this.#bytes(ciphertext), this.#dataId, false, degree, dataPrimes.length);
    return { c0: words.slice(0, words.length / 2), c1: words.slice(words.length / 2) };
  }

  #bytes(object: { saveToArray(mode: unknown): unknown }): Uint8Array {
    return new Uint8Array(object.saveToArray(this.#seal.ComprModeType.none) as ArrayLike<number>);
  }
}
