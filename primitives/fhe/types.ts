/** Shapes that the files of this room, and its callers, share. */
import type { RoundContext } from './params.ts';

/**
 * A ring element as residues, `[prime][coefficient]` in one array: `primes * N` words, each below its prime. The data primes are the data level,
 * with the special prime they are the key level. Always in coefficient form: transforms stay inside the ring kernel.
 */
export type RnsPoly = BigUint64Array;

/** A BFV ciphertext at data level: it decrypts to `round(t (c0 + c1 s) / Q) mod t`. */
export interface Ciphertext {
  readonly c0: RnsPoly;
  readonly c1: RnsPoly;
}

/** The public key `(b, a)` at key level, `b = -(a s + e)`. */
export interface PublicKey {
  readonly b: RnsPoly;
  readonly a: RnsPoly;
}

/** The small polynomials one seed contributes to a ciphertext: `u` ternary, `e0` and `e1` centred binomial (|e| <= 21), N coefficients each. */
export interface SmallPieces {
  readonly u: Int8Array;
  readonly e0: Int8Array;
  readonly e1: Int8Array;
}

/** Consecutive coefficients of one source ciphertext, opened as `scale * coefficient + constant + mask mod t`. */
export interface OpeningSlots {
  /** Index into the request's `sources`. */
  readonly source: number;
  readonly from: number;
  readonly count: number;
  readonly scale: bigint;
  /** Upper bound, at least 1, of the sum over fresh ciphertexts of the 2-norm of the functional that one slot opens, `scale` included. */
  readonly weightNorm: bigint;
  /** Public integer added to every slot: a deposit, the public part of a mask. */
  readonly constant?: bigint;
  /** Ids (32 bytes) of the secret masks added, one per slot. A mask serves one request only. */
  readonly masks?: readonly Uint8Array[];
}

/** The full text of an opening (§6). Everything in it is covered by its hash, and that hash is the label of the flood. */
export interface OpeningRequest {
  readonly context: RoundContext;
  /** What is opened and why, e.g. `aggregate`; part of the hash. */
  readonly step: string;
  readonly attempt: number;
  /** `ciphertextHash` of each source. */
  readonly sources: readonly Uint8Array[];
  readonly slots: readonly OpeningSlots[];
}

/** One member's shares of a value or vector, `[prime][slot]` for openings. */
export interface SharePost {
  readonly member: number;
  readonly shares: BigUint64Array;
}

export type OpeningOutcome =
  | { readonly status: 'open'; readonly values: bigint[]; readonly liars: number[] }
  /** Fewer than 2f+1 posts agree so far, and more may come. */
  | { readonly status: 'waiting' }
  /** All posts are there and no 2f+1 agree, or the decoded noise is larger than any honest one. */
  | { readonly status: 'undecodable' };
