import { expect } from 'chai';
import { balances, freeOf, totalIssuance } from '../../pallets/balances/index.ts';
import { committee } from '../../pallets/committee/index.ts';
import { grandpa } from '../../pallets/grandpa/index.ts';
import { notes } from '../../pallets/notes/index.ts';
import { royalty } from '../../pallets/royalty/index.ts';
import { tally } from '../../pallets/tally/index.ts';
import { slotClaim } from '../../pallets/aura/index.ts';
import {
  constant,
  definePallet,
  ensure,
  type EventRecord,
  fromLatin1,
  type RuntimeCall,
  storagePrefix,
} from '../../pallets/support/index.ts';
import { genesisHash, system } from '../../pallets/system/index.ts';
import { MAX_EXTRINSIC_LENGTH } from '../../pallets/system/limits.ts';
import { timestamp } from '../../pallets/timestamp/index.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { u8, u32 } from '../../primitives/scale/index.ts';
import { encodeBare, makeRuntime, runtime } from '../../runtime/index.ts';
import { dev, TestChain } from './chain.ts';

const alice = dev('Alice');
const bob = dev('Bob');
const eve = dev('Eve');
const to = (pair: typeof alice) => ({ tag: 'Id' as const, value: pair.publicKey });
const pay = (value: bigint, whom = bob) => balances.call.transferKeepAlive({ dest: to(whom), value });
const names = (events: readonly EventRecord[]) => events.map(({ pallet, name }) => `${pallet}.${name}`);
const batch = (calls: RuntimeCall[]): RuntimeCall => ({ tag: 'Utility', value: { tag: 'batch', value: { calls } } });
const code = (wanted: string) => (error: unknown) => isTacitError(error, wanted);

describe('runtime: the executive', () => {
  it('executes a signed transfer: fee to the author, events where clients look for them', () => {
    const chain = new TestChain();
    const before = freeOf(chain.ctx(), bob.publicKey);
    const issued = totalIssuance(chain.ctx());
    const extrinsic = chain.signed(eve, pay(5_000n), 0, { tip: 9n });
    const { outcomes, events } = chain.block([extrinsic]);
    expect(outcomes).to.deep.equal(['ok']);
    expect(names(events)).to.deep.equal([
      'System.ExtrinsicSuccess',
      'Balances.Withdraw',
      'Balances.Transfer',
      'TransactionPayment.TransactionFeePaid',
      'System.ExtrinsicSuccess',
      'Balances.Deposit',
    ]);
    const paid = events.find(({ name }) => name === 'TransactionFeePaid')?.data as { actualFee: bigint; tip: bigint };
    expect(paid.tip).to.equal(9n);
    expect(freeOf(chain.ctx(), bob.publicKey)).to.equal(before + 5_000n);
    expect(freeOf(chain.ctx(), eve.publicKey)).to.equal(10n ** 12n - 5_000n - paid.actualFee);
    // The only author of the development chain is Alice.
    expect(events.at(-1)?.data).to.deep.equal({ who: alice.publicKey, amount: paid.actualFee });
    expect(totalIssuance(chain.ctx())).to.equal(issued);
  });

  it('a failing call stays in the block and changes nothing but fee and nonce', () => {
    const chain = new TestChain();
    chain.block();
    const before = chain.snapshot();
    const { outcomes, events } = chain.block([chain.signed(eve, pay(10n ** 15n), 0)]);
    expect(outcomes).to.deep.equal(['ok']);
    const failed = events.find(({ name }) => name === 'ExtrinsicFailed')?.data as {
      dispatchError: Parameters<typeof runtime.composition.errorName>[0];
    };
    expect(runtime.composition.errorName(failed.dispatchError)).to.equal('Balances.InsufficientBalance');
    const { store } = system.use(chain.ctx());
    expect(store.account.get(eve.publicKey).nonce).to.equal(1);
    const accounts = Buffer.from(fromLatin1(storagePrefix('System', 'Account'))).toString('hex');
    const after = chain.snapshot();
    const changed = [...after].filter(([key, value]) => before.get(key) !== value).map(([key]) => key);
    expect(changed.filter((key) => key.startsWith(accounts))).to.have.length(2);
    const others = ['System', 'Timestamp', 'Aura'].flatMap((pallet) =>
      Buffer.from(fromLatin1(storagePrefix(pallet, 'x')))
        .toString('hex')
        .slice(0, 32),
    );
    for (const key of changed)
      expect(
        others.some((prefix) => key.startsWith(prefix)),
        key,
      ).to.equal(true);
  });

  it('refuses a signer for what is free: nobody fills blocks with calls that fail at no cost, ahead of all others', () => {
    const chain = new TestChain();
    const nobody = dev('Nobody');
    const body = { tag: 'Reveal' as const, value: { secrets: [] } };
    const post = { term: 1, round: 1, attempt: 0, member: 0, body };
    const free = {
      'a post of a round': tally.call.post({ post, signature: new Uint8Array(64) }),
      'a post of the set-up': committee.call.post({
        post: { term: 1, attempt: 0, member: 0, body: { tag: 'Late', value: { holds: true } } },
        signature: new Uint8Array(64),
      }),
      'a claim': notes.call.claim({
        class: 0,
        bin: 0,
        amount: 1n,
        outputs: [],
        destination: nobody.publicKey,
        proof: new Uint8Array(0),
      }),
    };
    for (const [what, call] of Object.entries(free)) {
      for (const signer of [nobody, eve]) {
        const extrinsic = chain.signed(signer, call, 0);
        expect(chain.begin().apply(extrinsic), what).to.deep.equal({ invalid: { tag: 'Call' } });
        expect(chain.runtime.tasks(chain.state, chain.hash, extrinsic), what).to.deep.equal([]);
      }
      // Within a batch, whose fee covers them, they fail as before.
      const { outcomes, events } = chain.block([chain.signed(eve, batch([call]), chain.number)]);
      expect(outcomes).to.deep.equal(['ok']);
      expect(names(events)).to.include('Utility.BatchInterrupted').and.include('TransactionPayment.TransactionFeePaid');
    }
  });

  it('a signer buys no place before the posts of the committee, by class or by tip', () => {
    const chain = new TestChain();
    const vote = [{ targetHash: new Uint8Array(32), targetNumber: 1 }, new Uint8Array(64)] as [
      { targetHash: Uint8Array; targetNumber: number },
      Uint8Array,
    ];
    const value = { roundNumber: 1n, identity: new Uint8Array(32), first: vote, second: vote };
    const proof = { setId: 0n, equivocation: { tag: 'Prevote' as const, value } };
    const report = chain.signed(eve, grandpa.call.reportEquivocation({ proof }), 0, { tip: 10n ** 11n });
    const judged = chain.runtime.validate(chain.state, chain.hash, 'external', report, chain.host);
    expect('valid' in judged && judged.valid.priority < 1n << 62n).to.equal(true);
    const run = chain.begin();
    for (const each of run.inherents((chain.slot + 1n) * 2000n + 7n)) run.apply(each);
    expect(run.apply(report)).to.equal('ok');
    run.finish();
    const weights = system.use(run.ctx).store.blockWeight.get();
    expect([weights.operational.refTime, weights.normal.refTime > 0n]).to.deep.equal([0n, true]);
  });

  it('what is tried for nothing is light', () => {
    const chain = new TestChain();
    const attempt = (call: RuntimeCall): Uint8Array =>
      chain.runtime.call(
        chain.state,
        chain.hash,
        'BlockBuilder_apply_extrinsic',
        chain.signed(eve, call, 0),
        chain.host,
      );
    expect([...attempt(pay(5_000n))]).to.deep.equal([0, 0]);
    const heavy = Array.from({ length: 30 }, () => royalty.call.enrol({ round: 1, enrolment: new Uint8Array(1) }));
    expect(
      chain.runtime.validate(chain.state, chain.hash, 'external', chain.signed(eve, batch(heavy), 0), chain.host),
    ).to.have.property('valid');
    // Err(Invalid(ExhaustsResources))
    expect([...attempt(batch(heavy))]).to.deep.equal([1, 0, 6]);
  });

  it('an outdated nonce is not worth a signature check', () => {
    const chain = new TestChain();
    const first = chain.signed(eve, pay(5_000n), 0);
    expect(chain.runtime.tasks(chain.state, chain.hash, first)).to.have.length(1);
    chain.block([first]);
    expect(chain.runtime.tasks(chain.state, chain.hash, first)).to.deep.equal([]);
  });

  it('refuses what can be in no block, and changes nothing', () => {
    const chain = new TestChain();
    const good = chain.signed(eve, pay(5_000n), 0);
    const forged = good.slice();
    forged[60]! ^= 1;
    const poor = dev('Nobody');
    const cases: [string, Uint8Array, unknown][] = [
      ['a forged signature', forged, { invalid: { tag: 'BadProof' } }],
      ['a nonce to come', chain.signed(eve, pay(5_000n), 3), { invalid: { tag: 'Future' } }],
      ['a signer without money', chain.signed(poor, pay(5_000n), 0), { invalid: { tag: 'Payment' } }],
      [
        'a tip beyond its means',
        chain.signed(eve, pay(5_000n), 0, { tip: 10n ** 13n }),
        { invalid: { tag: 'Payment' } },
      ],
      [
        'an era whose block is unknown',
        chain.signed(eve, pay(5_000n), 0, { era: { period: 64, phase: 40 } }),
        { invalid: { tag: 'AncientBirthBlock' } },
      ],
      [
        'a wrong birth hash',
        chain.signed(eve, pay(5_000n), 0, { era: { period: 64, phase: 0 }, birthHash: new Uint8Array(32) }),
        { invalid: { tag: 'BadProof' } },
      ],
      [
        'a second inherent',
        encodeBare(runtime.callTy, timestamp.call.set({ now: 2_002_001n })),
        { invalid: { tag: 'BadMandatory' } },
      ],
      ['an unsigned transfer', encodeBare(runtime.callTy, pay(1n)), { unknown: { tag: 'NoUnsignedValidator' } }],
      ['garbage', new Uint8Array(40).fill(7), { invalid: { tag: 'Call' } }],
      ['nothing', new Uint8Array(), { invalid: { tag: 'Call' } }],
      ['a cut extrinsic', good.slice(0, -1), { invalid: { tag: 'Call' } }],
      ['a longer one', Uint8Array.from([...good, 0]), { invalid: { tag: 'Call' } }],
      ['an oversized one', new Uint8Array(MAX_EXTRINSIC_LENGTH + 1), { invalid: { tag: 'ExhaustsResources' } }],
      [
        'a signed inherent',
        chain.signed(eve, timestamp.call.set({ now: 1n }), 0),
        { invalid: { tag: 'BadMandatory' } },
      ],
    ];
    const run = chain.begin();
    for (const inherent of run.inherents(0n)) run.apply(inherent);
    const before = new Map(run.ctx.changes());
    for (const [what, extrinsic, expected] of cases) {
      expect(run.apply(extrinsic), what).to.deep.equal(expected);
      expect(new Map(run.ctx.changes()), what).to.deep.equal(before);
    }
    expect(run.apply(good)).to.equal('ok');
    expect(run.apply(good), 'a replay').to.deep.equal({ invalid: { tag: 'Stale' } });
  });

  it('mortal extrinsics hold for their period and no longer', () => {
    const chain = new TestChain();
    for (let i = 0; i < 5; i++) chain.block();
    const birthHash = chain.hash;
    const era = { period: 4, phase: 1 };
    expect(chain.number % 4).to.equal(1);
    const mortal = (nonce: number) => chain.signed(eve, pay(5_000n), nonce, { era, birthHash });
    expect(chain.block([mortal(0)]).outcomes).to.deep.equal(['ok']);
    chain.block();
    expect(chain.block([mortal(1)]).outcomes).to.deep.equal(['ok']);
    // Block 9 would be the first of the next period, whose hash nobody can have signed; later ones have another first block.
    expect(chain.block([mortal(2)]).outcomes).to.deep.equal([{ invalid: { tag: 'AncientBirthBlock' } }]);
    expect(chain.block([mortal(2)]).outcomes).to.deep.equal([{ invalid: { tag: 'BadProof' } }]);
  });

  it('a block begins in a later slot, and sets its time within it', () => {
    const chain = new TestChain();
    chain.block();
    expect(() => chain.begin([slotClaim(chain.slot)]))
      .to.throw()
      .that.satisfies(code('aura/slot-not-increasing'));
    expect(() => chain.begin([]))
      .to.throw()
      .that.satisfies(code('aura/no-slot'));
    expect(() => chain.begin([slotClaim(2_000n), slotClaim(2_001n)]))
      .to.throw()
      .that.satisfies(code('aura/no-slot'));
    const late = encodeBare(runtime.callTy, timestamp.call.set({ now: (chain.slot + 2n) * 2000n }));
    expect(chain.begin().apply(late)).to.deep.equal({ invalid: { tag: 'BadMandatory' } });
    expect(() => chain.begin().finish())
      .to.throw()
      .that.satisfies(code('timestamp/not-set'));
    const run = chain.begin();
    const [inherent] = run.inherents(0n);
    expect(run.apply(inherent!)).to.equal('ok');
    expect(run.apply(inherent!), 'set twice').to.deep.equal({ invalid: { tag: 'BadMandatory' } });
  });

  it('inherents stand at the head of a block', () => {
    const chain = new TestChain();
    const run = chain.begin();
    const [inherent] = run.inherents(0n);
    expect(run.apply(chain.signed(eve, pay(5_000n), 0))).to.equal('ok');
    expect(run.apply(inherent!)).to.deep.equal({ invalid: { tag: 'BadMandatory' } });
  });

  it('leaves room for operational calls, and says when a block is full', () => {
    const chain = new TestChain();
    const run = chain.begin();
    for (const inherent of run.inherents(0n)) run.apply(inherent);
    const large = (nonce: number) =>
      chain.signed(eve, system.call.remark({ remark: new Uint8Array(1_000_000) }), nonce);
    const outcomes = [0, 1, 2, 3].map((nonce) => run.apply(large(nonce)));
    expect(outcomes).to.deep.equal(['ok', 'ok', 'ok', 'exhausted']);
    expect(run.apply(chain.signed(bob, pay(5_000n, eve), 0)), 'a small one still fits').to.equal('ok');
    run.finish();
    expect(() => run.apply(large(3)))
      .to.throw()
      .that.satisfies(code('runtime/finished'));
  });

  it('charges a few TAC for a megabyte', () => {
    const chain = new TestChain();
    const { events } = chain.block([chain.signed(eve, system.call.remark({ remark: new Uint8Array(1_000_000) }), 0)]);
    const paid = events.find(({ name }) => name === 'TransactionFeePaid')?.data as { actualFee: bigint };
    expect(Number(paid.actualFee) / 1e6).to.be.within(2, 5);
  });

  it('knows its genesis hash from the first block on, and keeps the hashes that eras need', () => {
    const chain = new TestChain();
    const [zero] = [chain.hash];
    chain.block();
    const one = chain.hash;
    chain.block();
    expect(genesisHash(chain.ctx())).to.deep.equal(zero);
    expect(system.use(chain.ctx()).store.blockHash.get(1)).to.deep.equal(one);
  });

  it('an exception of ours puts the extrinsic into no block, and is told to the host', () => {
    const faulty = definePallet({
      name: 'Faulty',
      index: 90,
      docs: 'It fails in three ways.',
      constants: { Zero: constant(u32, 0, 'Nothing.') },
      storage: {},
      errors: { Meant: 'Meant.' },
      calls: {
        crash: {
          index: 0,
          docs: 'Fail.',
          args: { how: u8 },
          weight: () => 0n,
          run({ origin, errors }, { how }) {
            origin.signed();
            ensure(how !== 0, errors.Meant);
            if (how === 1) throw new TacitError('some/primitive', 'refuses the bytes');
            throw new TypeError('a fault of ours');
          },
        },
      },
    });
    const faultyRuntime = makeRuntime(
      [...runtime.composition.pallets.filter(({ name }) => name !== 'Utility'), faulty],
      {
        specName: 'tacit',
        implName: 'tacit-ts',
        specVersion: 1,
        transactionVersion: 1,
      },
    );
    const chain = new TestChain(undefined, faultyRuntime);
    const told: unknown[] = [];
    chain.host.report = (error) => told.push(error);
    const crash = (how: number, nonce: number) => chain.signed(eve, faulty.call.crash({ how }), nonce);
    const { outcomes, events } = chain.block([
      crash(0, 0),
      crash(1, 1),
      crash(2, 2),
      chain.signed(eve, pay(5_000n), 2),
    ]);
    expect(outcomes).to.deep.equal(['ok', 'ok', { invalid: { tag: 'Custom', value: 255 } }, 'ok']);
    expect(told).to.have.length(1);
    expect(names(events).filter((name) => name === 'System.ExtrinsicFailed')).to.have.length(2);
  });

  it('executes a thousand transfers of one account in one block, in order', () => {
    const chain = new TestChain();
    chain.host.verify = () => true;
    const count = 1000;
    // The host takes any signature: zeros will do.
    const signer = { publicKey: eve.publicKey, sign: () => new Uint8Array(64) } as unknown as typeof eve;
    const extrinsics = Array.from({ length: count }, (_, nonce) => chain.signed(signer, pay(5_000n), nonce));
    const { outcomes } = chain.block(extrinsics);
    expect(outcomes.every((outcome) => outcome === 'ok')).to.equal(true);
  });
});
