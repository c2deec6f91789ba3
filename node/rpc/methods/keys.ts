/** Keys of a validator, as Substrate's tools make and look for them. Only for clients of this machine. */
import { proofText, type SessionKeys, sessionKeys } from '../../../pallets/session/index.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { KEY_TYPES, type KeyKind, type SessionKeyring } from '../../session-keys.ts';
import type { Backend } from '../backend.ts';
import { clientErrorOf, invalidParams, RpcError, unsafeCall } from '../errors.ts';
import type { Method, Methods } from '../jsonrpc.ts';
import { accountParam, bytesParam, hexOf, textParam } from '../params.ts';

const refused = (message: string): RpcError => new RpcError(clientErrorOf('author_'), message);

function kindParam(value: unknown): KeyKind {
  const kind = typeof value === 'string' && Object.hasOwn(KEY_TYPES, value) ? KEY_TYPES[value] : undefined;
  if (kind === undefined) throw invalidParams(`the key type is one of ${Object.keys(KEY_TYPES).join(', ')}`);
  return kind;
}

function publicKeyParam(value: unknown): Uint8Array {
  const key = bytesParam(value, 'the public key', 32);
  if (key.length !== 32) throw invalidParams('the public key is to be 32 bytes');
  return key;
}

function sessionKeysParam(value: unknown): SessionKeys {
  const bytes = bytesParam(value, 'the session keys', 96);
  try {
    return sessionKeys.codec.dec(bytes);
  } catch (error) {
    if (isTacitError(error)) throw refused('Session keys are not encoded correctly');
    throw error;
  }
}

export function keyMethods({ keyring, chain }: Backend): Methods {
  /** A method that a validator answers, and to clients of this machine only. */
  const guarded =
    (run: (keys: SessionKeyring, params: readonly unknown[]) => unknown): Method =>
    (params, { connection }) => {
      if (!connection.isLocal) throw unsafeCall();
      if (keyring === undefined) throw refused('The node has no keys; start it with --validator');
      return run(keyring, params);
    };
  return {
    author_rotateKeys: guarded((keys) => hexOf(sessionKeys.codec.enc(keys.rotate()))),
    /** With the proof that `session.setKeys` wants of the account. */
    author_rotateKeysWithOwner: guarded((keys, [owner]) => {
      const account = accountParam(owner);
      const made = keys.rotate();
      const proof = keys.prove(made, proofText(fromHex(chain.genesisHash), account, made));
      return { keys: hexOf(sessionKeys.codec.enc(made)), proof: proof && hexOf(proof) };
    }),
    author_insertKey: guarded((keys, [type, uri, publicKey]) => {
      const kind = kindParam(type);
      keys.insert(kind, textParam(uri, 'the secret'), publicKeyParam(publicKey));
      return null;
    }),
    author_hasKey: guarded((keys, [publicKey, type]) => keys.has(kindParam(type), publicKeyParam(publicKey))),
    author_hasSessionKeys: guarded((keys, [encoded]) => {
      const asked = sessionKeysParam(encoded);
      return Object.values(KEY_TYPES).every((kind) => keys.has(kind, asked[kind]));
    }),
  };
}
