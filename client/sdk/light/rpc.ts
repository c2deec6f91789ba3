/** What the light client asks a node, with every answer checked for its form and size before anything is made of it. */
import { digestItem, type Header, header as headerTy } from '../../../primitives/block/header.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { bytes, decodeAll, fixed, type Of, struct, type Ty, vec } from '../../../primitives/scale/index.ts';
import { z } from 'zod';
import { refused } from './errors.ts';

/** Asks the node one thing. */
export type Request = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** Headers that may lead over from a block to the one whose justification proves it: as many as nodes send. */
export const MAX_UNKNOWN_HEADERS = 1024;
/** Largest answer that is looked at, in characters: 20 MiB in hexadecimal. */
const MAX_ANSWER = 2 * (20 << 20);
const MAX_DIGEST_LOGS = 64;
/** More than a block has room for. */
const MAX_EXTRINSICS = 65_536;

const finalityProof = struct('sc_consensus_grandpa::FinalityProof', {
  block: fixed(32),
  justification: bytes,
  unknownHeaders: vec(headerTy).upTo(MAX_UNKNOWN_HEADERS),
});
export type FinalityProof = Of<typeof finalityProof>;

/** Without groups: on a text of megabytes those would need a stack as deep. */
export const hexText = z
  .string()
  .max(MAX_ANSWER)
  .regex(/^0x[0-9a-f]*$/)
  .refine(({ length }) => length % 2 === 0, 'an odd number of digits');
const hash = z.string().regex(/^0x[0-9a-f]{64}$/);
/** A header as nodes write it. */
export const headerJson = z.object({
  parentHash: hash,
  number: z.string().regex(/^0x[0-9a-f]{1,8}$/),
  stateRoot: hash,
  extrinsicsRoot: hash,
  digest: z.object({ logs: z.array(hexText).max(MAX_DIGEST_LOGS) }),
});
const blockJson = z.object({ block: z.object({ extrinsics: z.array(hexText).max(MAX_EXTRINSICS) }) });
const readProofJson = z.object({ at: hash, proof: z.array(hexText) });

function decoded<T>(what: string, ty: Ty<T>, bytes: Uint8Array): T {
  try {
    return decodeAll(ty, bytes);
  } catch (error) {
    if (!isTacitError(error)) throw error;
    throw refused('bad-answer', `the node sends what is not ${what}: ${error.message}`);
  }
}

export class NodeRpc {
  readonly #request: Request;

  constructor(request: Request) {
    this.#request = request;
  }

  async finalizedHead(): Promise<string> {
    return this.#ask('chain_getFinalizedHead', [], hash);
  }

  async hashOf(number: number): Promise<string> {
    return this.#ask('chain_getBlockHash', [number], hash);
  }

  /** The header that the node gives for `hash`; whether it is that one is for the caller to see. */
  async header(hash: string): Promise<Header> {
    const { digest, number, ...roots } = await this.#ask('chain_getHeader', [hash], headerJson);
    return {
      parentHash: fromHex(roots.parentHash),
      number: Number(number),
      stateRoot: fromHex(roots.stateRoot),
      extrinsicsRoot: fromHex(roots.extrinsicsRoot),
      digest: { logs: digest.logs.map((log) => decoded('a digest log', digestItem, fromHex(log))) },
    };
  }

  /** The extrinsics that the node gives for the block `hash`; whether they are its own is for the caller to see. */
  async body(hash: string): Promise<Uint8Array[]> {
    const { block } = await this.#ask('chain_getBlock', [hash], blockJson);
    const size = block.extrinsics.reduce((sum, extrinsic) => sum + extrinsic.length, 0);
    if (size > MAX_ANSWER) throw refused('bad-answer', `the node answers with a block of ${size} characters`);
    return block.extrinsics.map(fromHex);
  }

  /** Undefined while the node has none for this block. */
  async finalityProof(number: number): Promise<FinalityProof | undefined> {
    const answer = await this.#ask('grandpa_proveFinality', [number], hexText.nullable());
    return answer === null ? undefined : decoded('a finality proof', finalityProof, fromHex(answer));
  }

  /** A stored value, unproved. */
  async hint(key: string): Promise<Uint8Array | undefined> {
    const answer = await this.#ask('state_getStorage', [key], hexText.nullable());
    return answer === null ? undefined : fromHex(answer);
  }

  async readProof(keys: readonly string[], at: string): Promise<Uint8Array[]> {
    const answer = await this.#ask('state_getReadProof', [keys, at], readProofJson);
    const size = answer.proof.reduce((sum, node) => sum + node.length, 0);
    if (size > MAX_ANSWER) throw refused('bad-answer', `the node answers with a proof of ${size} characters`);
    return answer.proof.map(fromHex);
  }

  async keysPage(prefix: string, count: number, after: string, at: string): Promise<string[]> {
    return this.#ask('state_getKeysPaged', [prefix, count, after, at], z.array(hexText).max(count));
  }

  async #ask<T>(method: string, params: readonly unknown[], schema: z.ZodType<T>): Promise<T> {
    const answer = await this.#request(method, params);
    const result = schema.safeParse(answer);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw refused(
      'bad-answer',
      `the node's answer to ${method} cannot be used${where && `, at ${where}`}: ${issue?.message}`,
      {
        method,
      },
    );
  }
}
