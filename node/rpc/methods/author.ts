import type { TransactionStatus } from '../../chain/pool/watch.ts';
import type { SubmitResult } from '../../base/types.ts';
import type { Backend } from '../backend.ts';
import { RpcError } from '../errors.ts';
import type { Method, Methods } from '../jsonrpc.ts';
import { bytesParam, hexOf, isExtrinsic } from '../params.ts';

/** Texts of Substrate's `InvalidTransaction`, which wallets show to people. */
const REASONS: Readonly<Record<string, string>> = {
  Call: 'Transaction call is not expected',
  Payment: 'Inability to pay some fees (e.g. account balance too low)',
  Future: 'Transaction will be valid in the future',
  Stale: 'Transaction is outdated',
  BadProof: 'Transaction has a bad signature',
  AncientBirthBlock: 'Transaction has an ancient birth block',
  ExhaustsResources: 'Transaction would exhaust the resources',
  BadMandatory: 'A call was labelled as mandatory, but resulted in an Error.',
  MandatoryValidation: 'Transaction dispatch is mandatory; transactions must not be validated.',
  BadSigner: 'Invalid signing address',
  CannotLookup: 'Could not lookup information required to validate the transaction',
  NoUnsignedValidator: 'Could not find an unsigned validator for the unsigned transaction',
};
/** `UnknownTransaction`: the runtime cannot say. Substrate gives its name and no text. */
const UNKNOWN: ReadonlySet<string> = new Set(['CannotLookup', 'NoUnsignedValidator']);
export const reasonOf = (code: string): string => REASONS[code] ?? code.replace(/^Custom(?=\d+$)/, 'Custom error: ');

/** What to do about a transaction that has no place, by the pool's code. */
const REMEDIES: Readonly<Record<string, string>> = {
  'pool/busy':
    'As much of what you have sent is being checked as may be at one time: wait for answers, then send it again',
  'pool/full': 'The transaction pool is full of transactions that pay more: raise the tip, or send it again later',
  'pool/sender-full': 'As many transactions of the sender wait as may: send it again when a block has taken some',
  'pool/check-died': 'Threads of this node have died over its check: give it to another node, and tell the operator',
  'pool/unavailable': 'This node cannot judge it just now: send it again later, or to another node',
};
const remedyOf = (code: string): string => REMEDIES[code] ?? 'The transaction pool does not take it now';

/** The error that the legacy API gives for a refused submission; undefined if it was admitted. */
export function submitError(result: SubmitResult): RpcError | undefined {
  switch (result.kind) {
    case 'ready':
    case 'future':
      return undefined;
    case 'known':
      return new RpcError(1013, 'Transaction Already Imported', result.hash);
    case 'banned':
      return new RpcError(1012, 'Transaction is temporarily banned');
    case 'refused':
      if (result.code === 'pool/sender-overdrawn') {
        return new RpcError(
          1010,
          'Invalid Transaction',
          `${reasonOf('Payment')}: other transactions of the sender wait`,
        );
      }
      return result.code === 'pool/too-low-priority'
        ? new RpcError(
            1014,
            'Priority is too low',
            'The transaction has too low priority to replace another transaction already in the pool.',
          )
        : new RpcError(1016, 'Immediately Dropped', `${remedyOf(result.code)} (${result.code})`);
    case 'invalid':
      if (UNKNOWN.has(result.code)) return new RpcError(1011, 'Unknown Transaction Validity', result.code);
      return result.code in REASONS || result.code.startsWith('Custom')
        ? new RpcError(1010, 'Invalid Transaction', reasonOf(result.code))
        : new RpcError(1002, `Verification Error: ${result.code}`, result.code);
  }
}

/** Statuses as polkadot.js reads them. */
function statusJson(status: TransactionStatus): unknown {
  switch (status.kind) {
    case 'ready':
    case 'future':
    case 'dropped':
    case 'invalid':
      return status.kind;
    case 'usurped':
      return { usurped: status.by };
    default:
      return { [status.kind]: status.block.hash };
  }
}
/** Of the pool, at most so many bytes are listed. */
const MAX_PENDING_BYTES = 16 << 20;
/** Statuses after which nothing is told any more. */
export const LAST: ReadonlySet<TransactionStatus['kind']> = new Set(['dropped', 'invalid', 'usurped', 'finalized']);

/**
 * Milliseconds between the two last statuses at least. On the first clients fetch the events of the block, and polkadot.js drops what it has not told its user yet when the next
 * status comes: where a block is final at once nobody would hear that the transaction is in it.
 */
const TIME_TO_READ = 1_000;

/** Tells statuses in their order, the final one not before the client has had time to read the block. */
function spaced(tell: (status: TransactionStatus) => void): {
  tell: (status: TransactionStatus) => void;
  stop: () => void;
} {
  let readBy = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    tell(status) {
      if (status.kind === 'inBlock') readBy = performance.now() + TIME_TO_READ;
      const wait = status.kind === 'finalized' ? readBy - performance.now() : 0;
      if (wait <= 0) tell(status);
      else timer = setTimeout(() => tell(status), wait).unref();
    },
    stop: () => clearTimeout(timer),
  };
}

export function authorMethods({ pool }: Backend): Methods {
  const extrinsicParam = (value: unknown): Uint8Array => {
    const bytes = bytesParam(value, 'the extrinsic', 2 << 20);
    if (!isExtrinsic(bytes))
      throw new RpcError(1001, 'Extrinsic has invalid format: it is to begin with the length of what follows');
    return bytes;
  };
  const submit: Method = async ([extrinsic], { connection }) => {
    const result = await pool.submit(extrinsicParam(extrinsic), 'external', connection.giver);
    const error = submitError(result);
    if (error) throw error;
    return result.hash;
  };
  const submitAndWatch: Method = async ([extrinsic], call) => {
    const bytes = extrinsicParam(extrinsic);
    // What happens before the client has its answer is told after it.
    const early: TransactionStatus[] = [];
    let tell = (status: TransactionStatus): unknown => early.push(status);
    // Before the extrinsic goes anywhere: where nothing can be told of it, it is refused as a whole.
    const id = call.connection.subscribe(call, 'extrinsic', 'author_extrinsicUpdate', (own) => {
      withdraw();
      const told = spaced((status) => {
        own.notify(statusJson(status));
        if (LAST.has(status.kind)) own.end();
      });
      tell = told.tell;
      for (const status of early) tell(status);
      return () => {
        told.stop();
        stop();
      };
    });
    const stop = pool.watch(pool.hashOf(bytes), (status) => void tell(status));
    const withdraw = call.connection.onClose(stop);
    const result = await pool.submit(bytes, 'external', call.connection.giver);
    const error = submitError(result);
    if (error) {
      call.connection.unsubscribe('extrinsic', id);
      withdraw();
      stop();
      throw error;
    }
    return id;
  };
  return {
    author_submitExtrinsic: submit,
    author_submitAndWatchExtrinsic: submitAndWatch,
    author_unwatchExtrinsic: ([id], { connection }) => connection.unsubscribe('extrinsic', id),
    author_pendingExtrinsics: () => {
      const pending: string[] = [];
      let size = 0;
      // As Substrate has it, those that the next block can hold, best first; the first of them, if they are too many to be told.
      for (const { bytes } of pool.ready()) {
        size += bytes.length;
        if (size > MAX_PENDING_BYTES) break;
        pending.push(hexOf(bytes));
      }
      return pending;
    },
  };
}
