/** The sync protocol on both sides: what we ask of peers, and what we answer them. */
import { isTacitError } from '../../primitives/errors.ts';
import type { Ty } from '../../primitives/scale/index.ts';
import * as limits from '../base/limits.ts';
import type { ChainApi, HexHash } from '../base/types.ts';
import { decodeUntrusted } from '../base/untrusted.ts';
import type { Fault } from './reputation.ts';
import { readBlocks, statusOf } from './serve.ts';
import { badRequest, type Streams } from './streams.ts';
import {
  type BlockData,
  type BlocksRequest,
  type ProtocolNames,
  responses,
  type Status,
  type SyncRequest,
  syncRequest,
} from './wire.ts';

export interface RequestParts {
  readonly streams: Streams;
  readonly names: ProtocolNames;
  readonly chain: ChainApi;
  readonly punish: (peer: string, fault: Fault) => void;
  /** A peer has told its status along with its request for ours. */
  readonly heard: (peer: string, status: Status) => void;
  /** Addresses to tell others. */
  readonly addresses: () => Promise<string[]>;
}

export class Requests {
  readonly #parts: RequestParts;

  constructor(parts: RequestParts) {
    this.#parts = parts;
  }

  serve(): Promise<void> {
    return this.#parts.streams.serve(this.#parts.names.sync, (peer, request) => this.#answer(peer, request));
  }

  status(peer: string, ours: Status): Promise<Status> {
    return this.#ask(peer, { tag: 'status', value: ours }, responses.status, 1024);
  }

  blocks(peer: string, request: BlocksRequest, signal: AbortSignal): Promise<BlockData[]> {
    return this.#ask(peer, { tag: 'blocks', value: request }, responses.blocks, limits.MAX_BLOCKS_RESPONSE, signal);
  }

  transaction(peer: string, hash: HexHash, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const most = limits.MAX_TRANSACTION + 16;
    return this.#ask(peer, { tag: 'transaction', value: hash }, responses.transaction, most, signal);
  }

  pool(peer: string): Promise<readonly HexHash[]> {
    return this.#ask(peer, { tag: 'pool' }, responses.pool, 32 * limits.MAX_POOL_HASHES + 16);
  }

  peers(peer: string): Promise<string[]> {
    const most = limits.MAX_PEER_ADDRESSES * (limits.MAX_ADDRESS + 4);
    return this.#ask(peer, { tag: 'peers' }, responses.peers, most);
  }

  async #ask<T>(
    peer: string,
    request: SyncRequest,
    answer: Ty<T>,
    maxResponse: number,
    signal?: AbortSignal,
  ): Promise<T> {
    const { streams, names, punish } = this.#parts;
    const bytes = await streams.request(peer, names.sync, syncRequest.codec.enc(request), {
      maxResponse,
      timeout: request.tag === 'blocks' ? limits.BLOCKS_TIMEOUT : limits.REQUEST_TIMEOUT,
      // Blocks by hash are single ones: they do not wait for ranges.
      kind: request.tag === 'blocks' ? `blocks by ${request.value.from.tag}` : request.tag,
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      return answer.codec.dec(bytes);
    } catch (error) {
      if (isTacitError(error)) punish(peer, 'garbage');
      throw error;
    }
  }

  async #answer(peer: string, bytes: Uint8Array): Promise<Uint8Array> {
    const request = decodeUntrusted(syncRequest, bytes);
    if (request === undefined) throw badRequest('not a request');
    const { chain, heard, addresses } = this.#parts;
    switch (request.tag) {
      case 'status':
        heard(peer, request.value);
        return responses.status.codec.enc(statusOf(chain));
      case 'blocks':
        return responses.blocks.codec.enc(readBlocks(chain, request.value) as BlockData[]);
      case 'transaction':
        return responses.transaction.codec.enc(chain.transaction(request.value));
      case 'pool':
        return responses.pool.codec.enc(chain.propagatable().slice(0, limits.MAX_POOL_HASHES));
      case 'peers':
        return responses.peers.codec.enc(await addresses());
    }
  }
}
