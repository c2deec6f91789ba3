import type { Logger } from 'pino';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { orderedRoot } from '../../primitives/trie/index.ts';
import { decodeHeader, headerHash } from '../base/header.ts';
import type { BlockOrigin, BlockRef, ChainApi, Header, HexHash, ImportResult, Verifier } from '../base/types.ts';
import type { BlockData } from '../network/wire.ts';
import type { SyncNetwork } from '../network/types.ts';

export interface SyncParts {
  readonly chain: ChainApi;
  readonly network: SyncNetwork;
  readonly verifier: Verifier;
  readonly log: Logger;
  /** Milliseconds. */
  readonly now: () => number;
}

/** A block as a peer gave it: its header decodes, and its body, if there is one, belongs to it. */
export interface Parsed {
  readonly ref: BlockRef;
  readonly header: Header;
  readonly data: BlockData;
}

/** From a height upwards along the peer's best chain, or from a hash downwards along parents. */
export type From = { tag: 'number'; value: number } | { tag: 'hash'; value: HexHash };

/** No fault of a peer, but no use to us either. */
export const useless = (message: string): TacitError => new TacitError('sync/useless-peer', message);

/** The block does not build on what we have: whose fault that is cannot be told yet. */
export const misfit = (message: string): TacitError => new TacitError('sync/misfit', message);

/** Whether an error is about a peer, so that another one may do better. */
export const isPeers = (error: unknown): boolean => isTacitError(error) && /^(?:sync|network)\//.test(error.code);

/** Blocks from peers: asked for, checked as far as they can be without the chain, and imported. */
export class BlockSource {
  readonly #parts: SyncParts;
  readonly #signal: () => AbortSignal;

  constructor(parts: SyncParts, signal: () => AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  /** Headers with their hashes; bodies have the root that their header names. Errors: `sync/...`, `network/...`. */
  async ask(
    peer: string,
    from: From,
    max: number,
    bodies: boolean,
    signal: AbortSignal = this.#signal(),
  ): Promise<Parsed[]> {
    const blocks = await this.#parts.network.blocks(peer, { from, max, bodies }, signal);
    // More than asked for would be memory that nobody has counted on.
    if (blocks.length > max) throw this.blame(peer, 'wrong-answer', `${blocks.length} blocks, ${max} were asked for`);
    return blocks.map((data) => {
      let header: Header;
      try {
        header = decodeHeader(data.header);
      } catch (error) {
        if (!isTacitError(error)) throw error;
        throw this.blame(peer, 'garbage', 'a header does not decode');
      }
      if (data.body !== undefined && !sameBytes(orderedRoot(data.body), header.extrinsicsRoot)) {
        throw this.blame(peer, 'wrong-answer', 'a body is not that of its header');
      }
      return { ref: { hash: headerHash(header), number: header.number }, header, data };
    });
  }

  /** One block with its body, by hash; undefined if the peer has none. */
  async one(peer: string, hash: HexHash, signal?: AbortSignal): Promise<Parsed | undefined> {
    const [block] = await this.ask(peer, { tag: 'hash', value: hash }, 1, true, signal);
    if (block !== undefined && block.ref.hash !== hash) {
      throw this.blame(peer, 'wrong-answer', 'another block than asked for');
    }
    return block;
  }

  async import({ ref, header, data }: Parsed, peer: string, origin: BlockOrigin): Promise<ImportResult> {
    const { chain, log, network } = this.#parts;
    if (chain.header(ref.hash) !== undefined) return { kind: 'known', ref };
    if (data.body === undefined) throw useless('the peer has pruned the body');
    const result = await chain.importBlock({ header, body: data.body }, origin);
    if (result.kind === 'imported') network.noteUse(peer);
    if (result.kind === 'invalid') {
      // Ours, whoever sent it: every peer gives the same block.
      if (result.code === 'chain/internal') throw useless('the block cannot be executed here');
      log.warn({ peer, block: ref, code: result.code, reason: result.message }, 'invalid block');
      network.punish(peer, 'invalid-block');
      throw new TacitError('sync/invalid-block', 'the block breaks a rule of the chain', { code: result.code });
    }
    return result;
  }

  /** Punishes the peer; gives the error that ends the work with it. */
  blame(peer: string, which: 'garbage' | 'wrong-answer' | 'invalid-block', message: string): TacitError {
    this.#parts.network.punish(peer, which);
    return new TacitError('sync/peer-fault', message, { peer });
  }
}

export function codeOf(error: unknown): string {
  return isTacitError(error) ? error.code : 'unexpected';
}
