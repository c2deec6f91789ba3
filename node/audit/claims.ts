/** Check 13: every claim is proved against a bin that the audit minted itself, spends a fresh tag, and is covered (§8). */
import { toHex } from '../../primitives/crypto/hex.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { claimTask, tagOfProof } from '../../primitives/proofs/ring.ts';
import { CLAIM_FEE, royalty } from '../../pallets/royalty/index.ts';
import type { Host } from '../base/runtime.ts';
import { CHECK, type CheckBook } from './book.ts';
import type { AuditedBin } from './payout.ts';
import type { ReplayedBlock } from './types.ts';

interface Claim {
  readonly round: number;
  readonly bin: number;
  readonly amount: bigint;
  readonly destination: Uint8Array;
  readonly proof: Uint8Array;
}

export class ClaimsAudit {
  readonly #book: CheckBook;
  readonly #host: Host;
  readonly #bins = new Map<string, AuditedBin>();
  readonly #tags = new Set<string>();

  constructor(book: CheckBook, host: Host) {
    this.#book = book;
    this.#host = host;
  }

  minted(bins: readonly AuditedBin[]): void {
    for (const audited of bins) this.#bins.set(`${audited.bin.round}/${audited.bin.index}`, audited);
  }

  /** Claims are judged before the bins that the same block mints at its end. */
  block(block: ReplayedBlock): void {
    const touched = new Set<AuditedBin>();
    for (const { call, extrinsic, signer } of block.calls) {
      if (signer !== undefined || call.tag !== 'Royalty' || call.value.tag !== 'claim') continue;
      const audited = this.#claim(call.value.value as Claim, extrinsic);
      if (audited !== undefined) touched.add(audited);
    }
    for (const { bin, escrow } of touched) {
      const left = royalty.use(block.after).store.bins.get(bin.round, bin.index)?.escrow;
      this.#book.same(CHECK.claims, `what is left in bin ${bin.index} of round ${bin.round}`, escrow, left);
    }
  }

  #claim(claim: Claim, extrinsic: number): AuditedBin | undefined {
    const book = this.#book;
    const { round, bin: index, amount, destination, proof } = claim;
    const audited = this.#bins.get(`${round}/${index}`);
    const name = `bin ${index} of round ${round}`;
    if (audited === undefined) {
      book.expect(CHECK.claims, false, `claim on ${name}, which does not exist`, extrinsic);
      return undefined;
    }
    const { bin } = audited;
    const terms = { amount, fee: CLAIM_FEE * audited.grains, destination };
    const holds = this.#host.verify({ kind: 'claim', parts: claimTask(bin, terms, proof) });
    book.expect(CHECK.claims, holds, `proof of a claim on ${name}`, extrinsic);
    try {
      const tag = toHex(tagOfProof(proof));
      book.expect(CHECK.claims, !this.#tags.has(tag), `tag ${tag} is spent twice`, extrinsic);
      this.#tags.add(tag);
    } catch (error) {
      if (!isTacitError(error)) throw error;
      book.expect(CHECK.claims, false, `tag of a claim: ${error.message}`, extrinsic);
    }
    audited.escrow -= amount / audited.grains;
    book.expect(CHECK.claims, audited.escrow >= 0n, `claims on ${name} exceed its escrow`, extrinsic);
    // What no note got, fractions of units, leaves with the last of them.
    audited.claimed += 1;
    if (audited.claimed === bin.notes.length) {
      const what = `${audited.escrow} units are left of ${name}: each note leaves less than one`;
      book.expect(CHECK.claims, audited.escrow < BigInt(bin.notes.length), what, extrinsic);
      audited.escrow = 0n;
    }
    return audited;
  }
}
