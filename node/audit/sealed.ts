/** Checks 7 and 8: what contributors put into a round, sealed (§4), and what it turns out to be (§5). */
import { publicKeyOf } from '../../primitives/crypto/box.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { decodeScalar } from '../../primitives/crypto/ristretto.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { type OpenedSubmission, openSealed } from '../../primitives/linear/member.ts';
import { enrolmentTasks, parseEnrolment } from '../../primitives/proofs/enrolment.ts';
import { parseSealed, proofTask, sealedId } from '../../primitives/proofs/sealed.ts';
import { REJECTIONS } from '../../primitives/proofs/unseal.ts';
import { beaconOf, VERDICT } from '../../primitives/round/index.ts';
import { type Submission, tally } from '../../pallets/tally/index.ts';
import type { Host } from '../base/runtime.ts';
import { bindingOf, roundKeysOf } from '../evaluation/payloads.ts';
import { CHECK } from './book.ts';
import type { RoundScene } from './scene.ts';
import type { BlockSource, PlacedCall } from './types.ts';

/** Bytes of sealed submissions kept in memory; what is beyond is read from its block again. */
const KEPT_BYTES = 64 << 20;

function sealedIn(calls: readonly PlacedCall[]): { sealed: Uint8Array; call: PlacedCall }[] {
  return calls.flatMap((placed) => {
    const { call } = placed;
    if (call.tag !== 'Tally' || call.value.tag !== 'submit') return [];
    return [{ sealed: (call.value.value as { sealed: Uint8Array }).sealed, call: placed }];
  });
}

/** Sealed bytes, and who brought them: anybody may copy what somebody submits, in the same block too, and fails with it. */
interface Brought {
  readonly sealed: Uint8Array;
  readonly calls: readonly PlacedCall[];
}

/** Sealed submissions by id, out of the bodies. */
export class SealedShelf {
  readonly #source: BlockSource;
  readonly #callsOf: (body: readonly Uint8Array[]) => readonly PlacedCall[];
  readonly #kept = new Map<string, Uint8Array>();
  readonly #keptBytes: number;
  #bytes = 0;

  constructor(
    source: BlockSource,
    callsIn: (body: readonly Uint8Array[]) => readonly PlacedCall[],
    keptBytes = KEPT_BYTES,
  ) {
    this.#source = source;
    this.#callsOf = callsIn;
    this.#keptBytes = keptBytes;
  }

  /** The submissions of a block, by id in hexadecimal. */
  take(calls: readonly PlacedCall[]): Map<string, Brought> {
    const found = new Map<string, { sealed: Uint8Array; calls: PlacedCall[] }>();
    for (const { sealed, call } of sealedIn(calls)) {
      const id = toHex(sealedId(sealed));
      const known = found.get(id);
      if (known === undefined) found.set(id, { sealed, calls: [call] });
      else known.calls.push(call);
    }
    for (const [id, { sealed }] of found) this.#keep(id, sealed);
    return found;
  }

  /** Undefined if the block does not hold what the state says it does. */
  async get({ id, block }: Pick<Submission, 'id' | 'block'>): Promise<Uint8Array | undefined> {
    const name = toHex(id);
    const kept = this.#kept.get(name);
    if (kept !== undefined) return kept;
    const { body } = await this.#source.block(block);
    return sealedIn(this.#callsOf(body)).find(({ sealed }) => sameBytes(sealedId(sealed), id))?.sealed;
  }

  forget(submissions: readonly Pick<Submission, 'id'>[]): void {
    for (const { id } of submissions) this.#drop(toHex(id));
  }

  #keep(id: string, sealed: Uint8Array): void {
    this.#kept.set(id, sealed.slice());
    this.#bytes += sealed.length;
    while (this.#bytes > this.#keptBytes) this.#drop(this.#kept.keys().next().value!);
  }

  #drop(id: string): void {
    // What is forgotten need not have been kept.
    this.#bytes -= this.#kept.get(id)?.length ?? 0;
    this.#kept.delete(id);
  }
}

/** A key that must be new in its round. */
function useKey({ book, file }: RoundScene, key: Uint8Array, extrinsic: number | undefined): void {
  const name = toHex(key);
  book.expect(CHECK.sealed, !file.keys.has(name), `key ${name} is used twice in round ${file.round}`, extrinsic);
  file.keys.add(name);
}

/** What the state says of a submission, against the extrinsic that brought it. */
export function checkSubmission(
  scene: RoundScene,
  submission: Submission,
  entry: Brought | undefined,
  host: Host,
): void {
  const { book, params, context, info, block } = scene;
  if (!book.expect(CHECK.sealed, entry !== undefined, `submission ${toHex(submission.id)} is in no extrinsic`)) return;
  const { sealed, calls } = entry!;
  const call = calls.find(({ signer }) => signer && sameBytes(signer, submission.account)) ?? calls[0]!;
  const at = call.extrinsic;
  book.same(CHECK.sealed, 'account of a submission', call.signer, submission.account, at);
  book.same(CHECK.sealed, 'block of a submission', block.number, submission.block, at);
  book.same(CHECK.sealed, 'length of a submission', sealed.length, submission.length, at);
  try {
    const binding = bindingOf(context, info.round, submission);
    const form = parseSealed(params, binding.spec, sealed);
    book.same(CHECK.sealed, 'ephemeral key of a submission', form.ephemeral, submission.ephemeral, at);
    book.expect(CHECK.sealed, host.verify(proofTask(binding, form)), 'proof of knowledge of a submission', at);
    useKey(scene, form.ephemeral, at);
  } catch (error) {
    if (!isTacitError(error)) throw error;
    book.expect(CHECK.sealed, false, `form of a submission: ${error.message} (${error.code})`, at);
  }
}

/** The enrolment of an item: form, both proofs of knowledge, fresh keys. */
export function checkEnrolment(scene: RoundScene, index: number, host: Host): void {
  const { book, params, context, info } = scene;
  const item = info.items[index];
  try {
    if (item === undefined) throw new TacitError('audit/no-item', 'the state does not hold the item');
    const form = parseEnrolment(params, item.enrolment);
    for (const task of enrolmentTasks({ context, account: item.account }, form)) {
      book.expect(CHECK.sealed, host.verify(task), `proof of knowledge in the enrolment of item ${index}`);
    }
    useKey(scene, form.ephemeral, undefined);
    useKey(scene, form.key, undefined);
  } catch (error) {
    if (!isTacitError(error)) throw error;
    book.expect(CHECK.sealed, false, `enrolment of item ${index}: ${error.message} (${error.code})`);
  }
}

/** The revealed secrets belong to the box keys, and the beacon to the secrets. False if the round cannot be unsealed. */
export function checkReveal({ book, context, info, block }: RoundScene): boolean {
  const { secrets, sealKeys, round } = info;
  const right = secrets.map((secret, subset) => {
    const shown = secret && publicKeyOf(decodeScalar(secret));
    return book.same(CHECK.sealed, `revealed secret of subset ${subset}`, sealKeys[subset], shown);
  });
  if (right.includes(false)) return false;
  const beacon = beaconOf(context.genesis, round.round, secrets as Uint8Array[]);
  const kept = tally.use(block.after).store.beacons.get();
  const own = kept.find((known) => known.round === round.round);
  const name = `beacon that is kept of round ${round.round}`;
  book.same(CHECK.sealed, name, beacon, own?.value);
  book.same(CHECK.sealed, `${name}: close before it`, round.closedAt, own?.closedAt);
  book.same(CHECK.sealed, `${name}: block`, block.number, own?.block);
  const isFresh = kept.every((known) => known.block === block.number);
  book.expect(CHECK.sealed, isFresh, 'a beacon of an earlier block is kept beside one of this');
  return book.same(CHECK.sealed, 'beacon of the revealed secrets', beacon, round.beacon);
}

/** Opens every submission of the round; what is malformed gets its reason. The payloads of the others are kept for the evaluation. */
export async function unseal(scene: RoundScene, shelf: SealedShelf): Promise<void> {
  const { book, params, context, info, file } = scene;
  const keys = roundKeysOf(params, context, info);
  const secrets = info.secrets.map((secret) => decodeScalar(secret!));
  const verdicts = new Uint8Array(info.submissions.length);
  const opened: (OpenedSubmission | undefined)[] = [];
  for (const [index, submission] of info.submissions.entries()) {
    const sealed = await shelf.get(submission);
    const what = `submission ${index} of round ${info.round.round} is not in block ${submission.block}`;
    if (!book.expect(CHECK.form, sealed !== undefined, what)) {
      opened.push(undefined);
      continue;
    }
    const outcome = openSealed(params, bindingOf(context, info.round, submission), keys, sealed!, secrets);
    if (outcome.status === 'rejected') verdicts[index] = REJECTIONS[outcome.reason];
    opened.push(outcome.status === 'open' ? withoutProof(outcome.submission) : undefined);
  }
  shelf.forget(info.submissions);
  file.verdicts = verdicts;
  file.opened = opened;
}

/** The evaluation needs the ciphertext alone; the proof would double the memory. */
function withoutProof(submission: OpenedSubmission): OpenedSubmission {
  const none = new BigUint64Array();
  const { ciphertext } = submission.payload;
  return { ...submission, range: none, payload: { ciphertext, deltas: none, proof: none, opened: none } };
}

/** The members' verdicts are those that everyone finds. */
export function compareVerdicts({ book, file }: RoundScene, posted: Uint8Array): void {
  file.verdicts?.forEach((verdict, index) => {
    book.same(CHECK.form, `verdict on submission ${index} of round ${file.round}`, verdict, posted[index]);
  });
  book.same(CHECK.form, 'number of verdicts', file.verdicts?.length, posted.length);
}

/** What the state keeps of the checks: malformed, refused by the check, or accepted. @param passed per submission */
export function compareSubmissions({ book, info, file }: RoundScene, passed: readonly boolean[]): void {
  info.submissions.forEach((submission, index) => {
    // A round whose secrets were not right was not unsealed: nothing was found against any.
    const found = file.verdicts?.[index] ?? 0;
    const expected = passed[index] ? VERDICT.accepted : found === 0 ? VERDICT.refused : VERDICT.malformed;
    book.same(CHECK.form, `fate of submission ${index}`, expected, submission.verdict);
    const reason = expected === VERDICT.refused ? REJECTIONS.check : found;
    book.same(CHECK.form, `reason against submission ${index}`, reason, submission.reason);
  });
}
