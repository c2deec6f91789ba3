import { badOrigin, fail } from './errors.ts';

type Who = { kind: 'root' } | { kind: 'none' } | { kind: 'signed'; account: Uint8Array };

/** Who asks for a call: an account, the chain itself, or nobody (unsigned extrinsics and inherents). */
export class Origin {
  readonly #who: Who;

  private constructor(who: Who) {
    this.#who = who;
  }

  static readonly root = new Origin({ kind: 'root' });
  static readonly none = new Origin({ kind: 'none' });
  static signed(account: Uint8Array): Origin {
    return new Origin({ kind: 'signed', account });
  }

  /** The account that signed, or the call fails with BadOrigin. */
  signed(): Uint8Array {
    return this.#who.kind === 'signed' ? this.#who.account : fail(badOrigin);
  }

  root(): void {
    if (this.#who.kind !== 'root') fail(badOrigin);
  }

  none(): void {
    if (this.#who.kind !== 'none') fail(badOrigin);
  }

  get isNone(): boolean {
    return this.#who.kind === 'none';
  }
}
