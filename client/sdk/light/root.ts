/**
 * Where trust begins: who votes on finality, by their keys, at a block that the user knows by other ways than the node. Taken from the chain's
 * specification (the authorities of its first block), or from a checkpoint that a light client gave earlier.
 */
import { z } from 'zod';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { type Authorities, MAX_VOTERS } from '../../../primitives/grandpa/index.ts';
import { refused } from './errors.ts';

/** The voters of one set. */
export interface AuthoritySet {
  readonly setId: bigint;
  readonly authorities: Authorities;
}

export interface TrustRoot {
  /** The chain's name, for messages. */
  readonly name: string;
  /** On a `Development` chain, whose keys anybody has, old blocks and parameter sets for tests are no reason to refuse. */
  readonly chainType: ChainType;
  /** Hash of block 0, `0x` hexadecimal; where it is not given it is read, proved, from the state of a final block. */
  readonly genesis: string | undefined;
  /** The block that the set votes above. */
  readonly block: { readonly number: number; readonly hash: string | undefined };
  readonly set: AuthoritySet;
}

const hash = z.string().regex(/^0x[0-9a-f]{64}$/);
const name = z.string().max(64);
const chainType = z.enum(['Development', 'Local', 'Live']);
export type ChainType = z.infer<typeof chainType>;

/** What of a chain specification counts here: the node checks the rest. */
const specSchema = z.object({
  name,
  chainType,
  genesis: z.object({
    session: z.object({
      validators: z
        .array(z.object({ keys: z.object({ grandpa: hash }) }))
        .min(1)
        .max(MAX_VOTERS),
    }),
  }),
});

const checkpointSchema = z.strictObject({
  format: z.literal('tacit-checkpoint-1'),
  name,
  chainType,
  genesis: hash,
  number: z.number().int().min(0).max(0xffffffff),
  hash,
  setId: z.string().regex(/^(0|[1-9][0-9]{0,18})$/),
  authorities: z
    .array(z.tuple([hash, z.string().regex(/^[1-9][0-9]{0,18}$/)]))
    .min(1)
    .max(MAX_VOTERS),
});
/** A proven block as a trust root of its own: JSON, nothing secret. */
export type Checkpoint = z.infer<typeof checkpointSchema>;

const MAX_TEXT = 16 << 20;

/**
 * The trust root in a chain specification or a checkpoint.
 * @param given JSON, parsed or as text
 * @throws `light/bad-trust-root`
 */
export function trustRootOf(given: unknown): TrustRoot {
  const json = typeof given === 'string' ? parse(given) : given;
  const isCheckpoint = typeof json === 'object' && json !== null && 'format' in json;
  return isCheckpoint ? fromCheckpoint(checked(checkpointSchema, json)) : fromSpec(checked(specSchema, json));
}

function parse(text: string): unknown {
  if (text.length > MAX_TEXT)
    throw refused('bad-trust-root', `a chain specification of ${text.length} characters is too long`);
  try {
    return JSON.parse(text);
  } catch {
    throw refused('bad-trust-root', 'neither a chain specification nor a checkpoint: it is no JSON');
  }
}

function checked<T>(schema: z.ZodType<T>, json: unknown): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') || 'the top';
  throw refused('bad-trust-root', `neither a chain specification nor a checkpoint: at ${where}: ${issue?.message}`);
}

function fromSpec({ name, chainType, genesis }: z.infer<typeof specSchema>): TrustRoot {
  return {
    name,
    chainType,
    genesis: undefined,
    block: { number: 0, hash: undefined },
    set: {
      setId: 0n,
      authorities: distinct(genesis.session.validators.map(({ keys }) => ({ id: fromHex(keys.grandpa), weight: 1n }))),
    },
  };
}

function fromCheckpoint({ name, chainType, genesis, number, hash, setId, authorities }: Checkpoint): TrustRoot {
  return {
    name,
    chainType,
    genesis,
    block: { number, hash },
    set: {
      setId: BigInt(setId),
      authorities: distinct(authorities.map(([id, weight]) => ({ id: fromHex(id), weight: BigInt(weight) }))),
    },
  };
}

function distinct(authorities: Authorities): Authorities {
  if (new Set(authorities.map(({ id }) => toHex(id))).size === authorities.length) return authorities;
  throw refused('bad-trust-root', 'two authorities share a key');
}

/** A checkpoint's JSON. */
export function checkpointOf(
  root: TrustRoot,
  genesis: string,
  block: { number: number; hash: string },
  set: AuthoritySet,
): Checkpoint {
  return {
    format: 'tacit-checkpoint-1',
    name: root.name,
    chainType: root.chainType,
    genesis,
    ...block,
    setId: `${set.setId}`,
    authorities: set.authorities.map(({ id, weight }) => [toHex(id), `${weight}`]),
  };
}
