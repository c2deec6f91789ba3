/**
 * The committee thread: all arithmetic of the tally away from the event loop that drives consensus. It works on the newest finalized view; older ones that
 * arrived in the meantime are passed over, because what they asked for is asked again.
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
import { CommitteeMember, type FinalizedView, type SignedPost } from './member.ts';
import type { FromThread, ThreadStart, ToThread } from './messages.ts';
import { Vault } from './vault.ts';

const port = parentPort;
if (port === null) throw new TacitError('committee/no-parent', 'this module runs as a worker thread only');
const start = workerData as ThreadStart;
const tell = (message: FromThread): void => port.postMessage(message);

const evaluators = new Map<string, SealEvaluator>();
const { tamper } = start.tamper
  ? ((await import(start.tamper)) as { tamper: (post: TallyPost) => TallyPost })
  : { tamper: undefined };

function report(error: unknown, duty: string): void {
  const code = isTacitError(error) ? error.code : 'committee/unexpected';
  tell({ kind: 'error', duty, code, message: error instanceof Error ? error.message : String(error) });
}

const member = new CommitteeMember({
  genesis: start.genesis,
  publicKey: start.committee.publicKey,
  sign: (message) => sr25519Sign(start.committee, message),
  vault: new Vault(start.vaultPath, sealerOf(start)),
  random: (n) => randomBytes(n),
  evaluator(paramsId) {
    const known = evaluators.get(paramsId);
    if (known === undefined) throw new TacitError('committee/no-evaluator', 'SEAL is not ready for this parameter set');
    return known;
  },
  onError: report,
  ...(tamper === undefined ? {} : { tamper }),
});

/** An unsigned extrinsic (version 4, bare) of the pallet's call `post`. */
function extrinsicOf({ pallet, post, signature }: SignedPost): Uint8Array {
  const body = concatBytes(Uint8Array.of(4, pallet, POST_CALL), post, signature);
  return concatBytes(compact(u32).codec.enc(body.length), body);
}

async function act(view: FinalizedView): Promise<void> {
  const began = performance.now();
  const sets = new Set(view.rounds.map(({ round }) => round.paramsId));
  if (view.term !== undefined) sets.add(view.term.term.paramsId);
  for (const id of sets) if (!evaluators.has(id)) evaluators.set(id, await SealEvaluator.create(fheParams(id)));
  const posts = member.act(view).map((post) => ({ duty: post.duty, extrinsic: extrinsicOf(post) }));
  tell({ kind: 'posts', number: view.number, tookMs: performance.now() - began, posts });
}

let newest: Extract<ToThread, { kind: 'view' }> | undefined;
let busy = false;

async function work(): Promise<void> {
  if (busy) return;
  busy = true;
  while (newest !== undefined) {
    const { number, term, rounds } = newest;
    newest = undefined;
    try {
      const view: FinalizedView = {
        number,
        term: decodeAll(option(termInfo), term),
        rounds: rounds.map((bytes) => decodeAll(roundInfo, bytes)),
      };
      await act(view);
    } catch (error) {
      report(error, `view/${number}`);
    }
    // Messages that arrived meanwhile are taken in before the next view.
    await new Promise((resolve) => setImmediate(resolve));
  }
  busy = false;
}

port.on('message', (message: ToThread) => {
  if (message.kind === 'sealed') for (const sealed of message.sealed) member.addSealed(sealed);
  else {
    newest = message;
    void work();
  }
});
tell({ kind: 'ready' });
