/** The people of the story: who they are, and what they begin with. Their keys are derived from their names, as those of all development accounts. */
import type { KeyringPair } from '@polkadot/keyring/types';
import { devAccount } from '../sdk/keys.ts';

export const TAC = 1_000_000n;

/** What each begins with, in TAC. */
const PURSES = {
  /** Owns photographs of tide pools, and sells licences to train on them herself. */
  Mira: 500n,
  /** Owns field recordings, and refuses training on them. */
  Otis: 500n,
  /** Owns drawings of sea slugs, and lets portfolios license them. */
  Pia: 500n,
  /** Pia's co-owner. */
  Quinn: 10n,
  /** Owns herbarium scans, and lets portfolios license them. */
  Ravi: 500n,
  /** Proposes a portfolio. */
  Lena: 500n,
  /** Curators. */
  Ines: 100n,
  Jonas: 100n,
  Keiko: 100n,
  /** Trains models. */
  Theo: 3_000n,
  /** The first customer of Theo's first model. */
  Nora: 2_000n,
  /** Uses the trained model. */
  Ursula: 500n,
  /** Uses it too, and the child as well. */
  Victor: 500n,
  /** Serves the model to users. */
  Gita: 100n,
  /** Makes a child of the trained model. */
  Rolf: 500n,
  /** Registers another's model as his own. */
  Cato: 500n,
  /** Jurors. */
  Anouk: 500n,
  Bela: 500n,
  Cleo: 500n,
  Dario: 500n,
  Elif: 500n,
  Farah: 500n,
  Goran: 500n,
  Hana: 500n,
  /** Hold much, and vote. */
  Wanda: 8_000_000n,
  Xaver: 2_000_000n,
  /** Bring what is due: anyone may. */
  Zoe: 100n,
} as const satisfies Record<string, bigint>;
export type Name = keyof typeof PURSES;
export const NAMES = Object.keys(PURSES) as Name[];
export const CURATORS = ['Ines', 'Jonas', 'Keiko'] as const satisfies readonly Name[];
export const JURORS = [
  'Anouk',
  'Bela',
  'Cleo',
  'Dario',
  'Elif',
  'Farah',
  'Goran',
  'Hana',
] as const satisfies readonly Name[];

/** Units that somebody begins with. */
export const purseOf = (name: Name): bigint => PURSES[name] * TAC;

/** Somebody who signs: one extrinsic after the other, so that no two take the same account index. */
export class Person {
  readonly name: string;
  readonly pair: KeyringPair;
  #last: Promise<unknown> = Promise.resolve();

  constructor(name: string, pair: KeyringPair) {
    this.name = name;
    this.pair = pair;
  }

  get address(): string {
    return this.pair.address;
  }

  /** Runs `work` when what this person began before is on its way. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

export type People = Readonly<Record<Name, Person>>;

export function everybody(): People {
  return Object.fromEntries(NAMES.map((name) => [name, new Person(name, devAccount(`//${name}`))])) as Record<
    Name,
    Person
  >;
}
