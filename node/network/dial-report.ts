/** What goes wrong with a boot node, said once and in words: the same failure comes again every few seconds. */
import type { Logger } from 'pino';
import { isTacitError } from '../../primitives/errors.ts';

/** So many dials in a row fail before a boot node counts as dead: it may be starting. */
const FAILURES_BEFORE_WORD = 3;

export class DialReport {
  readonly #log: Logger;
  readonly #told = new Map<string, string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  failed(peer: string, addresses: readonly string[], failures: number, error: unknown): void {
    const other = otherIdentity(error);
    const [address = ''] = addresses;
    if (other !== undefined) {
      this.#once(peer, 'network/wrong-peer-id', { address, found: other }, (log, fields) =>
        log.warn(
          fields,
          `the boot node at this address is another peer; if it is the right one, end its address in /p2p/${other}`,
        ),
      );
    } else if (failures >= FAILURES_BEFORE_WORD) {
      this.#once(peer, 'network/boot-node-unreachable', { address, reason: reasonOf(error) }, (log, fields) =>
        log.warn(
          fields,
          'a boot node cannot be reached; see that it runs and that its address is right. The node keeps trying',
        ),
      );
    }
  }

  /** A boot node, or another peer, is of another chain. */
  foreign(peer: string, isBootNode: boolean, chain: string, ours: string): void {
    this.#once(peer, 'network/other-chain', { peer, theirs: chain, ours }, (log, fields) => {
      if (isBootNode)
        log.warn(
          fields,
          'a boot node is of another chain: another --chain, or another genesis; remove it or take its chain specification',
        );
      else log.debug(fields, 'a peer of another chain');
    });
  }

  reached(peer: string): void {
    if (this.#told.delete(peer)) this.#log.info({ peer }, 'the boot node is reached now');
  }

  #once(peer: string, code: string, fields: object, tell: (log: Logger, fields: object) => void): void {
    if (this.#told.get(peer) === code) return;
    if (this.#told.size >= 1_024) this.#told.delete(this.#told.keys().next().value!);
    this.#told.set(peer, code);
    tell(this.#log, { code, ...fields });
  }
}

/** Whoever answered instead of the peer that was dialled. libp2p tells it in its message only. */
function otherIdentity(error: unknown): string | undefined {
  const errors = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  for (const one of errors) {
    const found = one instanceof Error && /identity key (\w+) does not match/.exec(one.message)?.[1];
    if (found) return found;
  }
  return undefined;
}

function reasonOf(error: unknown): string {
  if (isTacitError(error)) return error.code;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return 'unknown';
  return first.name === 'TimeoutError' || first.name === 'AbortError'
    ? 'no answer in time'
    : first.message.slice(0, 200);
}
