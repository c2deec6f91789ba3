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
/** Substrate's `Client error`. */
export const CLIENT_ERROR = -32000;

export const invalidParams = (message: string): RpcError => new RpcError(INVALID_PARAMS, `Invalid params: ${message}`);
