/** Check 5: the set-up of each term from its posts alone: keys, deals, digests, disputes and restarts (§2). */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { decodeKeyPoint, decodeScalar, hashToPoint } from '../../primitives/crypto/ristretto.ts';
import { verifySchnorr } from '../../primitives/crypto/schnorr.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { dealBytes, faultsOfDeal, openedBox, type StandingDeal, type TermContext } from '../../primitives/fhe/deal.ts';
import { type FheParams, fheParams, quorum, subsetsWith } from '../../primitives/fhe/params.ts';
import {
  type BoxOpening,
  committee,
  keyProofMessage,
  type Offence,
  type OffenceKind,
  type SetupPost,
  type Term,
} from '../../pallets/committee/index.ts';
import { validators } from '../../pallets/session/index.ts';
import { MAX_MEMBERS } from '../../primitives/round/limits.ts';
import { CHECK, type CheckBook } from './book.ts';
import type { ReplayedBlock } from './types.ts';

/** Posts of one attempt, by member or subset. */
interface Attempt {
  readonly context: TermContext;
  readonly keys: Map<number, Uint8Array>;
  readonly deals: Map<number, { readonly dealer: number; readonly sealed: Uint8Array }>;
  readonly digests: Map<number, readonly Uint8Array[]>;
  /** Boxes opened by their receivers, and of which subset. */
  readonly openings: Map<number, BoxOpening>;
  revealed: Uint8Array | undefined;
}

export class SetupAudit {
  readonly #genesis: Uint8Array;
  readonly #book: CheckBook;
  #attempt: Attempt | undefined;

  constructor(genesis: Uint8Array, book: CheckBook) {
    this.#genesis = genesis;
    this.#book = book;
  }

  /** @param offences of the set-up, named in this block */
  block(block: ReplayedBlock, offences: readonly Offence[]): void {
    const before = committee.use(block.before).store.current.get();
    const starts = block.events.filter(({ pallet, name }) => pallet === 'Committee' && name === 'TermStarted');
    // A term that begins in onInitialize begins before the block's posts, a restart in onFinalize after them.
    for (const { data, phase } of starts) {
      if (phase.tag === 'Initialization') this.#start(data as { term: number; attempt: number }, block);
    }
    for (const { call, extrinsic, signer } of block.calls) {
      if (signer !== undefined || call.tag !== 'Committee' || call.value.tag !== 'post') continue;
      this.#post((call.value.value as { post: SetupPost }).post, extrinsic, block);
    }
    const named = this.#disputes(before, block);
    this.#compareOffences(named, offences);
    for (const { pallet, name, data } of block.events) {
      if (pallet === 'Committee' && name === 'TermActive') this.#activated((data as { term: number }).term, block);
    }
    for (const { data, phase } of starts) {
      if (phase.tag === 'Finalization') this.#start(data as { term: number; attempt: number }, block);
    }
  }

  #start({ term, attempt }: { term: number; attempt: number }, { after }: ReplayedBlock): void {
    const current = committee.use(after).store.current.get();
    this.#attempt = {
      context: { genesis: this.#genesis, term, attempt },
      keys: new Map(),
      deals: new Map(),
      digests: new Map(),
      openings: new Map(),
      revealed: undefined,
    };
    if (current?.term !== term) return;
    const params = fheParams(current.paramsId);
    const book = this.#book;
    book.expect(CHECK.setup, attempt <= params.f, `term ${term} restarts for the ${attempt}th time`);
    book.same(CHECK.setup, `members of term ${term}`, params.n, current.members.length);
    // Members are the first n validators; one that was named is replaced by a validator of the reserve, or excluded.
    const all = validators(after);
    current.members.forEach(({ account, key, status }, index) => {
      const known = all.find((one) => sameBytes(one.account, account));
      book.same(CHECK.setup, `committee key of member ${index} of term ${term}`, known?.keys.committee, key);
      const isInPlace = known === all[index];
      const isReplaced = all.indexOf(known!) >= params.n && isOut(after, all[index]!.account, term);
      book.expect(CHECK.setup, isInPlace || isReplaced, `member ${index} of term ${term} is not the validator's turn`);
      const isPresent = status.tag === 'Present' || status.tag === 'Returned';
      book.expect(CHECK.setup, !isPresent, `member ${index} of term ${term} is present before it has posted a key`);
    });
  }

  #post({ term, attempt, member, body }: SetupPost, extrinsic: number, { before, after }: ReplayedBlock): void {
    const current = committee.use(before).store.current.get() ?? committee.use(after).store.current.get();
    const standing = this.#attempt;
    if (current === undefined || standing?.context.term !== term || standing.context.attempt !== attempt) {
      this.#book.expect(CHECK.setup, false, 'a post of another attempt', extrinsic);
      return;
    }
    try {
      this.#keep(standing, fheParams(current.paramsId), { term, attempt, member, body }, extrinsic);
    } catch (error) {
      if (!isTacitError(error)) throw error;
      this.#book.expect(CHECK.setup, false, `form of a ${body.tag} post: ${error.message} (${error.code})`, extrinsic);
    }
  }

  #keep(standing: Attempt, params: FheParams, { term, attempt, member, body }: SetupPost, extrinsic: number): void {
    const book = this.#book;
    switch (body.tag) {
      case 'Keys': {
        const message = keyProofMessage(this.#genesis, term, attempt, member);
        const proved = verifySchnorr(body.value.key, message, body.value.proof);
        book.expect(CHECK.setup, proved, `proof of member ${member}'s encryption key`, extrinsic);
        standing.keys.set(member, body.value.key);
        return;
      }
      case 'Deal':
        for (const { subset, sealed } of body.value.deals) {
          const isOwn = params.subsets[subset]?.includes(member) === true;
          book.expect(CHECK.setup, isOwn, `member ${member} deals for subset ${subset}`, extrinsic);
          book.same(CHECK.setup, `length of the deal of subset ${subset}`, dealBytes(params), sealed.length, extrinsic);
          decodeKeyPoint(sealed.subarray(0, 32));
          standing.deals.set(subset, { dealer: member, sealed });
        }
        return;
      case 'Digest':
        book.same(
          CHECK.setup,
          `number of digests of member ${member}`,
          subsetsWith(params, member).length,
          body.value.digests.length,
          extrinsic,
        );
        standing.digests.set(member, body.value.digests);
        return;
      case 'Reveal':
        standing.revealed = body.value.ephemeralSecret;
        return;
      case 'Opening': {
        const deal = dealOf(standing, body.value.opening.subset);
        const box = deal && openedBox(params, deal, member, body.value.opening);
        book.expect(CHECK.setup, box !== undefined, `proof of member ${member}'s opened box`, extrinsic);
        standing.openings.set(member, body.value.opening);
        return;
      }
      case 'Late':
        // Only said: what a member holds shows in the rounds.
        return;
    }
  }

  /** Digests of a subset's key, by member. */
  #digestsOf(standing: Attempt, params: FheParams, subset: number): Map<number, Uint8Array> {
    const found = new Map<number, Uint8Array>();
    for (const [member, digests] of standing.digests) {
      const digest = digests[subsetsWith(params, member).indexOf(subset)];
      if (digest !== undefined) found.set(member, digest);
    }
    return found;
  }

  /** The digest that all posters of a subset agree on. */
  #agreedDigest(standing: Attempt, params: FheParams, subset: number): Uint8Array | undefined {
    const [first, ...others] = this.#digestsOf(standing, params, subset).values();
    return first !== undefined && others.every((digest) => sameBytes(digest, first)) ? first : undefined;
  }

  /** Who is to be named when a set-up begins anew in this block. */
  #disputes(before: Term | undefined, { events }: ReplayedBlock): Map<number, OffenceKind> {
    const named = new Map<number, OffenceKind>();
    const standing = this.#attempt;
    const isDispute = before?.phase.tag === 'Reveal' || before?.phase.tag === 'Digest';
    if (standing === undefined || before === undefined || !isDispute) return named;
    const ends = events.some(({ pallet, name, phase }) => {
      const isEnd = name === 'TermFailed' || name === 'TermStarted';
      return pallet === 'Committee' && isEnd && phase.tag === 'Finalization';
    });
    if (!ends) return named;
    const params = fheParams(before.paramsId);
    if (before.phase.tag === 'Digest') {
      for (const [member, opening] of standing.openings) {
        const deal = dealOf(standing, opening.subset);
        if (deal !== undefined && isBadBox(params, deal, member, opening)) named.set(deal.dealer, 'BadDeal');
      }
      return named;
    }
    const deal = before.disputed === undefined ? undefined : dealOf(standing, before.disputed);
    if (deal === undefined) return named;
    const { badDeal, badDigests } = faultsOfDeal(params, deal, {
      digests: this.#digestsOf(standing, params, deal.subset),
      revealed: standing.revealed && decodeScalar(standing.revealed),
      openings: standing.openings,
    });
    for (const member of badDigests) named.set(member, 'BadDigest');
    if (badDeal) named.set(deal.dealer, 'BadDeal');
    return named;
  }

  #compareOffences(expected: ReadonlyMap<number, OffenceKind>, offences: readonly Offence[]): void {
    const found = offences.map(({ member, kind }) => `${member}/${kind.tag}`);
    const wanted = [...expected].map(([member, kind]) => `${member}/${kind}`);
    if (found.length === 0 && wanted.length === 0) return;
    this.#book.same(CHECK.setup, 'members named in the set-up', wanted.sort().join(), found.sort().join());
  }

  /** The term stands on keys of which everyone who answered holds the same. */
  #activated(term: number, { after }: ReplayedBlock): void {
    const book = this.#book;
    const standing = this.#attempt;
    const { current, subsetDigests } = committee.use(after).store;
    const { paramsId = '' } = current.get() ?? {};
    if (!book.expect(CHECK.setup, standing?.context.term === term, `term ${term} was never begun`)) return;
    const params = fheParams(paramsId);
    const posters = standing!.digests.size;
    book.expect(CHECK.setup, posters >= quorum(params), `only ${posters} members of term ${term} hold their keys`);
    params.subsets.forEach((_, subset) => {
      const dealer = current.get()?.dealers[subset];
      book.same(CHECK.setup, `dealer of subset ${subset}`, dealer, standing!.deals.get(subset)?.dealer);
      const agreed = this.#agreedDigest(standing!, params, subset);
      book.same(CHECK.setup, `agreed digest of subset ${subset}`, agreed, subsetDigests.get(term, subset));
    });
  }
}

/** A member without a key of its own has one whose secret nobody knows. */
function encryptionKeyOf(standing: Attempt, member: number): Uint8Array {
  return standing.keys.get(member) ?? hashToPoint('tacit/absent-member/1', member).toBytes();
}

/** The deal of a subset with everything it was made from. */
function dealOf(standing: Attempt, subset: number): StandingDeal | undefined {
  const dealt = standing.deals.get(subset);
  const members = Array.from({ length: MAX_MEMBERS }, (_, member) => member);
  const encryptionKeys = new Map(members.map((member) => [member, encryptionKeyOf(standing, member)]));
  return dealt && { term: standing.context, subset, ...dealt, encryptionKeys };
}

/** Whether an opened box shows that its dealer sealed no key in it. */
function isBadBox(params: FheParams, deal: StandingDeal, member: number, opening: BoxOpening): boolean {
  const box = openedBox(params, deal, member, opening);
  return box !== undefined && box.key === undefined;
}

/** Whether the account was out of the committee of term `term` when it was chosen. */
function isOut(after: ReplayedBlock['after'], account: Uint8Array, term: number): boolean {
  const excluded = committee.use(after).store.excluded.get();
  return excluded.some((one) => one.until >= term && sameBytes(one.account, account));
}
