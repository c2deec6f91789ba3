/** Every bound of the network in one place: sizes in bytes, times in milliseconds. What blocks and extrinsics may be is the runtime's to say. */
import { MAX_BLOCK_LENGTH, MAX_EXTRINSIC_LENGTH } from '../../pallets/system/limits.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

/** Gossip messages above this are dropped before they are decoded; gossipsub itself breaks above 4 MiB. */
export const MAX_GOSSIP = 1 * MiB;
/** A transaction up to this size travels in a gossip message, several of them together up to it; a larger one is announced by its hash. */
export const MAX_INLINE_TRANSACTION = 64 * KiB;
export const MAX_BUNDLE_TRANSACTIONS = 512;
/** The largest extrinsic. */
export const MAX_TRANSACTION: number = MAX_EXTRINSIC_LENGTH;
export const MAX_HEADER = 64 * KiB;
/** A block's body: what the runtime takes of extrinsics, and room for the inherents. */
export const MAX_BODY: number = MAX_BLOCK_LENGTH + 1 * MiB;
export const MAX_EXTRINSICS = 65_536;
/** Blocks of one answer, in number and bytes; one block always fits. */
export const MAX_BLOCKS = 128;
export const BLOCKS_BUDGET = 4 * MiB;
export const MAX_BLOCKS_RESPONSE = BLOCKS_BUDGET + MAX_BODY + 1 * MiB;
export const MAX_JUSTIFICATION = 1 * MiB;
/** Hashes of pooled transactions told to a new peer. */
export const MAX_POOL_HASHES = 8_192;
export const MAX_PEER_ADDRESSES = 32;
export const MAX_ADDRESS = 256;

/** Requests are small. */
export const MAX_REQUEST = 4 * KiB;
/** A response travels in frames of at most this size. */
export const FRAME = 256 * KiB;
/** Streams of one protocol and connection that may be open at once. */
export const MAX_STREAMS = 32;
/** How long a served peer may take to accept our frames, one by one. */
export const FRAME_TIMEOUT = 10_000;
/** How long the whole answer may take, and how long its first byte and every further frame. */
export const REQUEST_TIMEOUT = 10_000;
export const BLOCKS_TIMEOUT = 60_000;
/** Requests to one peer and of one kind under way at a time, and how many more may wait for their turn. */
export const REQUESTS_AT_ONCE = 6;
export const MAX_WAITING_REQUESTS = 1_024;
/** Requests that we make of one peer: per second, and at once. Fewer than it answers, so that whatever makes us ask does not make us a nuisance. */
export const REQUEST_PACE = { rate: 60, burst: 200 };
/** A gossip validator that has no answer by then says nothing of the message. */
export const VALIDATION_TIMEOUT = 15_000;

/** Requests of one peer per second, and how many may come at once. */
export const REQUEST_RATE = 100;
export const REQUEST_BURST = 400;
/** An answer costs a request more for each so many bytes of it; whoever is in debt waits, but for so long at most (milliseconds). */
export const BYTES_PER_REQUEST = 32 * KiB;
export const LONGEST_DEBT = 5_000;
/** Requests of one peer and protocol that are answered at one time: each may hold an answer of megabytes while the peer reads it. */
export const ANSWERS_PER_PEER = 2;
/** How long the peer may take to read one answer. */
export const ANSWER_TIMEOUT = 60_000;

/** Messages of one peer on a topic that are looked at: per second, and at once. */
export const BLOCK_ANNOUNCEMENTS = { rate: 8, burst: 64 };
export const VOTE_MESSAGES = { rate: 500, burst: 2_000 };
/**
 * Transactions of one peer that may come to nothing: per second, and at once; a large one counts once more per so many bytes. Of what enters the pool there is no
 * limit but the pool's.
 */
export const VAIN_TRANSACTIONS = { rate: 64, burst: 2_048 };
export const BYTES_PER_VAIN = 2 * KiB;
/** Blocks asked of one peer because somebody else has named them: so that nobody makes us a nuisance to the others. */
export const ASKS_FOR_OTHERS = { rate: 4, burst: 16 };

/** Connections to seek, and the most to have. */
export const TARGET_PEERS = 25;
export const MAX_PEERS = 100;
/** Places among them that only boot nodes and peers known from before get. */
export const RESERVED_PEERS = 16;
/** Connections from one address: of the internet, and of this machine or its own network, where many nodes may live. */
export const PEERS_PER_ADDRESS = 8;
export const LOCAL_PEERS_PER_ADDRESS = 64;
export const CONNECTIONS_PER_PEER = 3;
/** Connections that have not said yet who they are: per address, and in all. The one that has waited longest makes room. */
export const UNIDENTIFIED_PER_ADDRESS = 16;
export const UNIDENTIFIED = 128;
/** A connection may be replaced by a new one if it has been of no use for so long. */
export const GRACE = 30_000;
/** So many banned peers close an address of the internet for a while. */
export const BANS_PER_ADDRESS = 3;
