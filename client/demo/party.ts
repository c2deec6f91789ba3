/**
 * One party of the demo, as a worker thread with its own wallet, its own connection and its own data: it trains before the round opens, then enrols,
 * contributes, and at the end claims. The main thread tells it when; no secret leaves the thread.
 */
import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { denominationBelow } from '../../primitives/proofs/denominations.ts';
import { type Builder, buildHere } from '../sdk/build.ts';
import { balanceOf, claim, CLAIM_FEE, mostOf } from '../sdk/claim.ts';
import { type Chain, connect, persist } from '../sdk/connect.ts';
import { contribute, enrol } from '../sdk/contribute.ts';
import { walletOf } from '../sdk/keys.ts';
import { knownChain } from '../sdk/node/chain-file.ts';
import { type Book, type OfRound, type OwnNote, scan, type Scan } from '../sdk/notes/index.ts';
import { quietPolkadot } from '../sdk/quiet.ts';
import { followRound } from '../sdk/round.ts';
import { contributionOf, publicHistory, quantised } from './learning.ts';
import { loadMnist } from './mnist.ts';
import { dealShards, PARTIES, type Party } from './parties.ts';

export interface PartyTask {
  /** Index in PARTIES. */
  readonly party: number;
  readonly seed: string;
  /** Nodes to talk to: the first one, and the next when a connection breaks. */
  readonly rpcs: readonly string[];
}

/** What the main thread asks, one at a time; each request is answered by the result of the same name. */
export type PartyRequest =
  | { readonly ask: 'prepare' }
  | { readonly ask: 'enrol'; readonly round: number }
  | { readonly ask: 'contribute'; readonly round: number }
  | { readonly ask: 'open'; readonly round: number }
  | { readonly ask: 'claim'; readonly round: number };

export interface PartyResults {
  /** The account to fund, once connected and trained; the plain update, for the comparison with what the chain computes. */
  readonly prepare: { readonly account: Uint8Array; readonly update: Int8Array[] };
  readonly enrol: Record<string, never>;
  /** How long encrypting and proving all parts took: by the clock, and of this thread's processor time. */
  readonly contribute: { readonly buildMs: number; readonly buildCpuMs: number };
  readonly open: { readonly amount: bigint; readonly stake: bigint; readonly score: bigint | undefined };
  readonly claim: {
    /** What the fresh account holds, and what it was to be paid. */
    readonly received: bigint;
    readonly expected: bigint;
    /** In the wallet's new notes, as the wallet has found and opened them; units, and the note's remainder below one. */
    readonly hidden: bigint;
    /** Whether grains paid and hidden are those of the note. */
    readonly exact: boolean;
    /** Notes that the claim hides among. */
    readonly ring: number;
  };
}

export type PartyAnswer =
  | { readonly result: PartyResults[PartyRequest['ask']] }
  | { readonly failed: { readonly code: string; readonly message: string } };

const SETTLED_TIMEOUT_MS = 60_000;

/** The note of the round, and the scan that shows it. */
interface Own {
  readonly note: OwnNote & { readonly origin: OfRound };
  readonly found: Scan;
}

async function live({ party: index, seed, rpcs }: PartyTask): Promise<void> {
  const port = parentPort;
  const plan = PARTIES[index];
  if (!port || !plan)
    throw new TacitError('demo/no-party', 'a party is a worker thread with a place among the parties');
  const wallet = walletOf(new Uint8Array(randomBytes(32)));
  let connection: Chain | undefined;
  const chainOf = (): Chain => {
    if (connection) return connection;
    throw new TacitError('demo/not-prepared', 'a party is asked to prepare before anything else');
  };
  let update: Int8Array[] = [];

  const serve: { [K in PartyRequest['ask']]: (round: number) => Promise<PartyResults[K]> } = {
    async prepare() {
      // training takes the whole thread: with a connection open its node would wait in vain for an answer
      update = trainedParts(index, seed);
      connection = await connect(rpcs, knownChain());
      return { account: wallet.account.publicKey, update };
    },
    async enrol(round) {
      await persist(() => enrol(chainOf(), wallet, round), ['tally.AlreadyEnrolled']);
      return {};
    },
    async contribute(round) {
      let buildMs = 0;
      let buildCpuMs = 0;
      const build: Builder = async (inputs) => {
        const started = performance.now();
        const used = processorMs();
        const sealed = await buildHere(inputs);
        buildMs = performance.now() - started;
        buildCpuMs = processorMs() - used;
        return sealed;
      };
      await persist(() => contribute(chainOf(), wallet, round, update, { build }), ['tally.AlreadySubmitted']);
      return { buildMs, buildCpuMs };
    },
    async open(round) {
      const { amount, origin } = (await ownNote(round, () => true)).note;
      return { amount, stake: origin.stake, score: origin.score };
    },
    async claim(round) {
      const chain = chainOf();
      await persist(async () => {
        const { note, found } = await ownNote(round, ({ bin }) => bin !== undefined);
        // after a broken connection the claim may have arrived
        if (!note.spent)
          await claim(chain, wallet, found, note, { amount: denominationBelow(mostOf(note) ?? 0n) ?? 0n });
      });
      return claimed(round);
    },
  };
  let book: Book | undefined;
  /** The note of a round in a scan that shows it as wanted; this party's node may hear of it a moment later than the main thread's. */
  const ownNote = (round: number, isWanted: (note: OwnNote) => boolean): Promise<Own> =>
    followRound(
      chainOf(),
      round,
      async ({ phase }, state) => {
        if (phase !== 'Settled') return undefined;
        const found = await scan(chainOf(), wallet, book, state);
        book = found;
        const note = found.notes.find((one): one is Own['note'] => 'round' in one.origin && one.origin.round === round);
        if (note === undefined) throw new TacitError('demo/no-note', `round ${round} has paid no note`, { round });
        return isWanted(note) ? { note, found } : undefined;
      },
      SETTLED_TIMEOUT_MS,
    );
  const claimed = async (round: number): Promise<PartyResults['claim']> => {
    const { note, found } = await ownNote(round, ({ spent }) => spent !== undefined);
    const { amount, destination, claim: number } = note.spent as NonNullable<OwnNote['spent']>;
    const change = found.notes.filter(({ origin }) => 'claim' in origin && origin.claim === number);
    const grains = change.reduce((sum, { opening }) => sum + opening.amount, 0n);
    const received = await persist(() => balanceOf(chainOf(), destination));
    return {
      received: received ?? 0n,
      expected: amount - CLAIM_FEE,
      hidden: grains / note.grains,
      exact: change.length > 0 && amount * note.grains + grains === note.opening.amount,
      ring: note.bin?.count ?? 0,
    };
  };

  port.on('message', (request: PartyRequest) => {
    serve[request.ask]('round' in request ? request.round : 0).then(
      (result) => port.postMessage({ result } satisfies PartyAnswer, []),
      (error: unknown) => {
        const code = isTacitError(error) ? error.code : 'demo/party-failed';
        const message = `${plan.name}: ${error instanceof Error ? error.message : String(error)}`;
        port.postMessage({ failed: { code, message } } satisfies PartyAnswer, []);
      },
    );
  });
}

/**
 * Processor time that this thread has used. Eight parties and the validators share one machine here: by the clock a party would also measure how long it
 * waits for a core. Node before 23.9 cannot tell; there it is the clock after all.
 */
function processorMs(): number {
  if (!('threadCpuUsage' in process)) return performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** This party's quantised update; it reads its own shard, and the public history of the model. */
function trainedParts(index: number, seed: string): Int8Array[] {
  const { parties } = dealShards(loadMnist().train, seed);
  const { model, earlierAggregate } = publicHistory(parties);
  return quantised(contributionOf(parties[index] as Party, model, earlierAggregate, seed));
}

const task = workerData as { readonly tacitParty?: PartyTask } | null;
if (task?.tacitParty) {
  quietPolkadot();
  await live(task.tacitParty);
}
