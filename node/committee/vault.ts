/**
 * The validator's tally secrets at rest: one encrypted file (0600), replaced atomically and synced before anything that depends on it is sent, so that
 * a validator killed at any moment posts the same bytes after its restart (specification §10).
 *
 * What it holds shrinks as the protocol goes on: the set-up secrets go when the term stands, the chain keys move forward with every round (ratchet),
 * and a round's keys go when the round is over (specification §2).
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { ASIDE, replaceFile } from '../base/durable-file.ts';

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
    // what a kill has left of a replacement: it holds keys that the file may have erased since
    rmSync(`${path}${ASIDE}`, { force: true });
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

const key = z.string().regex(/^0x[0-9a-f]{64}$/);
const number = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** Whose first parts name what follows: none is named twice. */
const distinct = (rows: readonly (readonly [number, ...unknown[]])[]): boolean =>
  new Set(rows.map(([name]) => name)).size === rows.length;
const keyRows = z.array(z.tuple([number, key])).refine(distinct);

const fileSchema = z.strictObject({
  version: z.literal(VERSION),
  setup: z
    .strictObject({
      term: number,
      attempt: number,
      encryption: key,
      dealt: z.array(z.tuple([number, key, key])).refine(distinct),
    })
    .nullable(),
  chain: z.strictObject({ term: number, sequence: number, keys: keyRows }).nullable(),
  rounds: z.array(z.tuple([number, keyRows])).refine(distinct),
});
type KeyRows = z.infer<typeof keyRows>;
type VaultFile = z.infer<typeof fileSchema>;

const rowsOf = (keys: Map<number, Uint8Array>): KeyRows => [...keys].map(([subset, one]) => [subset, toHex(one)]);
const keysOf = (rows: KeyRows): Map<number, Uint8Array> => new Map(rows.map(([subset, hex]) => [subset, fromHex(hex)]));

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
  const file = fileIn(new TextDecoder().decode(bytes));
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

/** A vault's JSON. What stands in it is never shown: it is secret. */
function fileIn(text: string): VaultFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new TacitError('committee/vault-format', 'the vault is no JSON');
  }
  const version = z.object({ version: z.unknown() }).safeParse(json).data?.version;
  if (version !== VERSION) {
    const found = typeof version === 'number' ? version : 'none';
    throw new TacitError('committee/vault-format', `the vault has version ${found}, this node reads ${VERSION}`);
  }
  const file = fileSchema.safeParse(json);
  if (file.success) return file.data;
  const place = file.error.issues[0]?.path.join('.') ?? '';
  throw new TacitError('committee/vault-format', `the vault has another form, at ${place || 'the top'}`);
}
