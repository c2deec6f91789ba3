/**
 * What a node has proved, kept so that it can be checked again without the node: headers, proofs of finality, and nodes of the state of one block. A recording is
 * believed as little as a node is: whoever replays it runs the same light client over it.
 */
import { z } from 'zod';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { type NodeStore, proofStore, Trie } from '../../../primitives/trie/index.ts';
import { refused } from './errors.ts';
import { headerJson, hexText, type Request } from './rpc.ts';

/** Changes of the voters, and headers between a block and its proof, that a recording may hold; and nodes of a state. */
const MAX_HEADERS = 2048;
const MAX_NODES = 200_000;

const hash = z.string().regex(/^0x[0-9a-f]{64}$/);
const height = z.number().int().min(0).max(0xffffffff);

export const recordingSchema = z.strictObject({
  /** The final block whose state was read. */
  head: hash,
  headers: z.array(z.tuple([hash, headerJson])).max(MAX_HEADERS),
  /** Proofs of finality, by the block that they were asked for. */
  finality: z.array(z.tuple([height, hexText])).max(MAX_HEADERS),
  /** Where the voters changed: the key that was asked and what stands under it; blocks by number. Both are checked against headers. */
  hints: z.array(z.tuple([hexText, hexText.nullable()])).max(MAX_HEADERS),
  hashes: z.array(z.tuple([height, hash])).max(MAX_HEADERS),
  /** Nodes of the state of `head`, each once. */
  nodes: z.array(hexText).max(MAX_NODES),
});
/** JSON; nothing of it is secret. */
export type Recording = z.infer<typeof recordingSchema>;

const readProofJson = z.object({ proof: z.array(hexText) });

/** What was answered about one final block: the first whose state is read. */
class Kept {
  head: string | undefined;
  readonly #headers = new Map<string, Recording['headers'][number][1]>();
  readonly #finality = new Map<number, string>();
  readonly #hints = new Map<string, string | null>();
  readonly #hashes = new Map<number, string>();
  readonly #nodes = new Set<string>();

  readonly #keep: Readonly<Record<string, (answer: unknown, first: unknown, second: unknown) => void>> = {
    chain_getHeader: (answer, of) => {
      const found = headerJson.safeParse(answer);
      if (found.success) this.#headers.set(String(of), found.data);
    },
    chain_getBlockHash: (answer, number) => void this.#hashes.set(Number(number), String(answer)),
    grandpa_proveFinality: (answer, number) => {
      if (answer !== null) this.#finality.set(Number(number), String(answer));
    },
    state_getStorage: (answer, key) => void this.#hints.set(String(key), answer === null ? null : String(answer)),
    state_getReadProof: (answer, _, at) => {
      this.head ??= String(at);
      const found = readProofJson.safeParse(answer);
      if (found.success) for (const node of found.data.proof) this.#nodes.add(node);
    },
  };

  /** Keeps an answer if it belongs into a recording, and has its form. */
  add(method: string, [first, second]: readonly unknown[], answer: unknown): void {
    this.#keep[method]?.(answer, first, second);
  }

  recording(): Recording {
    return {
      head: this.head ?? '',
      headers: [...this.#headers],
      finality: [...this.#finality],
      hints: [...this.#hints],
      hashes: [...this.#hashes],
      nodes: [...this.#nodes],
    };
  }
}

/** A request that keeps the answers, all about one final block: the first whose state is read. Answers that have not their form are passed on, and refused by whoever asked. */
export function recordingOf(request: Request): { request: Request; recording: () => Recording } {
  const kept = new Kept();
  return {
    request: async (method, params) => {
      // the chain goes on meanwhile
      if (method === 'chain_getFinalizedHead' && kept.head !== undefined) return kept.head;
      const answer = await request(method, params);
      kept.add(method, params, answer);
      return answer;
    },
    recording: () => kept.recording(),
  };
}

/**
 * Picks of a recording's nodes those that prove some keys: whoever asks hashes all that it is answered, and takes no proof as large as a file may be. Where they do
 * not lead to the keys it gives all of them, and whoever asked finds out.
 */
function picking(nodes: readonly string[], root: string | undefined): (keys: readonly string[]) => readonly string[] {
  let store: NodeStore | undefined;
  return (keys) => {
    const picked = new Set<string>();
    try {
      const all = (store ??= proofStore(nodes.map(fromHex)));
      const get = (hash: Uint8Array): Uint8Array | undefined => {
        const node = all.get(hash);
        if (node !== undefined) picked.add(toHex(node));
        return node;
      };
      const trie = new Trie({ get }, fromHex(root ?? ''));
      for (const key of keys) trie.get(fromHex(key));
    } catch (error) {
      if (isTacitError(error)) return nodes;
      throw error;
    }
    return [...picked];
  };
}

/** Answers a light client's questions out of a recording; what it lacks is refused as `light/bad-answer`, as if a node kept it back. */
export function replaying({ head, nodes, ...kept }: Recording): Request {
  const headers = new Map(kept.headers);
  const [finality, hints, hashes] = [new Map(kept.finality), new Map(kept.hints), new Map(kept.hashes)];
  const proofOf = picking(nodes, headers.get(head)?.stateRoot);
  const answers: Readonly<Record<string, (param: unknown) => unknown>> = {
    chain_getFinalizedHead: () => head,
    chain_getHeader: (of) => headers.get(String(of)),
    chain_getBlockHash: (number) => hashes.get(Number(number)),
    grandpa_proveFinality: (number) => finality.get(Number(number)) ?? null,
    state_getStorage: (key) => hints.get(String(key)) ?? null,
    state_getReadProof: (keys) => ({ at: head, proof: proofOf(keys as readonly string[]) }),
  };
  return async (method, params) => {
    const answer = answers[method]?.(params[0]);
    if (answer !== undefined) return answer;
    throw refused('bad-answer', `the recording has no answer to ${method} ${JSON.stringify(params[0])}`);
  };
}
