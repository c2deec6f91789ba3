/** Blocks from a node's JSON-RPC (chain_getFinalizedHead, chain_getBlockHash, chain_getBlock), over HTTP on the node's one port. */
import { z } from 'zod';
import { GRANDPA_ENGINE } from '../../pallets/grandpa/types.ts';
import { digestItem } from '../../pallets/support/types.ts';
import { fromHex } from '../../primitives/crypto/hex.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { decodeAll } from '../../primitives/scale/index.ts';
import type { Header } from '../base/types.ts';
import { damaged, needsArchive } from './folder.ts';
import type { BlockSource, StoredBlock } from './types.ts';

/** A block of 8 MiB in hexadecimal and its frame; longer answers are not read. */
const MAX_ANSWER = 32 << 20;
const TIMEOUT_MS = 30_000;
/** Tries of one question, and the pause after the first of them; it doubles. */
const TRIES = 4;
const PAUSE_MS = 250;

const hexText = z.string().regex(/^0x([0-9a-f]{2})*$/i);
const hashText = z.string().regex(/^0x[0-9a-f]{64}$/);
const numberText = z.string().regex(/^0x[0-9a-f]{1,8}$/i);
const headerJson = z.object({
  parentHash: hashText,
  number: numberText,
  stateRoot: hashText,
  extrinsicsRoot: hashText,
  digest: z.object({ logs: z.array(hexText).max(64) }),
});
const byte = z.number().int().min(0).max(255);
const blockJson = z.object({
  block: z.object({ header: headerJson, extrinsics: z.array(hexText).max(100_000) }),
  justifications: z
    .array(z.tuple([z.array(byte).length(4), z.array(byte)]))
    .max(16)
    .nullish(),
});
const answerJson = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string().max(10_000) }).optional(),
});

/** A JSON-RPC error that the node answered with. */
class Refused extends Error {}

class RpcClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Asks until there is an answer; the connection may fail a few times. Throws `audit/unreachable`. */
  async ask(method: string, ...params: unknown[]): Promise<unknown> {
    let why = '';
    for (let attempt = 0, pause = PAUSE_MS; attempt < TRIES; attempt++, pause *= 2) {
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      try {
        return await this.#once(method, params);
      } catch (error) {
        if (error instanceof Refused || isTacitError(error)) throw error;
        why = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
      }
    }
    throw new TacitError('audit/unreachable', `--rpc: ${this.#url} does not answer ${method}: ${why}`);
  }

  async #once(method: string, params: readonly unknown[]): Promise<unknown> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    const text = await bounded(response);
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      throw new TacitError('audit/bad-answer', `${this.#url} answers ${method} with something that is not JSON`);
    }
    const parsed = answerJson.safeParse(json);
    if (!parsed.success) throw new TacitError('audit/bad-answer', `${this.#url} does not speak JSON-RPC`);
    const { result, error } = parsed.data;
    if (error !== undefined) throw new Refused(error.message);
    return result;
  }
}

async function bounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).length;
    if (length > MAX_ANSWER) throw new TacitError('audit/bad-answer', `an answer is longer than ${MAX_ANSWER} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @param url `ws://`, `wss://`, `http://` or `https://`. Throws `audit/bad-url`. */
export function openRpc(url: string): BlockSource {
  const web = url.replace(/^ws/, 'http');
  if (!URL.canParse(web) || !/^https?:$/.test(new URL(web).protocol)) {
    throw new TacitError('audit/bad-url', `--rpc: '${url}' is no URL like ws://127.0.0.1:9944`);
  }
  const client = new RpcClient(web);
  return {
    async finalized() {
      const hash = hashOf(await client.ask('chain_getFinalizedHead'), 'the finalized head');
      const { number } = headerOf(await client.ask('chain_getHeader', hash), 'the finalized head');
      return { hash, number };
    },
    async block(number) {
      const hash = hashOf(await client.ask('chain_getBlockHash', number), `block ${number}`);
      return blockOf(number, hash, await answer(client, number, hash));
    },
    close: () => Promise.resolve(),
  };
}

async function answer(client: RpcClient, number: number, hash: string): Promise<unknown> {
  try {
    return await client.ask('chain_getBlock', hash);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.message.includes('pruned')) throw needsArchive(number);
    throw damaged(`the node does not give block ${number}: ${error.message}`);
  }
}

function shaped<T>(ty: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = ty.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(`the node's ${what} is not one: ${issue?.path.join('.')} ${issue?.message}`);
}

const hashOf = (value: unknown, what: string): string => shaped(hashText, value, what);

function headerOf(value: unknown, what: string): Header {
  const json = shaped(headerJson, value, what);
  try {
    return {
      parentHash: fromHex(json.parentHash),
      number: Number.parseInt(json.number, 16),
      stateRoot: fromHex(json.stateRoot),
      extrinsicsRoot: fromHex(json.extrinsicsRoot),
      digest: { logs: json.digest.logs.map((log) => decodeAll(digestItem, fromHex(log))) },
    };
  } catch (error) {
    if (!isTacitError(error)) throw error;
    throw damaged(`the digest of ${what} cannot be read: ${error.message}`);
  }
}

function blockOf(number: number, hash: string, value: unknown): StoredBlock {
  const json = shaped(blockJson, value, `block ${number}`);
  const justification = json.justifications?.find(([engine]) =>
    GRANDPA_ENGINE.every((known, i) => known === engine[i]),
  );
  return {
    hash,
    header: headerOf(json.block.header, `block ${number}`),
    body: json.block.extrinsics.map(fromHex),
    justification: justification && Uint8Array.from(justification[1]),
  };
}
