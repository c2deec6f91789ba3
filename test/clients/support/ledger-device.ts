/** A Ledger with the Polkadot app, in software: it believes nothing but what a proof of RFC 78 shows it, and shows what it signs. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { extraInfo, extrinsicMetadata, lookup, proof as proofCodec } from '@polkadot-api/merkleize-metadata';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { concatBytes, sameBytes } from '../../../primitives/crypto/bytes.ts';

type Proof = ReturnType<typeof proofCodec.dec>;

/** What the device has shown on its display. */
export interface Shown {
  readonly symbol: string;
  readonly decimals: number;
  /** Fields of the call, with the names of their types. */
  readonly fields: readonly (readonly [name: string | undefined, typeName: string | undefined])[];
}

const OK = Buffer.from([0x90, 0x00]);

/** The root of the tree in which the proof's leaves stand; throws if the proof has too many or too few hashes. */
function rootOf({ leaves, leafIdxs, proofs }: Proof): Uint8Array {
  const known = new Map(leafIdxs.map((index, i) => [index, blake3(lookup.enc([leaves[i]!]).slice(1))]));
  const isAbove = (node: number): boolean =>
    leafIdxs.some((index) => {
      let at = index;
      while (at > node) at = (at - 1) >> 1;
      return at === node;
    });
  const rest = [...proofs];
  const hashOf = (node: number): Uint8Array => {
    const leaf = known.get(node);
    if (leaf !== undefined) return leaf;
    if (isAbove(node)) return blake3(concatBytes(hashOf(2 * node + 1), hashOf(2 * node + 2)));
    const given = rest.shift();
    if (given === undefined) throw new Error('the proof is too short');
    return given;
  };
  const root = hashOf(0);
  if (rest.length > 0) throw new Error('the proof is too long');
  return root;
}

function digestOf(proof: Proof): Uint8Array {
  const description = blake3(extrinsicMetadata.enc(proof.extrinsic));
  return blake3(concatBytes(Uint8Array.of(1), rootOf(proof), description, extraInfo.enc(proof.info)));
}

/** Speaks the device's protocol; `send` is all that the signer asks of a transport. */
export class LedgerDevice {
  readonly exchangeBusyPromise = undefined;
  readonly shown: Shown[] = [];
  readonly #secret: Uint8Array;
  #length = 0;
  #received: Uint8Array[] = [];

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  async send(cla: number, ins: number, p1: number, _p2: number, data: Uint8Array = new Uint8Array()): Promise<Buffer> {
    const text = (value: string): number[] => [value.length, ...Buffer.from(value)];
    if (cla === 0xb0) return Buffer.from([1, ...text('Polkadot'), ...text('100.0.14'), ...OK]);
    if (ins === 1) return Buffer.concat([ed25519.getPublicKey(this.#secret), OK]);
    if (p1 === 0) {
      this.#length = new DataView(data.buffer, data.byteOffset).getUint16(data.length - 2, true);
      this.#received = [];
      return OK;
    }
    this.#received.push(data);
    if (p1 !== 2) return OK;
    const whole = concatBytes(...this.#received);
    return Buffer.concat([Uint8Array.of(0), this.#sign(whole.slice(0, this.#length), whole.slice(this.#length)), OK]);
  }

  /** Errors: the proof is not of what the payload binds its signer to. */
  #sign(payload: Uint8Array, shortMetadata: Uint8Array): Uint8Array {
    const proof = proofCodec.dec(shortMetadata);
    // The extension is the last: it ends with the digest.
    if (!sameBytes(digestOf(proof), payload.slice(-32))) throw new Error('the proof is of other metadata');
    const call = proof.leaves.find(({ path, typeDef }) => path.at(-1) === 'Call' && typeDef.tag === 'enumeration');
    const fields = call?.typeDef.tag === 'enumeration' ? call.typeDef.value.fields : [];
    const { tokenSymbol: symbol, decimals } = proof.info;
    this.shown.push({ symbol, decimals, fields: fields.map(({ name, typeName }) => [name, typeName] as const) });
    return ed25519.sign(payload.length > 256 ? blake2b256(payload) : payload, this.#secret);
  }
}
