import type { WebSocket } from 'ws';

export interface OutletOptions {
  readonly socket: WebSocket;
  /** Bytes that wait to be read by the client before nothing more is begun for it. */
  readonly unread: number;
  /** Whether the client lags so far behind that it is cut off. */
  readonly isLost: () => boolean;
  /** It is cut off. */
  readonly onLost: () => void;
  /** The network has taken a message. */
  readonly onTaken: () => void;
}

/** Close code of RFC 6455. */
const TRY_AGAIN_LATER = 1013;

/** What goes out to one client: nothing is kept for one that does not read, and who has much to send waits for room. */
export class Outlet {
  readonly #options: OutletOptions;
  readonly #waiting: (() => void)[] = [];

  constructor(options: OutletOptions) {
    this.#options = options;
    options.socket.on('close', () => this.#free());
  }

  readonly send = (message: string): void => {
    const { socket, isLost, onLost, onTaken } = this.#options;
    if (socket.readyState !== socket.OPEN) return;
    if (isLost()) {
      socket.close(TRY_AGAIN_LATER, 'reads too slowly');
      // The closing frame waits behind all that was not read.
      setTimeout(() => socket.terminate(), 1000).unref();
      onLost();
      return;
    }
    socket.send(message, (error) => {
      if (error) return;
      onTaken();
      if (this.hasRoom) this.#free();
    });
  };

  get hasRoom(): boolean {
    return this.#options.socket.bufferedAmount <= this.#options.unread;
  }

  /** Resolves when the client has read most of what it was sent, or is gone; undefined if it has. */
  readonly room = (): Promise<void> | undefined => {
    const { socket } = this.#options;
    if (this.hasRoom || socket.readyState !== socket.OPEN) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  };

  #free(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
