/**
 * Signatures of accounts and validators: sr25519 (schnorrkel, context "substrate"), ed25519 (RFC 8032 without the cofactor, docs/adr/019-ed25519-without-cofactor.md),
 * ecdsa (secp256k1 over blake2b-256, accounts only).
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import {
  ed25519Verify as verifyDalek,
  sr25519KeypairFromSeed,
  sr25519Sign as signSchnorrkel,
  sr25519Verify as verifySchnorrkel,
  waitReady,
} from '@polkadot/wasm-crypto';
import { TacitError } from '../errors.ts';
import { sameBytes } from './bytes.ts';
import { blake2b256 } from './hash.ts';

if (!(await waitReady())) throw new TacitError('crypto/no-wasm', 'the module of signatures cannot be loaded');

export interface KeyPair {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** sr25519: 64 bytes, the expanded secret; ed25519: the 32-byte seed. */
  readonly secretKey: Uint8Array;
}

function seedOf(seed: Uint8Array): Uint8Array {
  if (seed.length !== 32) throw new TacitError('crypto/seed-length', 'a seed has 32 bytes');
  return seed;
}

/** The sr25519 key pair of a 32-byte mini-secret, as polkadot.js expands it. */
export function sr25519FromSeed(seed: Uint8Array): KeyPair {
  const pair = sr25519KeypairFromSeed(seedOf(seed));
  return { publicKey: pair.slice(64, 96), secretKey: pair.slice(0, 64) };
}

/** 64 bytes. */
export function sr25519Sign(pair: KeyPair, message: Uint8Array): Uint8Array {
  return signSchnorrkel(pair.publicKey, pair.secretKey, message);
}

/** False for anything that is not a signature of `message` by `publicKey`, malformed inputs included. */
export function sr25519Verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  return verifySchnorrkel(signature, message, publicKey);
}

/** The ed25519 key pair of a 32-byte seed (RFC 8032). */
export function ed25519FromSeed(seed: Uint8Array): KeyPair {
  return { publicKey: ed25519.getPublicKey(seedOf(seed)), secretKey: seed.slice() };
}

/** 64 bytes. */
export function ed25519Sign(pair: KeyPair, message: Uint8Array): Uint8Array {
  return ed25519.sign(message, pair.secretKey);
}

/**
 * By the equation without the cofactor, `s` reduced: the rule of ed25519-dalek, and the same code on every node and in every client. False for malformed
 * inputs.
 */
export function ed25519Verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  return verifyDalek(signature, message, publicKey);
}

/** Of r, s and recovery id, as Substrate's MultiSignature holds them. */
const ECDSA_LENGTH = 65;

/** The account of a secp256k1 key: blake2b-256 of its compressed 33 bytes (polkadot-sdk `sp_runtime::MultiSigner::Ecdsa`). */
export function ecdsaAccount(compressedKey: Uint8Array): Uint8Array {
  return blake2b256(compressedKey);
}

/**
 * Whether `signature` (r, s, recovery id 0 to 3) over blake2b-256 of `message` is by the key that `account` is made from. Only the lower of the two possible
 * s is accepted: nobody can make a second signature of another's. False for malformed inputs.
 */
export function ecdsaVerify(signature: Uint8Array, message: Uint8Array, account: Uint8Array): boolean {
  if (signature.length !== ECDSA_LENGTH || account.length !== 32) return false;
  try {
    const parsed = secp256k1.Signature.fromBytes(signature.subarray(0, 64), 'compact').addRecoveryBit(signature[64]!);
    if (parsed.hasHighS()) return false;
    return sameBytes(ecdsaAccount(parsed.recoverPublicKey(blake2b256(message)).toBytes(true)), account);
  } catch {
    return false;
  }
}
