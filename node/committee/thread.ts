/**
 * The committee thread: all arithmetic of the tally away from the event loop that drives consensus. In a validator it does the member's duties, in any other node it
 * evaluates what the committee computed. It works on the newest finalized view; older ones that arrived in the meantime are passed over, because
 * what they asked for is asked again.
 */
import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { concatBytes } from '../../primitives/crypto/bytes.ts';
import { sr25519Sign } from '../../primitives/crypto/signature.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { SealEvaluator } from '../../primitives/fhe/seal.ts';
import { compact, decodeAll, option, u32 } from '../../primitives/scale/index.ts';
import { POST_CALL, termInfo } from '../../pallets/committee/types.ts';
import { roundInfo, type TallyPost } from '../../pallets/tally/types.ts';
import { sealerOf } from '../keys.ts';
import type { RoundInfo } from '../evaluation/payloads.ts';
import { SealedStore } from '../evaluation/sealed-store.ts';
import { CommitteeMember, type FinalizedView, type SignedPost } from './member.ts';
import { Latest } from './latest.ts';
import type { FromThread, ThreadStart, ToThread, ValidatorSecrets } from './messages.ts';
import { Observer } from './observer.ts';
import { Rehearsals } from './rehearsal.ts';
import { KeptParts } from './opened-parts.ts';
import { Vault } from './vault.ts';

const port = parentPort;
if (port === null) throw new TacitError('committee/no-parent', 'this module runs as a worker thread only');
/** Of sealed submissions, and of opened ciphertexts of each round: what rounds of a few dozen contributors have, so that they touch no disk. */
const HELD_BYTES = 32 * 1024 * 1024;
const { genesis, folder, heldBytes = HELD_BYTES, validator } = workerData as ThreadStart;
const tell = (message: FromThread): void => port.postMessage(message);

function onError(error: unknown, duty: string): void {
  const code = isTacitError(error) ? error.code : 'committee/unexpected';
  tell({ kind: 'error', duty, code, message: error instanceof Error ? error.message : String(error) });
}

/**
 * Work for later rests as long as it took while submissions still come in: they keep every core of a small machine busy, and blocks go first. From
 * URGENT blocks before the close on it does not rest any more: what is not done by the check delays the payout.
 */
const RESTS = 1;
const URGENT = 4;

/** What this node does with the sealed submissions and the finalized views it is told of. */
interface Role {
  addSealed(sealed: Uint8Array): void;
  act(view: FinalizedView): void;
  /** Does some ten milliseconds of what will be needed after this view; how long to rest then, undefined if nothing is left. */
  idle(view: FinalizedView): number | undefined;
}

const evaluators = new Map<string, SealEvaluator>();
function evaluator(paramsId: string): SealEvaluator {
  const known = evaluators.get(paramsId);
  if (known === undefined) throw new TacitError('committee/no-evaluator', 'SEAL is not ready for this parameter set');
  return known;
}

/** An unsigned extrinsic (version 4, bare) of the pallet's call `post`. */
function extrinsicOf({ pallet, post, signature }: SignedPost): Uint8Array {
  const body = concatBytes(Uint8Array.of(4, pallet, POST_CALL), post, signature);
  return concatBytes(compact(u32).codec.enc(body.length), body);
}

async function memberRole({ committee, vaultPath, takesUnnamed, tamper: module }: ValidatorSecrets): Promise<Role> {
  const tamper = module && ((await import(module)) as { tamper: (post: TallyPost) => TallyPost }).tamper;
  const member = new CommitteeMember({
    genesis,
    publicKey: committee.publicKey,
    sign: (message) => sr25519Sign(committee, message),
    vault: new Vault(vaultPath, sealerOf({ committee }), { genesis, takesUnnamed }),
    random: (n) => randomBytes(n),
    folder,
    heldBytes,
    evaluator,
    onError,
    ...(tamper ? { tamper } : {}),
  });
  const rehearsals = new Rehearsals(evaluator);
  const act = (view: FinalizedView): void => {
    const began = performance.now();
    const posts = member.act(view, true).map((post) => ({ duty: post.duty, extrinsic: extrinsicOf(post) }));
    tell({ kind: 'posts', number: view.number, tookMs: performance.now() - began, posts });
  };
  return {
    addSealed: (sealed) => member.addSealed(sealed),
    act,
    idle(view) {
      const began = performance.now();
      const before = member.waiting(view);
      if (!member.prepare(view)) return rehearsals.next(view.rounds) ? RESTS * (performance.now() - began) : undefined;
      // The piece was the last that a post waited for.
      if (member.waiting(view) < before) act(view);
      const urgent = view.rounds.some(
        ({ round: { phase, deadline } }) =>
          phase.tag === 'Reveal' || (phase.tag === 'Open' && deadline <= view.number + URGENT),
      );
      return urgent || before > 0 ? 0 : RESTS * (performance.now() - began);
    },
  };
}

function observerRole(): Role {
  const store = new SealedStore(folder, heldBytes);
  let began = 0;
  const observer = new Observer({
    genesis,
    evaluator,
    sealed: store.source,
    onEvaluated: (round, agrees) => tell({ kind: 'evaluated', round, agrees, tookMs: performance.now() - began }),
    onError,
  });
  return {
    addSealed: (sealed) => store.add(sealed),
    act({ rounds, partOf }) {
      began = performance.now();
      observer.look(rounds, partOf);
      store.keepOnly(rounds);
    },
    idle: () => undefined,
  };
}

const role = validator ? await memberRole(validator) : observerRole();

/** SEAL for every parameter set of the rounds under way. */
async function prepare({ rounds }: FinalizedView): Promise<void> {
  const sets = new Set(rounds.map(({ round }) => round.paramsId));
  for (const id of sets) if (!evaluators.has(id)) evaluators.set(id, await SealEvaluator.create(fheParams(id)));
}

const views = new Latest<FinalizedView>(
  prepare,
  (view) => role.act(view),
  (error, { number }) => onError(error, `view/${number}`),
  (view) => role.idle(view),
);

const infos = (encoded: readonly Uint8Array[]): RoundInfo[] => encoded.map((bytes) => decodeAll(roundInfo, bytes));

/** The finalized state as it was told last: posts are heard of many times between two blocks. */
let latest: Omit<FinalizedView, 'foreseen' | 'partOf'> = { number: 0, term: undefined, rounds: [] };
const parts = new KeptParts();

/** What a full disk does not take now it may take when it is told again. */
function keep(sealed: readonly Uint8Array[], number: number): void {
  try {
    for (const one of sealed) role.addSealed(one);
  } catch (error) {
    tell({ kind: 'unkept' });
    onError(error, `view/${number}`);
  }
}

function take({ final, foreseen, opened }: ToThread): void {
  if (final !== undefined) {
    const { number, term, rounds, sealed } = final;
    // In one message with their view: no older one is acted on any more, which would not know them.
    keep(sealed, number);
    latest = { number, term: decodeAll(option(termInfo), term), rounds: infos(rounds) };
  }
  for (const one of opened) parts.add(one);
  parts.keepOnly(latest.rounds.map(({ round }) => round.round));
  const { partOf } = parts;
  views.offer({ ...latest, partOf, foreseen: new Map(infos(foreseen).map((info) => [info.round.round, info])) });
}

port.on('message', (message: ToThread) => {
  try {
    take(message);
  } catch (error) {
    onError(error, `view/${message.final?.number ?? latest.number}`);
  }
});
tell({ kind: 'ready' });
