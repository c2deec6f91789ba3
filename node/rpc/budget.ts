import { CLIENT_ERROR, RpcError } from './errors.ts';

/** Bytes that one request may ask to be read and sent: the largest block, several times. */
const MAX_ANSWER = 16 << 20;

/** Counts what an answer holds while it is put together; `take` throws when it becomes more than a client can mean. */
export class Budget {
  #left: number;

  constructor(bytes = MAX_ANSWER) {
    this.#left = bytes;
  }

  /** Gives `bytes` back, so that it can stand where the bytes are used. */
  take<T extends Uint8Array | undefined>(bytes: T): T {
    this.#left -= bytes?.length ?? 0;
    if (this.#left < 0) throw new RpcError(CLIENT_ERROR, 'Client error: the answer would be too large; ask for less');
    return bytes;
  }
}
