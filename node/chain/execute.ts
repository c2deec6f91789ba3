import { fromLatin1 } from '../../pallets/support/overlay.ts';
import type { Header } from '../../pallets/support/types.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';
import { type Applied, type Change, orderedRoot, type Trie } from '../../primitives/trie/index.ts';
import { authorOf, sealPayload, slotOf, unseal } from '../base/seal.ts';
import { type Ask, auraAuthorities } from '../base/authorities.ts';
import { encodeHeader } from '../base/header.ts';
import { MAX_BODY, MAX_HEADER } from '../base/limits.ts';
import { type BlockRun, type ChainRuntime, type Host, refusalCode, type VerifyTask } from '../base/runtime.ts';
import { slices } from '../base/serial.ts';
import type { Block, Verifier } from '../base/types.ts';
import { Ahead, type StateOf } from './ahead.ts';

/** Bytes of a whole block that this node looks at. */
const MAX_BLOCK_BYTES = MAX_BODY + MAX_HEADER;
/** Milliseconds of execution after which the event loop has its turn. */
const SLICE_MS = 6;

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

/** Applies what a finished run changed to the state it started from. */
export function commitRun(parentState: Trie, changes: ReadonlyMap<string, Uint8Array | null>): Applied {
  return parentState.apply([...changes].map(([key, value]): Change => [fromLatin1(key), value]));
}

/** Executes a block on its parent's state, its checks in threads, and compares everything that its header promises. */
export async function executeBlock(
  { header, body }: Block,
  runtime: ChainRuntime,
  parent: StateOf,
  verifier: Verifier & Host,
): Promise<Applied> {
  const { unsealed } = unseal(header);
  const preRuntime = unsealed.digest.logs.filter(({ tag }) => tag === 'PreRuntime');
  const start = { parentHash: header.parentHash, number: header.number, digest: preRuntime };
  const run: BlockRun = runtime.begin(parent.state, start, verifier);
  const ahead = new Ahead(body, runtime, parent, verifier);
  const pause = slices(SLICE_MS);
  for (const [index, extrinsic] of body.entries()) {
    await pause();
    await ahead.ready(index);
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
