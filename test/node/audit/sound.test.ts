import { expect } from 'chai';
import type { AuditReport } from '../../../node/audit/audit.ts';
import { CHECK, CHECKS } from '../../../node/audit/book.ts';
import { callsOf } from '../../../node/audit/replay.ts';
import { SealedShelf } from '../../../node/audit/sealed.ts';
import { balances } from '../../../pallets/balances/index.ts';
import { committee } from '../../../pallets/committee/index.ts';
import { proofText, session } from '../../../pallets/session/index.ts';
import { openedPart, type RoundInfo, tally, type TallyPost } from '../../../pallets/tally/index.ts';
import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { ed25519Sign, sr25519Sign } from '../../../primitives/crypto/signature.ts';
import { runtime as productRuntime } from '../../../runtime/index.ts';
import { type ChainOptions, grandpaKey, keyOf, runtimeThat, TestChain } from './chain.ts';
import { auditor, failureOf, flipped, isLate, LIAR, lying, otherFirst } from './findings.ts';
import { expectFlipsFound } from './flips.ts';
import { claimOf, governed, PARTIES, playRound, playShared, playStanding, USERS } from './round.ts';

describe('node/audit: sound chains', function () {
  this.timeout(600_000);
  const { auditOf, verifier } = auditor();

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
    const { items, round }: RoundInfo = chain.round(2);
    const past = openedPart(chain.ctx, 2, 0)?.past;
    expect([round.phase.tag, round.rule.past, past?.length]).to.deep.equal(['Settled', [1], 1]);
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
});
