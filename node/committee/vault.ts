/**
 * The validator's tally secrets at rest: one encrypted file (0600), replaced atomically and synced before anything that depends on it is sent, so that
 * a validator killed at any moment posts the same bytes after its restart (specification §10).
 *
 * What it holds shrinks as the protocol goes on: the set-up secrets go when the term stands, the chain keys move forward with every round (ratchet),
 * and a round's keys go when the round is over (specification §2).
 */
import { existsSync, readFileSync } from 'node:fs';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { replaceFile } from '../base/durable-file.ts';

/** Encrypts and authenticates the file; given by the node's key file. */
export interface Sealer {
  seal(plain: Uint8Array): Uint8Array;
  /** Throws a TacitError if the bytes are not what {@link seal} wrote. */
  open(sealed: Uint8Array): Uint8Array;
}

/** Secrets of the set-up of one attempt of a term; erased when the term is active. */
export interface SetupSecrets {
  readonly term: number;
  readonly attempt: number;
  /** Scalar of the encryption key that other members' deals are sealed to. */
  readonly encryption: Uint8Array;
  /** Per subset this member deals: the key and the ephemeral scalar of its boxes. */
  readonly dealt: Map<number, { key: Uint8Array; ephemeral: Uint8Array }>;
}

/** Ratcheted chain keys of a term, per subset; `sequence` is the number of the next round to derive. */
export interface ChainKeys {
  readonly term: number;
  readonly sequence: number;
  readonly keys: Map<number, Uint8Array>;
}

export interface VaultContents {
  setup: SetupSecrets | undefined;
  chain: ChainKeys | undefined;
  /** Round keys `K_A^r` per subset, by round number. */
  rounds: Map<number, Map<number, Uint8Array>>;
}

const VERSION = 1;

export class Vault {
  readonly #path: string;
  readonly #sealer: Sealer;
  #contents: VaultContents;

  /** Opens the file or begins an empty vault. Errors: `committee/vault-format` for a file that is not a vault of this version. */
  constructor(path: string, sealer: Sealer) {
    this.#path = path;
    this.#sealer = sealer;
    this.#contents = existsSync(path)
      ? decode(sealer.open(readFileSync(path)))
      : { setup: undefined, chain: undefined, rounds: new Map() };
  }

  get contents(): Readonly<VaultContents> {
    return this.#contents;
  }

  /** Replaces parts of the contents; when it returns they are on the disk. Error: `files/not-written`; then nothing has changed, and it may be tried again. */
  update(change: Partial<VaultContents>): void {
    const next = { ...this.#contents, ...change };
    replaceFile(this.#path, this.#sealer.seal(encode(next)));
    this.#contents = next;
  }
}

type KeyRows = [subset: number, hex: string][];
const rowsOf = (keys: Map<number, Uint8Array>): KeyRows => [...keys].map(([subset, key]) => [subset, toHex(key)]);
const keysOf = (rows: KeyRows): Map<number, Uint8Array> => new Map(rows.map(([subset, hex]) => [subset, fromHex(hex)]));

interface VaultFile {
  version: number;
  setup: { term: number; attempt: number; encryption: string; dealt: [number, string, string][] } | null;
  chain: { term: number; sequence: number; keys: KeyRows } | null;
  rounds: [number, KeyRows][];
}

function encode({ setup, chain, rounds }: VaultContents): Uint8Array {
  const file: VaultFile = {
    version: VERSION,
    setup: setup
      ? {
          term: setup.term,
          attempt: setup.attempt,
          encryption: toHex(setup.encryption),
          dealt: [...setup.dealt].map(([subset, { key, ephemeral }]) => [subset, toHex(key), toHex(ephemeral)]),
        }
      : null,
    chain: chain ? { term: chain.term, sequence: chain.sequence, keys: rowsOf(chain.keys) } : null,
    rounds: [...rounds].map(([round, keys]) => [round, rowsOf(keys)]),
  };
  return new TextEncoder().encode(JSON.stringify(file));
}

function decode(bytes: Uint8Array): VaultContents {
  const file = JSON.parse(new TextDecoder().decode(bytes)) as VaultFile;
  if (file.version !== VERSION) {
    throw new TacitError('committee/vault-format', `the vault has version ${file.version}, this node reads ${VERSION}`);
  }
  const { setup, chain } = file;
  return {
    setup: setup
      ? {
          term: setup.term,
          attempt: setup.attempt,
          encryption: fromHex(setup.encryption),
          dealt: new Map(
            setup.dealt.map(([subset, key, ephemeral]) => [
              subset,
              { key: fromHex(key), ephemeral: fromHex(ephemeral) },
            ]),
          ),
        }
      : undefined,
    chain: chain ? { term: chain.term, sequence: chain.sequence, keys: keysOf(chain.keys) } : undefined,
    rounds: new Map(file.rounds.map(([round, rows]) => [round, keysOf(rows)])),
  };
}
