/** The files beside a wallet's own, one of each for each chain: the store of its notes and the plan of its claims. */
import { toHex } from '../../../primitives/crypto/hex.ts';
import type { Chain } from '../../sdk/connect.ts';
import { openPlan, type Planned, sealPlan } from '../../sdk/claim-plan.ts';
import type { Wallet } from '../../sdk/keys.ts';
import { files } from '../../sdk/node/files.ts';
import { type Book, openBook, type Scan, scan, sealBook } from '../../sdk/notes/index.ts';
import { random } from '../../sdk/ports.ts';
import type { OnChain } from '../flags.ts';
import { openChain } from './open-chain.ts';
import { openWallet } from './open-wallet.ts';

export class NoteBook {
  readonly wallet: Wallet;
  readonly #flags: OnChain;

  private constructor(flags: OnChain, wallet: Wallet) {
    this.#flags = flags;
    this.wallet = wallet;
  }

  static async open(flags: OnChain): Promise<NoteBook> {
    return new NoteBook(flags, await openWallet(flags.wallet));
  }

  /**
   * Brings the book up to date over a connection of its own, keeps it, and then does `use` with it. Throws `sdk/locked` while another command brings it up to date.
   */
  async read<T>(use: (found: Scan, chain: Chain) => T | Promise<T>): Promise<T> {
    await using chain = await openChain(this.#flags);
    const found = await this.#update(chain);
    // not without await: the connection would be closed before it is used
    return await use(found, chain);
  }

  async #update(chain: Chain): Promise<Scan> {
    const file = this.#fileOf(chain.genesis, 'notes');
    await using _ = await files.lock(file);
    // each time: another command may have read on since
    const found = await scan(chain, this.wallet, await this.#load(chain.genesis, file));
    await files.replace(file, sealBook(this.wallet, found, random));
    return found;
  }

  /** The chain that the flags lead to: hash of its block 0. */
  genesis(): Promise<Uint8Array> {
    return this.apart(async ({ genesis }) => genesis);
  }

  /**
   * Keeps every other command from claiming of this wallet until it is disposed of [two that draw terms for one note show that both are one wallet's].
   * @throws `sdk/locked` with who claims
   */
  lockClaims(genesis: Uint8Array): Promise<AsyncDisposable> {
    return files.lock(this.#fileOf(genesis, 'claims'));
  }

  /** Does `use` over a connection of its own, over which nothing of the book is read: what it asks does not say where the book ends. */
  async apart<T>(use: (chain: Chain) => Promise<T>): Promise<T> {
    await using chain = await openChain(this.#flags);
    return await use(chain);
  }

  async #load(genesis: Uint8Array, file: string): Promise<Book | undefined> {
    const text = await files.read(file);
    return text === undefined ? undefined : openBook(this.wallet, genesis, text);
  }

  async readPlan(genesis: Uint8Array): Promise<Planned[]> {
    const text = await files.read(this.#fileOf(genesis, 'claims'));
    return text === undefined ? [] : openPlan(this.wallet, genesis, text);
  }

  async keepPlan(genesis: Uint8Array, plan: readonly Planned[]): Promise<void> {
    await files.replace(this.#fileOf(genesis, 'claims'), sealPlan(this.wallet, genesis, plan, random));
  }

  /** Beside the wallet's own file, which is never written again: what is not written cannot be lost. */
  #fileOf(genesis: Uint8Array, kind: 'notes' | 'claims'): string {
    return `${this.#flags.wallet}.${toHex(genesis).slice(2, 10)}.${kind}`;
  }
}
