/** What is followed along the chain once a block is executed: money, the terms' set-up, claims, rounds. */
import { committee, type Offence } from '../../pallets/committee/index.ts';
import { present } from '../../primitives/at.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { SealEvaluator } from '../../primitives/fhe/seal.ts';
import type { Runtime } from '../../runtime/index.ts';
import type { Host } from '../base/runtime.ts';
import { CHECK, type CheckBook } from './book.ts';
import { carriedOut } from './carry-out.ts';
import { ClaimsAudit } from './claims.ts';
import { MoneyAudit } from './money.ts';
import { callsOf, readingContext } from './replay.ts';
import { RoundsAudit } from './rounds.ts';
import { SealedShelf } from './sealed.ts';
import { SetupAudit } from './setup.ts';
import type { BlockSource, ReplayedBlock } from './types.ts';

export interface FollowParts {
  readonly runtime: Runtime;
  readonly genesis: Uint8Array;
  /** The state of block 0. */
  readonly state: ReplayedBlock['state'];
  readonly host: Host;
  readonly book: CheckBook;
  readonly source: BlockSource;
}

export class Followed {
  readonly #book: CheckBook;
  readonly #seals = new Map<string, SealEvaluator>();
  readonly #hasCommittee: boolean;
  readonly #money: MoneyAudit;
  readonly #setup: SetupAudit;
  readonly #claims: ClaimsAudit;
  readonly #rounds: RoundsAudit;

  constructor({ runtime, genesis, state, host, book, source }: FollowParts) {
    const { pallets } = runtime.composition;
    this.#book = book;
    this.#hasCommittee = pallets.some(({ name }) => name === 'Committee');
    this.#money = new MoneyAudit(readingContext(runtime, state, { number: 0, hash: genesis }), pallets, book);
    this.#setup = new SetupAudit(genesis, book);
    this.#claims = new ClaimsAudit(genesis, book, host);
    this.#rounds = new RoundsAudit({
      runtime,
      genesis,
      host,
      book,
      shelf: new SealedShelf(source, (body) => callsOf(runtime, body)),
      claims: this.#claims,
      evaluator: (paramsId) => this.#seal(paramsId),
    });
  }

  close(): void {
    for (const seal of this.#seals.values()) seal.delete();
  }

  /** Each part is carried out, whatever the others find. @param isHead whether it is the last block */
  async block(block: ReplayedBlock, isHead: boolean): Promise<void> {
    const carry = <T>(check: (typeof CHECK)[keyof typeof CHECK], what: string, work: () => T | Promise<T>) =>
      carriedOut(this.#book, check, `${what} cannot be judged`, work);
    await carry(CHECK.money, 'the money', () => this.#money.block(block, isHead));
    if (!this.#hasCommittee) return;
    const offences = (await carry(CHECK.openings, 'who was named', () => namedIn(block))) ?? [];
    const ofSetup = offences.filter(({ round }) => round === undefined);
    const ofRounds = offences.filter(({ round }) => round !== undefined);
    await carry(CHECK.setup, 'the set-up', () => this.#setup.block(block, ofSetup));
    await carry(CHECK.claims, 'the claims', () => this.#claims.block(block));
    await carry(CHECK.openings, 'the rounds', () => this.#rounds.block(block, ofRounds));
    await carry(CHECK.claims, 'bins and money of notes', () => this.#claims.end(block));
  }

  async #seal(paramsId: string): Promise<SealEvaluator> {
    const known = this.#seals.get(paramsId) ?? (await SealEvaluator.create(fheParams(paramsId)));
    this.#seals.set(paramsId, known);
    return known;
  }
}

/** The offences that a block recorded. Throws `at/missing` for one that is counted and not there. */
function namedIn({ before, after }: ReplayedBlock): Offence[] {
  const first = committee.use(before).store.offenceCount.get();
  const { offences, offenceCount } = committee.use(after).store;
  const count = Math.max(0, offenceCount.get() - first);
  return Array.from({ length: count }, (_, i) =>
    present(offences.get(first + i), `the record of offence ${first + i}`),
  );
}
