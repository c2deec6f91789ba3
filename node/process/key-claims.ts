/**
 * The keys that this process alone signs with on this machine. Whatever is about to sign with a validator's keys takes them here before, whenever they are chosen:
 * a validator that runs twice votes twice, and that is punished.
 */
import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import type { ValidatorKeys } from '../keys.ts';
import { takeLock, whoHolds } from './lock.ts';

export class KeyClaims {
  readonly #directory: string;
  readonly #held = new Map<string, Promise<Release>>();

  /** @param directory told to those who want one of the keys as well */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Notes keys that everybody has: they protect nothing, and many test networks use them at once, so that nobody has them alone. */
  share(keys: ValidatorKeys): void {
    for (const [kind, { publicKey }] of Object.entries(keys)) {
      this.#held.set(
        nameOf(kind, publicKey),
        Promise.resolve(() => undefined),
      );
    }
  }

  /** Takes keys, each by itself: two key files may share one. Those that it has stay its own. @throws `cli/key-in-use` */
  async take(keys: Partial<ValidatorKeys>): Promise<void> {
    for (const [kind, { publicKey }] of Object.entries(keys)) {
      const name = nameOf(kind, publicKey);
      const taking = this.#held.get(name) ?? this.#lock(kind, publicKey);
      this.#held.set(name, taking);
      try {
        await taking;
      } catch (error) {
        this.#held.delete(name);
        throw error;
      }
    }
  }

  /** Lets others have the keys: only when nothing signs any more. */
  async release(): Promise<void> {
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const taken of await Promise.allSettled(held)) if (taken.status === 'fulfilled') await taken.value();
  }

  async #lock(kind: string, publicKey: Uint8Array): Promise<Release> {
    const taken = await takeLock(`key-${kind}`, publicKey, this.#directory);
    if ('release' in taken) return taken.release;
    const { pid } = taken.heldBy;
    const key = toHex(publicKey);
    const why = 'a validator that runs twice is punished';
    const remedy = 'Stop that one first, or take the key away from one of the two';
    const message = `${whoHolds(taken.heldBy)} signs with the ${kind} key ${key}; ${why}. ${remedy}`;
    throw new TacitError('cli/key-in-use', message, { kind, key, pid });
  }
}

type Release = () => void | Promise<void>;

const nameOf = (kind: string, publicKey: Uint8Array): string => `${kind} ${toHex(publicKey)}`;
