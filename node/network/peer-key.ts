import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys';
import { TacitError } from '../../primitives/errors.ts';
import { createFile } from '../base/durable-file.ts';

export type PeerKey = Extract<ReturnType<typeof privateKeyFromProtobuf>, { type: 'Ed25519' }>;

/** The node's ed25519 network identity from a file (libp2p protobuf, mode 0600); made and written if there is none. */
export async function loadPeerKey(path: string): Promise<PeerKey> {
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    let key: ReturnType<typeof privateKeyFromProtobuf>;
    try {
      key = privateKeyFromProtobuf(bytes);
    } catch {
      throw new TacitError('network/bad-peer-key', `${path} does not hold a libp2p key; remove it to get a new one`);
    }
    if (key.type !== 'Ed25519') throw new TacitError('network/bad-peer-key', `${path} holds no ed25519 key`);
    chmodSync(path, 0o600);
    return key;
  }
  const key = await generateKeyPair('Ed25519');
  createFile(path, privateKeyToProtobuf(key));
  return key;
}
