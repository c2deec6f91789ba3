/**
 * What the rooms of the node know of one another: the chain as the network, the sync, GRANDPA, the committee worker and
 * the RPC see it, and the network as the chain sees it.
 *
 * The codec and the hash of headers stand in ./header.ts.
 */
import type { VerifyTask } from '../../pallets/support/host.ts';
import type { Header } from '../../pallets/support/types.ts';
import type { Giver } from './givers.ts';

export type { Header, VerifyTask };

/** A 32-byte hash as `0x` and 64 lower-case hex digits: the name of a block or extrinsic wherever it is a key. */
export type HexHash = string;

export interface BlockRef {
  readonly hash: HexHash;
  readonly number: number;
}

export interface Block {
  readonly header: Header;
  /** Encoded extrinsics, each with its own length prefix as it stands in a block. */
  readonly body: readonly Uint8Array[];
}

/** Where a block came from: decides logging and whether its author's slot may lie in the past. */
export type BlockOrigin = 'own' | 'gossip' | 'sync';

export type ImportResult =
  | { kind: 'imported'; ref: BlockRef; best: boolean }
  | { kind: 'known'; ref: BlockRef }
  /** The parent is not here: fetch ancestors first. */
  | { kind: 'unknown-parent'; ref: BlockRef }
  /** The slot is ahead of this node's clock: try again later, do not punish. */
  | { kind: 'future'; ref: BlockRef }
  /** It does not descend from the finalized block, its branch was dropped, or its author floods its slot with blocks. */
  | { kind: 'stale'; ref: BlockRef }
  /** It breaks a rule; whoever sent it is at fault. `code` is the TacitError code. */
  | { kind: 'invalid'; ref: BlockRef | undefined; code: string; message: string };

/** GRANDPA authorities as they stand in the state of a block. */
export interface AuthoritySet {
  readonly setId: bigint;
  readonly authorities: readonly { readonly id: Uint8Array; readonly weight: bigint }[];
}

/** What happens to blocks. */
export interface BlockEvents {
  /** A block was executed and stored, on whichever branch. */
  imported: { readonly ref: BlockRef; readonly header: Header; readonly origin: BlockOrigin };
  /** A block of a slot that has not begun by this machine's clock was not taken. Its seal has not been looked at. */
  early: { readonly ref: BlockRef; readonly slot: number };
  /** The best block changed; `retracted` (children first) and `enacted` (parents first) tell a reorganisation. */
  best: { readonly ref: BlockRef; readonly retracted: readonly BlockRef[]; readonly enacted: readonly BlockRef[] };
  /** `enacted`: newly finalized blocks, parents first, the target last. `pruned`: blocks of branches that died. */
  finalized: {
    readonly ref: BlockRef;
    readonly enacted: readonly BlockRef[];
    readonly pruned: readonly BlockRef[];
    readonly justification: Uint8Array;
  };
}

export interface ChainEvents extends BlockEvents {
  /** A transaction entered the pool and is ready, wherever it came from. Not emitted again on revalidation. */
  transaction: { readonly hash: HexHash; readonly bytes: Uint8Array; readonly propagate: boolean };
}

export type SubmitResult =
  | { kind: 'ready' | 'future'; hash: HexHash }
  | { kind: 'known'; hash: HexHash }
  /** Authors could not use it, again and again. */
  | { kind: 'banned'; hash: HexHash }
  /** There is no place for it: `pool/...` says why. Nothing is said of the transaction itself. */
  | { kind: 'refused'; hash: HexHash; code: string }
  /** `code` names the runtime's reason, e.g. 'BadProof', 'Stale'. `lasting`: it lies in the bytes, no state takes them; no honest node passes them on. */
  | { kind: 'invalid'; hash: HexHash; code: string; lasting: boolean };

/** The pool as the network sees it. */
export interface TransactionDoor {
  /** Validates and admits an encoded extrinsic (as it stands in a block) that `giver` has brought. Never throws on bad input. */
  submit(bytes: Uint8Array, source: 'external' | 'local', giver?: Giver): Promise<SubmitResult>;
  /** The bytes of a pooled transaction, to serve peers that know only its hash (blake2b-256 of the bytes). */
  transaction(hash: HexHash): Uint8Array | undefined;
  /** Hashes of all that should be told to a peer that has just connected. */
  propagatable(): HexHash[];
}

export interface ChainApi extends TransactionDoor {
  readonly genesisHash: HexHash;
  best(): BlockRef;
  finalized(): BlockRef;
  /** By hash, of any branch that is not pruned; undefined if unknown. */
  header(hash: HexHash): Header | undefined;
  /** Undefined if the block is unknown or its body was pruned after the audit window. */
  body(hash: HexHash): readonly Uint8Array[] | undefined;
  /** Stored justification of a finalized block. */
  justification(hash: HexHash): Uint8Array | undefined;
  /** Hash at a height on the branch of the best block. */
  hashByNumber(number: number): HexHash | undefined;
  /** Children of a block that are not pruned. */
  children(hash: HexHash): HexHash[];
  /** Whether `descendant` is `ancestor` or lies above it. False if either is unknown. */
  isDescendent(ancestor: HexHash, descendant: HexHash): boolean;
  /** The best (longest, first seen) block at or above `hash`; undefined if `hash` is unknown. */
  bestContaining(hash: HexHash): BlockRef | undefined;
  /** GRANDPA authorities that vote on the children of `hash`, from its state. */
  authorities(hash: HexHash): AuthoritySet;
  /**
   * What {@link importBlock} would answer by the header alone, its seal included; undefined where the body decides. Rejects only where database, state or threads
   * fail.
   */
  judgeHeader(header: Header): Promise<ImportResult | undefined>;
  /**
   * Executes and stores a block. Resolves when it is in the database; never rejects on a bad block, only where database, state or threads fail: then nothing
   * is said of the block.
   */
  importBlock(block: Block, origin: BlockOrigin): Promise<ImportResult>;
  /**
   * Makes `hash` and its ancestors final and stores the justification, whose validity the caller has checked. Resolves
   * when synced to disk. Finalizing an ancestor of the finalized block only stores the justification; a block that does
   * not descend from it rejects with `chain/finality-conflict`, an unknown one with `chain/unknown-block`.
   */
  finalize(hash: HexHash, justification: Uint8Array): Promise<void>;
  on<K extends keyof ChainEvents>(event: K, listener: (event: ChainEvents[K]) => void): () => void;
}

export interface PeerInfo {
  readonly id: string;
  readonly best: BlockRef | undefined;
}

/** The network as the rest of the node sees it. It learns of new blocks and transactions by ChainApi events. */
export interface Network {
  readonly peerId: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Full multiaddresses, `/p2p/<id>` included. */
  addresses(): string[];
  peers(): PeerInfo[];
  /** Whether the node is still catching up with its peers: an author waits while it is. */
  isSyncing(): boolean;
  announceBlock(header: Header): void;
  announceTransaction(bytes: Uint8Array): void;
}

/** Small durable records by name; `put` is synced to disk when it resolves. GRANDPA keeps its votes in one. */
export interface MetaStore {
  get(key: string): Uint8Array | undefined;
  put(key: string, value: Uint8Array): Promise<void>;
  delete(key: string): Promise<void>;
}

/**
 * Signature checks off the event loop: one answer per task, in order. Results are remembered for the runtime. What consensus needs (the default) goes before
 * what somebody has given who may wait, in turn with others.
 */
export interface Verifier {
  verify(tasks: readonly VerifyTask[], patientFor?: Giver): Promise<boolean[]>;
}
