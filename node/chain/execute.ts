import { fromLatin1 } from '../../pallets/support/overlay.ts';
import type { Header } from '../../pallets/support/types.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';
import { type Applied, type Change, orderedRoot, type Trie } from '../../primitives/trie/index.ts';
import { authorOf, sealPayload, slotOf, unseal } from '../base/seal.ts';
import { type Ask, auraAuthorities } from '../base/authorities.ts';
import { encodeHeader } from '../base/header.ts';
import { type BlockRun, type ChainRuntime, type Host, refusalCode, type VerifyTask } from '../base/runtime.ts';
import { slices } from '../base/serial.ts';
import type { Block, Verifier } from '../base/types.ts';

/** Bytes of a whole block that this node looks at; the runtime's own limit is lower. */
const MAX_BLOCK_BYTES = 8 << 20;
/** Milliseconds of execution after which the event loop has its turn. */
const SLICE_MS = 6;

/**
 * Weights of what is verified, in milliseconds, and how much of it is done ahead: somewhat more than a block may weigh. A block with more in it is no valid
 * one; its author must not keep the threads busy with it for minutes [eight megabytes of made-up claims].
 */
const AHEAD_COSTS: Record<VerifyTask['kind'], number> = {
  sr25519: 0.08,
  ed25519: 0.08,
  ecdsa: 2,
  schnorr: 1,
  claim: 45,
};
const AHEAD_MS = 2_000;

const bad = (code: string, message: string): TacitError => new TacitError(`chain/${code}`, message);

/** Rules of a header below its parent's. Errors: `chain/...` and `aura/...`. */
export function checkPlace(header: Header, parent: Header): void {
  if (header.number !== parent.number + 1) throw bad('bad-number', 'the number is not one above the parent');
  if (parent.number > 0 && slotOf(header) <= slotOf(parent)) throw bad('slot-not-increasing', 'the slot does not grow');
}

/** Rules of a block that need no execution. Errors: `chain/...` and `aura/...`. */
export function checkForm({ header, body }: Block, parent: Header): void {
  checkPlace(header, parent);
  const size = body.reduce((sum, extrinsic) => sum + extrinsic.length, encodeHeader(header).length);
  if (size > MAX_BLOCK_BYTES) throw bad('too-large', 'the block exceeds the size limit');
  if (!sameBytes(orderedRoot(body), header.extrinsicsRoot)) {
    throw bad('bad-extrinsics-root', 'the body does not belong to the header');
  }
}

/** That the seal is the signature of the slot's author, as the parent's state names it. */
export async function checkSeal(header: Header, askParent: Ask, verifier: Verifier): Promise<void> {
  const { unsealed, seal } = unseal(header);
  const author = authorOf(slotOf(header), auraAuthorities(askParent));
  const task: VerifyTask = { kind: 'sr25519', parts: [author, sealPayload(unsealed), seal] };
  const [good] = await verifier.verify([task]);
  if (!good) throw new TacitError('aura/bad-seal', 'the seal is not by the author of the slot');
}

/** A block's state and its hash. */
export interface StateOf {
  readonly hash: Uint8Array;
  readonly state: Trie;
}

/** Has the workers do the costly checks of `body` before the runtime asks for them one by one. */
export async function verifyAhead(
  body: readonly Uint8Array[],
  runtime: ChainRuntime,
  { hash, state }: StateOf,
  verifier: Verifier,
): Promise<void> {
  const pause = slices(SLICE_MS);
  const answers: Promise<boolean[]>[] = [];
  let spent = 0;
  for (const extrinsic of body) {
    await pause();
    const tasks = runtime.tasks(state, hash, extrinsic);
    if (tasks.length > 0) answers.push(verifier.verify(tasks));
    spent += tasks.reduce((sum, { kind }) => sum + AHEAD_COSTS[kind], 0);
    if (spent > AHEAD_MS) break;
  }
  await Promise.all(answers);
}

/** Applies what a finished run changed to the state it started from. */
export function commitRun(parentState: Trie, changes: ReadonlyMap<string, Uint8Array | null>): Applied {
  return parentState.apply([...changes].map(([key, value]): Change => [fromLatin1(key), value]));
}

/** Executes a block on its parent's state and compares everything that its header promises. */
export async function executeBlock(
  { header, body }: Block,
  runtime: ChainRuntime,
  parent: StateOf,
  host: Host,
): Promise<Applied> {
  const { unsealed } = unseal(header);
  const preRuntime = unsealed.digest.logs.filter(({ tag }) => tag === 'PreRuntime');
  const start = { parentHash: header.parentHash, number: header.number, digest: preRuntime };
  const run: BlockRun = runtime.begin(parent.state, start, host);
  const pause = slices(SLICE_MS);
  for (const [index, extrinsic] of body.entries()) {
    await pause();
    const outcome = run.apply(extrinsic);
    if (outcome === 'ok') continue;
    const why = outcome === 'exhausted' ? 'exhausts the block' : refusalCode(outcome);
    throw new TacitError('chain/bad-extrinsic', `extrinsic ${index} is not valid: ${why}`, { index, why });
  }
  const { changes, digestLogs } = run.finish();
  const applied = commitRun(parent.state, changes);
  const executed: Header = { ...unsealed, stateRoot: applied.root, digest: { logs: [...preRuntime, ...digestLogs] } };
  if (!sameBytes(applied.root, header.stateRoot)) throw bad('bad-state-root', 'execution gives another state root');
  if (!sameBytes(encodeHeader(executed), encodeHeader(unsealed))) {
    throw bad('bad-digest', 'execution gives another digest');
  }
  return applied;
}
