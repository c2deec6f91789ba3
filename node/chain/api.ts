import type { Chain } from './chain.ts';
import type { TransactionPool } from './pool/pool.ts';
import type { BlockEvents, ChainApi, ChainEvents } from '../base/types.ts';

/** The chain and its pool as one, as the network and GRANDPA see them. */
export function chainApi(chain: Chain, pool: TransactionPool): ChainApi {
  return {
    genesisHash: chain.genesisHash,
    best: () => chain.best(),
    finalized: () => chain.finalized(),
    header: (hash) => chain.header(hash),
    body: (hash) => chain.body(hash),
    justification: (hash) => chain.justification(hash),
    hashByNumber: (number) => chain.hashByNumber(number),
    children: (hash) => chain.children(hash),
    isDescendent: (ancestor, descendant) => chain.isDescendent(ancestor, descendant),
    bestContaining: (hash) => chain.bestContaining(hash),
    authorities: (hash) => chain.authorities(hash),
    judgeHeader: (header) => chain.judgeHeader(header),
    importBlock: (block, origin) => chain.importBlock(block, origin),
    finalize: (hash, justification) => chain.finalize(hash, justification),
    submit: (bytes, source, giver) => pool.submit(bytes, source, giver),
    transaction: (hash) => pool.transaction(hash),
    propagatable: () => pool.propagatable(),
    on<K extends keyof ChainEvents>(event: K, listener: (event: ChainEvents[K]) => void) {
      return event === 'transaction'
        ? pool.on('transaction', listener as (event: ChainEvents['transaction']) => void)
        : chain.on(event as keyof BlockEvents, listener as (event: BlockEvents[keyof BlockEvents]) => void);
    },
  };
}
