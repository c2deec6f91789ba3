/** An error as the client sees it. Codes: those of JSON-RPC, of Substrate's legacy API and of the new JSON-RPC spec. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.name = 'RpcError';
    this.code = code;
    this.data = data;
  }
}

export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;
/** Substrate's `Client error`, where no group of methods has its own. */
export const CLIENT_ERROR = -32000;
/** The groups that have one (polkadot-sdk `sc_rpc_api`). */
const CLIENT_ERRORS: Readonly<Record<string, number>> = { author: 1040, state: 4003, childstate: 4003 };
export function clientErrorOf(method: string): number {
  return CLIENT_ERRORS[method.split('_')[0] ?? ''] ?? CLIENT_ERROR;
}
/** `state_`: a range of blocks that there is not, more items than a page holds. */
export const INVALID_BLOCK_RANGE = 4001;
export const INVALID_COUNT = 4002;

/** What polkadot-sdk's pallets answer with themselves (fees, a trial): the runtime refused; no extrinsic. */
export const RUNTIME_ERROR = 1;
export const DECODE_ERROR = 2;

export const invalidParams = (message: string): RpcError => new RpcError(INVALID_PARAMS, `Invalid params: ${message}`);

/** As polkadot-sdk refuses methods that are not for strangers. */
export const unsafeCall = (): RpcError =>
  new RpcError(
    METHOD_NOT_FOUND,
    'RPC call is unsafe to be called externally; ask from the machine that the node runs on',
  );
