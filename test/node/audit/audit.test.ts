import { expect } from 'chai';
import { type AuditReport, audit } from '../../../node/audit/audit.ts';
import { CHECK, CHECKS, type CheckId } from '../../../node/audit/book.ts';
import { callsOf } from '../../../node/audit/replay.ts';
import { SealedShelf } from '../../../node/audit/sealed.ts';
import type { StoredBlock } from '../../../node/audit/types.ts';
import { headerHash } from '../../../node/base/header.ts';
import { sealHeader } from '../../../node/base/seal.ts';
import { VerifyPool } from '../../../node/workers/index.ts';
import { balances, mint, reserve, transfer } from '../../../pallets/balances/index.ts';
import { committee } from '../../../pallets/committee/index.ts';
import { type BinRecord, notes, NOTES_ESCROW } from '../../../pallets/notes/index.ts';
import { ESCROW, royalty } from '../../../pallets/royalty/index.ts';
import { proofText, session } from '../../../pallets/session/index.ts';
import type { Context } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { type RoundInfo, tally, type TallyPost } from '../../../pallets/tally/index.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import { ed25519Sign, sr25519Sign } from '../../../primitives/crypto/signature.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { runtime as productRuntime, type Runtime } from '../../../runtime/index.ts';
import { type ChainOptions, grandpaKey, keyOf, runtimeThat, TestChain } from './chain.ts';
import { expectFlipsFound } from './flips.ts';
import { beginRound, claimOf, governed, PARTIES, playRound, playShared, playStanding, USERS } from './round.ts';

const flipped = (bytes: Uint8Array, at = bytes.length - 1): Uint8Array =>
  bytes.map((byte, i) => byte ^ Number(i === at));

/** Member 2 lies in everything that has shares, and about the total when the step is done. */
const LIAR = 2;
function lying(post: TallyPost, member: number): TallyPost {
  const { body } = post;
  if (member !== LIAR || body.tag === 'Reveal') return post;
  switch (body.tag) {
    case 'Keying':
      return { ...post, body: { ...body, value: { ...body.value, sum: flipped(body.value.sum, 0) } } };
    case 'KeyCheck':
      return { ...post, body: { ...body, value: { ...body.value, test: flipped(body.value.test, 0) } } };
    case 'Check':
      return { ...post, body: { ...body, value: { ...body.value, verdicts: flipped(body.value.verdicts) } } };
    case 'CheckEach':
      return { ...post, body: { ...body, value: { ...body.value, residues: flipped(body.value.residues, 0) } } };
    case 'Payout':
      return { ...post, body: { ...body, value: { ...body.value, scores: otherFirst(body.value.scores) } } };
    default:
      return { ...post, body: { ...body, value: { ...body.value, shares: flipped(body.value.shares, 0) } } as never };
  }
}
const isLate = ({ body }: TallyPost, member: number): number => Number(member === LIAR && body.tag === 'Aggregate') * 2;

function otherFirst([first, ...others]: readonly Uint8Array[], bit = 0): Uint8Array[] {
  return [flipped(first!, bit), ...others];
}

describe('node/audit', function () {
  this.timeout(600_000);
  const verifier = new VerifyPool({ threads: 1 });
  after(() => verifier.close());

  const auditOf = (chain: TestChain, runtime?: Runtime, source = chain.source()): Promise<AuditReport> =>
    audit(source, { spec: chain.spec, verifier, ...(runtime && { runtime }) });
  const failures = ({ checks }: AuditReport): CheckId[] => checks.flatMap(({ id, failure }) => (failure ? [id] : []));
  const failureOf = (report: AuditReport, id: CheckId) => report.checks.find((check) => check.id === id)?.failure;

  describe('a round with a lying member, a malformed and a false submission, and claims', () => {
    let chain: TestChain;
    let report: AuditReport;
    before(async () => {
      chain = new TestChain({ users: USERS, tamper: lying, late: isLate });
      playRound(chain, { dan: 'payload', eve: 'opened' });
      PARTIES.slice(0, 3).forEach((name, place) => {
        chain.unsigned(claimOf(chain, name, place));
        chain.block();
      });
      chain.call(
        'anna',
        balances.call.transferKeepAlive({ dest: { tag: 'Id', value: keyOf('bo').publicKey }, value: 7n }),
      );
      chain.block();
      chain.finalizeAll();
      report = await auditOf(chain);
    });

    it('is found to be right', () => {
      expect(report.checks.filter(({ ok }) => !ok)).to.deep.equal([]);
      expect(report).to.include({ ok: true, chain: 'test', genesis: chain.blocks[0]!.hash });
      expect(report.head).to.deep.equal({ number: chain.head.header.number, hash: chain.head.hash });
      expect(report.stopped).to.equal(undefined);
    });

    it('is looked at by every check', () => {
      expect(report.checks.map(({ id }) => id)).to.deep.equal(CHECKS.map(({ id }) => id));
      for (const { name, checked } of report.checks) expect(checked, name).to.be.above(0);
    });

    it('and found wrong with any byte flipped', () => expectFlipsFound(chain, verifier, 12));

    it('is no less right where sealed submissions are read from their blocks again', async () => {
      const callsIn = (body: readonly Uint8Array[]) => callsOf(productRuntime, body);
      const shelf = new SealedShelf(chain.source(), callsIn, 0);
      let seen = 0;
      for (const { header, body } of chain.blocks) {
        for (const [name, { sealed }] of shelf.take(callsIn(body))) {
          seen++;
          expect(await shelf.get({ id: fromHex(name), block: header.number })).to.deep.equal(sealed);
          expect(await shelf.get({ id: fromHex(name), block: 1 })).to.equal(undefined);
        }
      }
      expect(seen).to.equal(2 * PARTIES.length + 1);
    });

    it('has really seen what it is about', () => {
      const { store } = committee.use(chain.ctx);
      const offences = Array.from({ length: store.offenceCount.get() }, (_, i) => store.offences.get(i)!);
      expect(new Set(offences.map(({ member }) => member))).to.deep.equal(new Set([LIAR]));
      const kinds = offences.map(({ kind, step }) => `${kind.tag}/${step}`).sort();
      // Keying by its sum, at once; its test share only with the second key; Check, CheckEach, Payout; Aggregate late.
      expect(kinds).to.deep.equal(['BadKeySum/0', ...[1, 3, 4, 5, 6].map((step) => `BadShare/${step}`)].sort());
      expect(tally.use(chain.ctx).store.rounds.get(1)!.accepted).to.deep.equal([0, 1, 2]);
    });
  });

  it('a round with public points, factors and claims is found to be right', async () => {
    const runtime = runtimeThat({ Registry: governed });
    const chain = new TestChain({ users: USERS, runtime });
    playStanding(chain);
    chain.finalizeAll();
    const { items, round }: RoundInfo = chain.round(1);
    expect(round.phase.tag).to.equal('Settled');
    const given = items.map(({ standing, factor }) => `${standing} ${factor}`);
    expect(given.sort()).to.deep.equal(['0 1', '0 1', '0 2', '6 2', '6 2']);
    const report = await auditOf(chain, runtime);
    expect(report.checks.filter(({ ok }) => !ok)).to.deep.equal([]);
  });

  it('two rounds, the second held against the first, in which three accounts are one holder, are found to be right', async () => {
    const runtime = runtimeThat({ Registry: governed });
    const chain = new TestChain({ users: USERS, runtime });
    playShared(chain);
    chain.finalizeAll();
    const { items, past, round }: RoundInfo = chain.round(2);
    expect([round.phase.tag, round.rule.past, past.length]).to.deep.equal(['Settled', [1], 1]);
    expect(new Set(items.map(({ holder }) => toHex(holder))).size).to.equal(3);
    const report = await auditOf(chain, runtime);
    expect(report.checks.filter(({ ok }) => !ok)).to.deep.equal([]);
  });

  describe('a dispute in the set-up of a term', () => {
    for (const kind of ['Digest', 'Deal'] as const) {
      it(`is settled as the audit finds it: a false ${kind}`, async () => {
        const chain = new TestChain({
          tamperSetup(post, member) {
            const { body } = post;
            if (member !== 0 || body.tag !== kind || post.attempt > 0) return post;
            if (body.tag === 'Digest') {
              const digests = body.value.digests.map((digest, i) => (i === 1 ? flipped(digest) : digest));
              return { ...post, body: { tag: 'Digest', value: { digests } } };
            }
            const deals = body.value.deals.map((deal, i) =>
              i === 0 ? { ...deal, sealed: flipped(deal.sealed) } : deal,
            );
            return { ...post, body: { tag: 'Deal', value: { deals } } };
          },
        });
        chain.runToActive();
        chain.finalizeAll();
        const report = await auditOf(chain);
        expect(report.checks.filter(({ ok }) => !ok)).to.deep.equal([]);
        expect(committee.use(chain.ctx).store.current.get()!.attempt).to.equal(1);
        expect(committee.use(chain.ctx).store.offences.get(0)!.kind.tag).to.equal(`Bad${kind}`);
      });
    }
  });

  describe('a round that does not go as planned is right all the same', () => {
    const never = 1_000;
    const disagreeing = (post: TallyPost, member: number): TallyPost => {
      const { body } = post;
      if (body.tag !== 'Payout' || member < 2) return post;
      const scores = otherFirst(body.value.scores, member);
      return { ...post, body: { ...body, value: { ...body.value, scores } } };
    };
    type Plan = [end: string, options: ChainOptions, spoil?: Parameters<typeof playRound>[1]];
    const plans: Record<string, Plan> = {
      'a silent member': ['Settled', { late: (_, member) => (member === 0 ? never : 0) }],
      'two members that are late': ['Settled', { late: (_, member) => Number(member > 1) }],
      'four parties of five refused': [
        'Failed',
        {},
        { anna: 'payload', bo: 'opened', cleo: 'payload', dan: 'payload' },
      ],
      'two members that disagree with all others': ['Failed', { tamper: disagreeing }],
      'a committee of seven': ['Settled', { paramsId: 'tacit-test-256-n7' }],
    };
    for (const [name, [end, options, spoil]] of Object.entries(plans)) {
      it(name, async () => {
        const chain = new TestChain({ users: USERS, ...options });
        playRound(chain, spoil);
        // Beyond the blocks in which late posts are still heard, and the round is forgotten.
        for (let i = 0; i < 10; i++) {
          chain.act();
          chain.block();
        }
        chain.finalizeAll();
        expect(chain.phase(1)).to.equal(end);
        const report = await auditOf(chain);
        expect(report.checks.filter(({ ok }) => !ok)).to.deep.equal([]);
      });
    }
  });

  it('follows validators with new keys into their set and their term', async () => {
    const chain = new TestChain({ users: [] });
    chain.runToActive();
    const { account } = chain.spec.genesis.session.validators[0]!;
    const pairs = { aura: keyOf('aura 0'), grandpa: grandpaKey(0, 1n), committee: keyOf('committee anew') };
    const keys = { aura: pairs.aura.publicKey, grandpa: pairs.grandpa.publicKey, committee: pairs.committee.publicKey };
    const text = proofText(chain.genesis, account, keys);
    const signatures = [
      sr25519Sign(pairs.aura, text),
      ed25519Sign(pairs.grandpa, text),
      sr25519Sign(pairs.committee, text),
    ];
    chain.call('validator 0', session.call.setKeys({ keys, proof: concatBytes(...signatures) }));
    const HANDOVER = 600;
    while (chain.head.header.number < HANDOVER) chain.block();
    chain.runToActive();
    const { current } = committee.use(chain.ctx).store;
    expect(current.get()).to.deep.include({ term: 2, phase: { tag: 'Active', value: undefined } });
    expect(current.get()!.members[0]!.status.tag).to.equal('Absent');
    chain.finalize(HANDOVER, [0, 1, 2]);
    const head = chain.head.header.number;
    chain.finalize(head, [0, 1, 2], { setId: 1n });
    expect((await auditOf(chain)).checks.filter(({ ok }) => !ok)).to.deep.equal([]);

    chain.finalize(head, [0, 1, 2]);
    expect(failureOf(await auditOf(chain), CHECK.justifications)).to.include({ block: head });
    chain.finalize(head, [0, 1, 2], { setId: 1n });
    const withoutHandover = chain.source((block) =>
      block.header.number === HANDOVER ? { ...block, justification: undefined } : block,
    );
    const skipped = failureOf(await auditOf(chain, undefined, withoutHandover), CHECK.justifications)!;
    expect(skipped.what).to.contain('hands over');
  });

  describe('finds a block that is none', () => {
    let chain: TestChain;
    const AT = 6;
    before(() => {
      chain = new TestChain({ users: ['anna', 'bo'] });
      const dest = { tag: 'Id' as const, value: keyOf('bo').publicKey };
      for (let i = 0; i < 11; i++) {
        chain.call('anna', balances.call.transferKeepAlive({ dest, value: BigInt(i + 1) }));
        chain.block();
      }
      chain.finalizeAll();
    });

    const changed = (at: number, change: (block: StoredBlock) => Partial<StoredBlock>) =>
      chain.source((block) => (block.header.number === at ? { ...block, ...change(block) } : block));
    /** A header with its rightful seal and hash: whoever only compares hashes believes it. */
    const resealed = (change: Partial<StoredBlock['header']>) =>
      changed(AT, ({ header }) => {
        const logs = header.digest.logs.filter(({ tag }) => tag !== 'Seal');
        const author = chain.spec.genesis.session.validators.findIndex((_, i) => i === (800_000_000 + AT) % 4);
        const made = sealHeader({ ...header, digest: { logs }, ...change }, keyOf(`aura ${author}`));
        return { header: made, hash: headerHash(made) };
      });

    it('not where there is none', async () => {
      expect(await auditOf(chain)).to.include({ ok: true });
    });

    it('with another state root', async () => {
      const report = await auditOf(chain, undefined, resealed({ stateRoot: new Uint8Array(32) }));
      expect(failures(report)).to.deep.equal([CHECK.execution]);
      const failure = failureOf(report, CHECK.execution)!;
      expect(failure).to.include({ block: AT, what: 'state root after re-execution' });
      expect(failure.found).to.equal(`0x${'00'.repeat(32)}`);
      expect(report.head.number).to.equal(AT - 1);
      expect(report.checks.find(({ id }) => id === CHECK.claims)).to.include({ ok: false });
    });

    it('with another body', async () => {
      const source = changed(AT, ({ body }) => ({ body: [body[0]!, flipped(body[1]!)] }));
      const failure = failureOf(await auditOf(chain, undefined, source), CHECK.headers)!;
      expect(failure).to.include({ block: AT });
      expect(failure.what).to.contain('extrinsics root');
    });

    it('sealed by somebody else', async () => {
      const source = changed(AT, ({ header }) => {
        const logs = header.digest.logs.filter(({ tag }) => tag !== 'Seal');
        const made = sealHeader({ ...header, digest: { logs } }, keyOf('mallory'));
        return { header: made, hash: headerHash(made) };
      });
      const report = await auditOf(chain, undefined, source);
      expect(failureOf(report, CHECK.seals)).to.include({ block: AT });
      // The next block does not follow it.
      expect(failureOf(report, CHECK.headers)).to.include({ block: AT + 1 });
    });

    it('whose justification has too few votes, or those of others, or is missing at the head', async () => {
      const few = chain.blocks[10]!;
      chain.finalize(10, [0, 1]);
      const tooFew = await auditOf(chain);
      chain.blocks[10] = few;
      expect(failures(tooFew)).to.deep.equal([CHECK.justifications]);
      expect(failureOf(tooFew, CHECK.justifications)).to.include({ block: 10 });

      const other = await auditOf(
        chain,
        undefined,
        changed(11, () => ({ justification: few.justification })),
      );
      expect(failureOf(other, CHECK.justifications)!.what).to.contain('block that the justification finalizes');

      const none = await auditOf(
        chain,
        undefined,
        changed(11, () => ({ justification: undefined })),
      );
      expect(failureOf(none, CHECK.justifications)!.what).to.contain('head has no justification');
    });

    it('of another chain, and refuses another genesis than the one wanted', async () => {
      const other = new TestChain({ users: ['anna'] });
      const report = await audit(chain.source(), { spec: other.spec, verifier });
      expect(failureOf(report, CHECK.headers)).to.include({ block: 0, expected: other.blocks[0]!.hash });
      const pinned = audit(chain.source(), { spec: chain.spec, verifier, genesis: other.blocks[0]!.hash });
      const error: { code?: string } = await pinned.then(
        () => ({}),
        (thrown) => thrown,
      );
      expect(error.code).to.equal('audit/other-genesis');
    });
  });

  describe('finds what all members, or the state machine itself, make wrong', () => {
    /** Applies `change` once, at the end of the first block in which `when` holds. */
    const once = (when: (ctx: Context) => boolean, change: (ctx: Context) => void) => {
      let done: number | undefined;
      return (ctx: Context): void => {
        // The same block is executed again by the audit.
        if ((done !== undefined && done !== ctx.block) || !when(ctx)) return;
        done = ctx.block;
        change(ctx);
      };
    };
    const phase =
      (...names: string[]) =>
      (ctx: Context): boolean =>
        names.includes(tally.use(ctx).store.rounds.get(1)?.phase.tag ?? '');
    const roundOf = (ctx: Context) => tally.use(ctx).store.rounds.get(1)!;
    const play = (chain: TestChain): void => playRound(chain);

    interface Case {
      readonly check: CheckId;
      readonly what: string;
      /** The block that is named, where it is the same in every run. */
      readonly block?: number;
      readonly hooks?: () => Record<string, (ctx: Context) => void>;
      readonly options?: ChainOptions;
      readonly play?: (chain: TestChain) => void;
    }
    const cases: Record<string, Case> = {
      'a digest nobody posted': {
        check: CHECK.setup,
        what: 'agreed digest of subset 2',
        hooks: () => ({
          Committee: once(
            (ctx) => committee.use(ctx).store.current.get()?.phase.tag === 'Active',
            (ctx) => committee.use(ctx).store.subsetDigests.mutate(1, 2, (digest) => flipped(digest!)),
          ),
        }),
        play: (chain) => chain.runToActive(),
      },
      'a public key that is not the sum': {
        check: CHECK.roundKeys,
        what: 'public key against the sum',
        hooks: () => ({
          Tally: once(phase('KeyCheck'), (ctx) => tally.use(ctx).store.publicKeys.mutate(1, (key) => flipped(key!, 0))),
        }),
        play(chain) {
          chain.runToActive();
          playUntil(chain, 'KeyCheck');
        },
      },
      'a beacon of somebody’s choice': {
        check: CHECK.sealed,
        what: 'beacon of the revealed secrets',
        hooks: () => ({
          Tally: once(phase('Check'), (ctx) =>
            tally.use(ctx).store.rounds.put(1, { ...roundOf(ctx), beacon: new Uint8Array(32) }),
          ),
        }),
      },
      'verdicts that all members agree on and nobody else finds': {
        check: CHECK.form,
        what: 'verdict on submission 0',
        options: {
          tamper(post) {
            const { body } = post;
            if (body.tag !== 'Check') return post;
            const verdicts = body.value.verdicts.slice();
            verdicts[0] = 5;
            return { ...post, body: { ...body, value: { ...body.value, verdicts } } };
          },
        },
      },
      'an aggregate that was not opened': {
        check: CHECK.openings,
        what: 'opened aggregate',
        hooks: () => ({
          Tally: once(phase('Payout'), (ctx) => tally.use(ctx).store.aggregates.mutate(1, (sum) => flipped(sum!, 0))),
        }),
      },
      'a liar that is not named': {
        check: CHECK.openings,
        what: 'members named',
        options: { tamper: lying },
        hooks: () => ({
          Tally: once(
            (ctx) => committee.use(ctx).store.offenceCount.get() > 0,
            (ctx) => committee.use(ctx).store.offenceCount.put(0),
          ),
        }),
        play(chain) {
          chain.runToActive();
          playUntil(chain, 'Open', 'Keying');
          chain.runToPhase(1, 'Open');
        },
      },
      'a ciphertext that nobody else evaluates, agreed on by all members': {
        check: CHECK.evaluation,
        what: 'score ciphertext of item 0',
        options: {
          tamper(post) {
            const { body } = post;
            if (body.tag !== 'Payout') return post;
            return { ...post, body: { ...body, value: { ...body.value, scores: otherFirst(body.value.scores) } } };
          },
        },
      },
      'counts that nobody else evaluates, agreed on by all members': {
        check: CHECK.evaluation,
        what: 'ciphertext of the counts',
        options: {
          tamper(post) {
            const { body } = post;
            if (body.tag !== 'Aggregate') return post;
            const ciphertexts = otherFirst(body.value.ciphertexts.toReversed()).toReversed();
            return { ...post, body: { ...body, value: { ...body.value, ciphertexts } } };
          },
        },
      },
      'a total of somebody’s choice': {
        check: CHECK.openings,
        what: 'total of the scores',
        hooks: () => ({
          Tally: once(phase('Payout'), (ctx) =>
            tally.use(ctx).store.totals.mutate(1, (total) => ({ ...total!, sum: total!.sum + 1n })),
          ),
        }),
      },
      'a rate of somebody’s choice': {
        check: CHECK.scores,
        what: 'rate',
        hooks: () => ({
          Tally: once(phase('Payout'), (ctx) =>
            tally.use(ctx).store.totals.mutate(1, (total) => ({ ...total!, rate: total!.rate - 1n })),
          ),
        }),
      },
      'public points of somebody’s choice': {
        check: CHECK.scores,
        what: 'public points of item 1 of round 1',
        hooks: () => ({
          Tally: once(phase('Reveal'), (ctx) =>
            tally.use(ctx).store.items.mutate(1, 1, (item) => ({ ...item!, standing: 7n })),
          ),
        }),
      },
      'a factor of somebody’s choice': {
        check: CHECK.scores,
        what: 'factor of item 0 of round 1',
        hooks: () => ({
          Tally: once(phase('Aggregate'), (ctx) =>
            tally.use(ctx).store.items.mutate(1, 0, (item) => ({ ...item!, factor: 2 })),
          ),
        }),
      },
      'points that change while a round is under way': {
        check: CHECK.scores,
        what: 'rule of round 1',
        hooks: () => ({
          Tally: once(phase('Check'), (ctx) => {
            const round = roundOf(ctx);
            const reporters = round.rule.reporters.map((one) => ({ ...one, points: one.points + 1n }));
            tally.use(ctx).store.rounds.put(1, { ...round, rule: { ...round.rule, reporters } });
          }),
        }),
      },
      'points that no data is worth': {
        check: CHECK.scores,
        what: 'its data are worth 6 at most',
        hooks: () => ({
          Registry: governed,
          // The terms are changed for the one block in which the evidence is counted.
          Tally: (ctx) => {
            const { rounds } = royalty.use(ctx).store;
            const found = rounds.get(1);
            const curation = found?.terms.curation;
            if (found === undefined || curation === undefined) return;
            const points = ctx.block % 2 === 0 ? 1_000n : 2n;
            rounds.put(1, { ...found, terms: { ...found.terms, curation: { ...curation, points } } });
          },
        }),
        play: playStanding,
      },
      'an item that becomes another’s': {
        check: CHECK.scores,
        what: 'holder of item 1',
        hooks: () => ({
          Tally: once(phase('Reveal'), (ctx) =>
            tally.use(ctx).store.items.mutate(1, 1, (item) => ({ ...item!, holder: flipped(item!.holder) })),
          ),
        }),
      },
      'an item of a holder whom no claim names': {
        check: CHECK.scores,
        what: 'no claim of its names it',
        hooks: () => ({
          Registry: governed,
          Tally: once(
            (ctx) => phase('Open')(ctx) && tally.use(ctx).store.items.has(1, 0),
            (ctx) => tally.use(ctx).store.items.mutate(1, 0, (item) => ({ ...item!, holder: item!.account })),
          ),
        }),
        play: playShared,
      },
      'a round that is held against itself': {
        check: CHECK.scores,
        what: 'round 1 is held against round 1, which is not its past',
        hooks: () => ({
          Tally: once(
            (ctx) => tally.use(ctx).store.rounds.has(1),
            (ctx) => {
              const round = roundOf(ctx);
              tally.use(ctx).store.rounds.put(1, { ...round, rule: { ...round.rule, past: [1], discount: 50 } });
            },
          ),
        }),
        play(chain) {
          chain.runToActive();
          playUntil(chain, 'Open');
        },
      },
      'a round of sketches that is held against one without': {
        check: CHECK.scores,
        what: 'round 2 is held against round 1, which is not its past',
        hooks: () => ({
          Registry: governed,
          Tally: once(
            (ctx) => tally.use(ctx).store.rounds.has(2),
            (ctx) =>
              tally.use(ctx).store.rounds.mutate(2, (found) => {
                const round = found!;
                const sketch = { coordinates: 25_000_000, seed: new Uint8Array(32) };
                return { ...round, rule: { ...round.rule, sketch } };
              }),
          ),
        }),
        play: playShared,
      },
      'a past that is not what was opened': {
        check: CHECK.scores,
        what: 'aggregate of round 1, which is past',
        hooks: () => ({
          Registry: governed,
          Tally: once(
            (ctx) => tally.use(ctx).store.rounds.get(2)?.phase.tag === 'Open',
            (ctx) => tally.use(ctx).store.aggregates.mutate(1, (sum) => flipped(sum!, 0)),
          ),
        }),
        play: playShared,
      },
      'dust that goes back to the wrong model': {
        check: CHECK.scores,
        what: 'what the pool of model 0 gained',
        hooks: () => ({
          Royalty: once(
            (ctx) => ['Settled', 'Refunded'].includes(royalty.use(ctx).store.rounds.get(1)?.state.tag ?? ''),
            (ctx) => {
              const { pools } = royalty.use(ctx).store;
              pools.mutate(0n, (pool) => pool - 1n);
              pools.mutate(1n, (pool) => pool + 1n);
            },
          ),
        }),
      },
      'a price of somebody’s choice': {
        check: CHECK.scores,
        what: 'sum that is owed for the aggregate',
        hooks: () => ({
          Royalty: once(
            (ctx) => royalty.use(ctx).store.rounds.get(1)?.state.tag === 'Settled',
            (ctx) => royalty.use(ctx).store.rounds.mutate(1, (round) => ({ ...round!, shared: round!.shared + 1n })),
          ),
        }),
      },
      'something owed to who earned nothing': {
        check: CHECK.scores,
        what: 'may collect more',
        hooks: () => ({
          Royalty: once(
            (ctx) => royalty.use(ctx).store.rounds.get(1)?.state.tag === 'Settled',
            (ctx) => royalty.use(ctx).store.owed.put(keyOf('owner').publicKey, 5n),
          ),
        }),
      },
      'swapped notes': {
        check: CHECK.notes,
        what: 'key of note 0 of round 1',
        hooks: () => ({
          Royalty: once(
            (ctx) => notes.use(ctx).store.notes.get(0, 0).length > 1,
            (ctx) =>
              notes.use(ctx).store.notes.mutate(0, 0, ([first, second, ...others]) => [second!, first!, ...others]),
          ),
        }),
      },
      'a note that is nobody’s': {
        check: CHECK.claims,
        what: 'notes of class 0',
        hooks: () => ({
          Royalty: once(
            (ctx) => notes.use(ctx).store.classes.get().length > 0,
            (ctx) => {
              const { store } = notes.use(ctx);
              store.notes.mutate(0, 0, (listed) => [...listed, listed[0]!]);
              store.classes.mutate(([known]) => [{ ...known!, notes: known!.notes + 1 }]);
            },
          ),
        }),
      },
      'a note that is missing': {
        check: CHECK.notes,
        what: 'key of note 4 of round 1',
        hooks: () => ({
          Royalty: once(
            (ctx) => notes.use(ctx).store.notes.get(0, 0).length > 1,
            (ctx) => notes.use(ctx).store.notes.mutate(0, 0, (listed) => listed.slice(0, -1)),
          ),
        }),
      },
      'a round whose notes are said to be elsewhere': {
        check: CHECK.notes,
        what: 'number of the first note of round 1',
        hooks: () => ({
          Royalty: once(
            (ctx) => royalty.use(ctx).store.rounds.get(1)?.notes !== undefined,
            (ctx) => royalty.use(ctx).store.rounds.mutate(1, (round) => ({ ...round!, notes: { class: 0, first: 1 } })),
          ),
        }),
      },
      ...Object.fromEntries(
        (
          [
            ['another root', 'root of bin 0 of class 0', (bin) => ({ ...bin, root: flipped(bin.root) })],
            ['another largest amount', 'largest of bin 0', (bin) => ({ ...bin, largest: bin.largest * 10n })],
            ['too few notes', 'count of bin 0', (bin) => ({ ...bin, count: bin.count - 1 })],
            ['another number of digits', 'digits of bin 0', (bin) => ({ ...bin, digits: 5 })],
          ] satisfies [string, string, (bin: BinRecord) => BinRecord][]
        ).map(([name, what, change]): [string, Case] => [
          `a bin with ${name}`,
          {
            check: CHECK.claims,
            what,
            hooks: () => ({
              Notes: once(
                (ctx) => notes.use(ctx).store.bins.has(0, 0),
                (ctx) => notes.use(ctx).store.bins.mutate(0, 0, (bin) => change(bin!)),
              ),
            }),
          },
        ]),
      ),
      'a bin that is not closed when it is due': {
        check: CHECK.claims,
        what: 'first of bin 0 of class 0',
        hooks: () => ({
          // Its first note is always one of this block.
          Royalty: (ctx) =>
            notes
              .use(ctx)
              .store.classes.mutate((classes) =>
                classes.map((known) => ({ ...known, open: { ...known.open, since: ctx.block } })),
              ),
        }),
      },
      'a bin that is closed too early': {
        check: CHECK.claims,
        what: 'bins of class 0',
        hooks: () => ({
          Royalty: (ctx) =>
            notes
              .use(ctx)
              .store.classes.mutate((classes) =>
                classes.map((known) => ({ ...known, open: { ...known.open, since: 1 } })),
              ),
        }),
      },
      'a class that brought in more than its round': {
        check: CHECK.claims,
        what: 'brought of class 0',
        hooks: () => ({
          Notes: once(
            (ctx) => notes.use(ctx).store.bins.has(0, 0),
            (ctx) => notes.use(ctx).store.classes.mutate(([known]) => [{ ...known!, brought: known!.brought + 1n }]),
          ),
        }),
      },
      'an escrow of notes that paid a stranger': {
        check: CHECK.claims,
        what: 'are hidden in notes',
        hooks: () => ({
          Notes: once(
            (ctx) => notes.use(ctx).store.bins.has(0, 0),
            (ctx) => transfer(ctx, NOTES_ESCROW, keyOf('anna').publicKey, 1n, 'allowDeath'),
          ),
        }),
      },
      'a note that is claimed twice': {
        check: CHECK.claims,
        what: 'is spent twice',
        hooks: () => {
          let seen = 0;
          return {
            // The block after the claim forgets it.
            Notes: (ctx) => {
              const { store } = notes.use(ctx);
              if (store.claimCount.get() === seen) store.tags.clear();
              seen = store.claimCount.get();
            },
          };
        },
        play(chain) {
          playRound(chain);
          for (const to of ['fresh', 'fresh again']) {
            chain.unsigned(claimOf(chain, 'anna', 0, { destination: keyOf(to).publicKey, amount: 20_000n }));
            chain.block();
            chain.block();
          }
        },
      },
      'a claim that is not told': {
        check: CHECK.claims,
        what: 'class of claim 0',
        hooks: () => ({
          Notes: (ctx) => notes.use(ctx).store.claims.mutate(0, (listed) => listed.slice(1)),
        }),
        play(chain) {
          playRound(chain);
          chain.unsigned(claimOf(chain, 'anna', 0, { amount: 20_000n }));
          chain.block();
        },
      },
      'money out of nothing': {
        check: CHECK.money,
        what: 'sum of all accounts',
        hooks: () => ({
          System: once(
            (ctx) => ctx.block === 2,
            (ctx) =>
              system.use(ctx).store.account.mutate(keyOf('anna').publicKey, (account) => {
                return { ...account, data: { ...account.data, free: account.data.free + 1n } };
              }),
          ),
        }),
        play(chain) {
          for (let i = 0; i < 3; i++) chain.block();
        },
      },
      'money that no rule issues': {
        check: CHECK.money,
        what: 'minted against what the issuance tells',
        block: 2,
        hooks: () => ({
          Balances: once(
            (ctx) => ctx.block === 2,
            (ctx) => mint(ctx, keyOf('anna').publicKey, 7n),
          ),
        }),
        play(chain) {
          for (let i = 0; i < 3; i++) chain.block();
        },
      },
      'an issuance that is counted too low': {
        check: CHECK.money,
        what: 'minted against what the issuance counts',
        block: 2,
        hooks: () => ({
          Royalty: once(
            (ctx) => ctx.block === 2,
            (ctx) => royalty.use(ctx).store.issuance.mutate((now) => ({ ...now, issued: now.issued + 5n })),
          ),
        }),
        play(chain) {
          for (let i = 0; i < 3; i++) chain.block();
        },
      },
      'an escrow that was emptied': {
        check: CHECK.money,
        what: 'are backed by',
        hooks: () => ({
          Royalty: once(phase('Keying'), (ctx) => royalty.use(ctx).store.pools.mutate(0n, (pool) => pool + 1n)),
        }),
        play(chain) {
          chain.runToActive();
          playUntil(chain, 'Keying');
        },
      },
      'an escrow that paid a stranger': {
        check: CHECK.money,
        what: 'are backed by',
        hooks: () => ({
          Royalty: once(phase('Keying'), (ctx) => transfer(ctx, ESCROW, keyOf('anna').publicKey, 1n, 'allowDeath')),
        }),
        play(chain) {
          chain.runToActive();
          playUntil(chain, 'Keying');
        },
      },
      'a bond that is forgotten': {
        check: CHECK.money,
        what: 'deposits of 0 of',
        block: 2,
        hooks: () => ({
          Session: once(
            (ctx) => ctx.block === 2,
            (ctx) => session.use(ctx).store.bonds.remove(keyOf('validator 0').publicKey),
          ),
        }),
        play: (chain) => chain.runToActive(),
      },
      'a deposit that nobody holds': {
        check: CHECK.money,
        what: 'are backed by 1 reserved',
        block: 3,
        hooks: () => ({
          Tally: once(
            (ctx) => ctx.block === 3,
            (ctx) => reserve(ctx, keyOf('anna').publicKey, 1n),
          ),
        }),
        play: (chain) => chain.runToActive(),
      },
      'a deposit that cannot be told': {
        check: CHECK.money,
        what: 'deposits of Royalty cannot be told',
        block: 2,
        hooks: () => ({
          Royalty: once(
            (ctx) => ctx.block === 2,
            (ctx) => royalty.use(ctx).store.live.put([7]),
          ),
        }),
        play(chain) {
          for (let i = 0; i < 3; i++) chain.block();
        },
      },
      'a state in which something does not hold that its pallet says': {
        check: CHECK.state,
        what: 'is frozen, which nothing does here (held in block',
        hooks: () => ({
          System: once(
            (ctx) => ctx.block === 3,
            (ctx) =>
              system.use(ctx).store.account.mutate(keyOf('anna').publicKey, (account) => {
                return { ...account, data: { ...account.data, frozen: 1n } };
              }),
          ),
        }),
        play(chain) {
          for (let i = 0; i < 4; i++) chain.block();
        },
      },
    };

    for (const [name, { check, what, block, hooks, options, play: playIt = play }] of Object.entries(cases)) {
      it(name, async () => {
        const runtime = hooks && runtimeThat(hooks());
        const chain = new TestChain({ users: USERS, ...options, ...(runtime && { runtime }) });
        playIt(chain);
        chain.finalizeAll();
        const report = await auditOf(chain, runtime);
        expect(failures(report), JSON.stringify(report.checks, null, 1)).to.include(check);
        expect(failureOf(report, check)!.what).to.contain(what);
        if (block !== undefined) expect(failureOf(report, check)!.block).to.equal(block);
        if (runtime === undefined) return;
        // The product's own state machine does not even get the same state.
        const true_ = await auditOf(chain);
        expect(failures(true_)).to.include(CHECK.execution);
        expect(failureOf(true_, CHECK.execution)!.what).to.contain('state root');
      });
    }
  });
});

/** A round that is begun and comes as far as one of the phases. */
function playUntil(chain: TestChain, ...phases: string[]): void {
  beginRound(chain);
  chain.runToPhase(1, ...phases);
}
