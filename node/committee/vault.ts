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

/** Vaults of version 1 do not name their chain. */
const [VERSION, UNNAMED] = [2, 1] as const;

/** The chain whose secrets a vault holds. */
export interface VaultChain {
  readonly genesis: Uint8Array;
  /** Whether a vault that names no chain is taken for one of this chain, and named: it lies beside blocks of it. */
  readonly takesUnnamed: boolean;
}

export class Vault {
  readonly #path: string;
  readonly #sealer: Sealer;
  readonly #genesis: string;
  #contents: VaultContents = { setup: undefined, chain: undefined, rounds: new Map() };

  /**
   * Opens the file or begins an empty vault. Errors: `committee/vault-format` for a file that is not a vault of this version, `committee/other-chain` and
   * `committee/unnamed-vault` for one whose keys are those of another chain, or may be: who posts by them is punished.
   */
  constructor(path: string, sealer: Sealer, { genesis, takesUnnamed }: VaultChain) {
    this.#path = path;
    this.#sealer = sealer;
    this.#genesis = toHex(genesis);
    if (existsSync(path)) this.#open(sealer.open(readFileSync(path)), takesUnnamed);
    // what a kill has left of a replacement: it holds keys that the file may have erased since
    rmSync(`${path}${ASIDE}`, { force: true });
  }

  #open(bytes: Uint8Array, takesUnnamed: boolean): void {
    const file = fileIn(new TextDecoder().decode(bytes));
    if (file.version === UNNAMED && !takesUnnamed) throw unnamed(this.#genesis);
    if (file.version === VERSION && file.genesis !== this.#genesis) throw ofOther(file.genesis, this.#genesis);
    this.#contents = contentsOf(file);
    if (file.version === UNNAMED) this.update({});
  }

  get contents(): Readonly<VaultContents> {
    return this.#contents;
  }

  /** Replaces parts of the contents; when it returns they are on the disk. Error: `files/not-written`; then nothing has changed, and it may be tried again. */
  update(change: Partial<VaultContents>): void {
    const next = { ...this.#contents, ...change };
    replaceFile(this.#path, this.#sealer.seal(encode(this.#genesis, next)));
    this.#contents = next;
  }
}

const key = z.string().regex(/^0x[0-9a-f]{64}$/);
const number = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** Whose first parts name what follows: none is named twice. */
const distinct = (rows: readonly (readonly [number, ...unknown[]])[]): boolean =>
  new Set(rows.map(([name]) => name)).size === rows.length;
const keyRows = z.array(z.tuple([number, key])).refine(distinct);

const parts = {
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
};
const fileSchema = z.discriminatedUnion('version', [
  z.strictObject({ version: z.literal(VERSION), genesis: key, ...parts }),
  z.strictObject({ version: z.literal(UNNAMED), ...parts }),
]);
type KeyRows = z.infer<typeof keyRows>;
type VaultFile = z.infer<typeof fileSchema>;

const rowsOf = (keys: Map<number, Uint8Array>): KeyRows => [...keys].map(([subset, one]) => [subset, toHex(one)]);
const keysOf = (rows: KeyRows): Map<number, Uint8Array> => new Map(rows.map(([subset, hex]) => [subset, fromHex(hex)]));

function encode(genesis: string, { setup, chain, rounds }: VaultContents): Uint8Array {
  const file: VaultFile = {
    version: VERSION,
    genesis,
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

function contentsOf({ setup, chain, rounds }: VaultFile): VaultContents {
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
    rounds: new Map(rounds.map(([round, rows]) => [round, keysOf(rows)])),
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
  if (version !== VERSION && version !== UNNAMED) {
    const found = typeof version === 'number' ? version : 'none';
    throw new TacitError('committee/vault-format', `the vault has version ${found}, this node reads ${VERSION}`);
  }
  const file = fileSchema.safeParse(json);
  if (file.success) return file.data;
  const place = file.error.issues[0]?.path.join('.') ?? '';
  throw new TacitError('committee/vault-format', `the vault has another form, at ${place || 'the top'}`);
}

const ofOther = (theirs: string, ours: string): TacitError =>
  new TacitError(
    'committee/other-chain',
    `the vault holds secrets of the chain ${theirs}, and this is ${ours}: move it away, and keep it if that chain goes on`,
    { theirs, ours },
  );

const unnamed = (ours: string): TacitError =>
  new TacitError(
    'committee/unnamed-vault',
    `the vault does not name its chain, and there are no final blocks of ${ours} beside it that would: if it is of this chain, let the node sync once without --validator, and start it again; otherwise move it away`,
    { ours },
  );
