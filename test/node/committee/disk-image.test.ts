/** Forward secrecy (specification §2.1): what members' disks hold once a round is over opens nothing of it, though all of them are taken together. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { agreedKeys, type TermInfo } from '../../../node/committee/setup.ts';
import { type Sealer, Vault, type VaultContents } from '../../../node/committee/vault.ts';
import { committee } from '../../../pallets/committee/index.ts';
import { genesisHash } from '../../../pallets/system/index.ts';
import { findRound } from '../../../pallets/tally/index.ts';
import { at, present } from '../../../primitives/at.ts';
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import { decodeScalar } from '../../../primitives/crypto/ristretto.ts';
import { boxPublicKey, ratchet } from '../../../primitives/fhe/keys.ts';
import { combineOpening, openingShare } from '../../../primitives/fhe/open.ts';
import { subsetsWith } from '../../../primitives/fhe/params.ts';
import { ciphertextHash } from '../../../primitives/fhe/wire.ts';
import { ciphertextOf, openSealed } from '../../../primitives/linear/member.ts';
import { laneSpecOf } from '../../../primitives/round/index.ts';
import {
  account,
  beginRound,
  contextOfRound,
  contribute,
  keysOfRound,
  phaseOf,
  publish,
  roundInfoOf,
  TestCommittee,
  testChain,
} from '../../support/committee.ts';

const NAMES = ['anna', 'bo', 'cleo'];
/** A key from before: so many rounds ahead an attacker derives. */
const AHEAD = 3;

/** With all key files and passphrases a vault is what it holds. */
const PLAIN: Sealer = { seal: (bytes) => bytes, open: (bytes) => bytes };

/** Every file of a member, its vault and whatever lies beside it. */
type Image = readonly string[];

function imageOf(vault: string): Image {
  const folder = dirname(vault);
  const own = readdirSync(folder).filter((name) => name.startsWith(basename(vault)));
  return own.map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** Whatever in an image may be a key. */
function candidatesIn(images: readonly Image[]): Uint8Array[] {
  const found = images.flat().flatMap((text) => text.match(/0x[0-9a-f]{64}/g) ?? []);
  return [...new Set(found)].map(fromHex);
}

/** What a candidate is, or gives: a round's key, or the head of a chain. */
function keysFrom(candidate: Uint8Array, round: number): Uint8Array[] {
  const keys = [candidate];
  let head = candidate;
  for (let i = 0; i < AHEAD; i++) {
    keys.push(ratchet(head, round).roundKey);
    head = ratchet(head, 0).next;
  }
  return keys;
}

describe('node/committee: the disks of members once a round is over', function () {
  this.timeout(120_000);
  const members = new TestCommittee(testChain({ accounts: NAMES }));
  const { test } = members;
  const { params } = test;
  const updates = new Map<string, Int8Array[]>();
  let id: number;
  let info: ReturnType<typeof roundInfoOf>;
  let first: VaultContents['chain'];
  let dealt: VaultContents['setup'];
  let [kept, left]: [Image[], Image[]] = [[], []];
  const chain = { genesis: genesisHash(test.chain.ctx), takesUnnamed: false };
  const vaultAt = (path: string): Vault => new Vault(path, PLAIN, chain);
  const images = (): Image[] => members.vaults.map(imageOf);

  before(() => {
    members.runToActive();
    dealt = vaultAt(at(members.vaults, 2)).contents.setup;
    members.act();
    first = vaultAt(at(members.vaults, 1)).contents.chain;
    const begun = beginRound(test);
    id = begun.id;
    const until = (phase: string): void => members.runUntil(() => phaseOf(test, id) === phase);
    until('Open');
    for (const name of NAMES) updates.set(name, contribute(members, id, name));
    until('Direction');
    publish(members, begun);
    until('Settled');
    info = roundInfoOf(test.chain.ctx, id);
    kept = images();
    members.act();
    left = images();
  });

  /** The keys of the round that images give, by subset: each is known by its public key, which stands on the chain. */
  function keysIn(taken: readonly Image[]): Map<number, Uint8Array> {
    const context = contextOfRound(test, info.round);
    const all = candidatesIn(taken).flatMap((candidate) => keysFrom(candidate, id));
    return new Map(
      params.subsets.flatMap((_, subset): [number, Uint8Array][] => {
        const isIt = (key: Uint8Array): boolean =>
          sameBytes(boxPublicKey(context, 'seal', subset, key), at(info.sealKeys, subset));
        const key = all.find(isIt);
        return key === undefined ? [] : [[subset, key]];
      }),
    );
  }

  /** What the first submission of `who` holds, by the keys of all subsets and what is public. */
  function opened(who: string, keys: ReadonlyMap<number, Uint8Array>): number[] {
    const context = contextOfRound(test, info.round);
    const record = present(
      info.submissions.find((one) => one.part === 0 && sameBytes(one.account, account(who))),
      'a submission',
    );
    const spec = laneSpecOf(at(info.round.lanes, 0));
    const secrets = info.secrets.map((secret) => decodeScalar(present(secret, 'a published secret')));
    const binding = { context, spec, account: account(who) };
    const outcome = openSealed(params, binding, keysOfRound(test, info), members.sealedOf(record.id), secrets);
    if (outcome.status !== 'open') throw new Error('the submission was rejected');
    const ciphertext = ciphertextOf(outcome.submission);
    const slot = { source: 0, from: 0, count: spec.values, scale: 1n, weightNorm: 1n };
    const request = {
      context,
      step: 'attack',
      attempt: 0,
      sources: [ciphertextHash(params, ciphertext)],
      slots: [slot],
    };
    const posts = Array.from({ length: params.n }, (_, member) => {
      const own = new Map(subsetsWith(params, member).map((subset) => [subset, present(keys.get(subset), 'a key')]));
      return { member, shares: openingShare(params, request, member, own, [ciphertext]) };
    });
    const found = combineOpening(params, request, posts);
    if (found.status !== 'open') throw new Error('the shares did not decode');
    return found.values.map((value) => Number(value > params.t / 2n ? value - params.t : value));
  }

  it('opened every submission before they were erased, for one more than may lie: the attack works', () => {
    const keys = keysIn(kept.slice(0, params.f + 1));
    expect(keys.size).to.equal(params.subsets.length);
    for (const [who, [first]] of updates) expect(opened(who, keys), who).to.deep.equal([...(first as Int8Array)]);
  });

  it('did not for as many as may lie, who lack the key of the others', () => {
    expect(keysIn(kept.slice(0, params.f)).size).to.equal(params.subsets.length - 1);
  });

  it('hold no key of it afterwards, though all of them are taken', () => {
    expect(findRound(test.chain.ctx, id)?.phase.tag).to.equal('Settled');
    expect(candidatesIn(left).length).to.be.above(0);
    expect(keysIn(left).size).to.equal(0);
  });

  it('nor what a killed member left of a replacement of its vault', () => {
    const path = at(members.vaults, 0);
    writeFileSync(`${path}.new`, at(at(kept, 0), 0));
    expect(keysIn(images()).size).to.be.above(0);
    members.restart(0);
    expect(existsSync(`${path}.new`)).to.equal(false);
    expect(keysIn(images()).size).to.equal(0);
  });

  it('nor the vault of a member that was away while the round came and went', () => {
    const path = at(members.vaults, 1);
    const now = vaultAt(path).contents.chain;
    expect([first?.sequence, now?.sequence]).to.deep.equal([0, 1]);
    // The chain as it stood before the round, of which the member has seen nothing.
    vaultAt(path).update({ chain: first });
    expect(keysIn([imageOf(path)]).size).to.be.above(0);
    members.restart(1);
    members.act();
    expect(keysIn([imageOf(path)]).size).to.equal(0);
    expect(vaultAt(path).contents.chain).to.deep.equal(now);
  });

  describe('nor that of a member which was away from the deal on', () => {
    const path = at(members.vaults, 2);
    const keyed = (): ReadonlyMap<number, Uint8Array> | undefined => {
      const { random, chain: own } = test;
      return agreedKeys({ ...chain, member: 2, info: termNow(own.ctx), vault: vaultAt(path), random });
    };
    const termNow = (ctx: typeof test.chain.ctx): TermInfo =>
      committee.apis.CommitteeApi?.methods.term?.run(ctx, {}) as TermInfo;
    const standing = (info: TermInfo, status: 'Absent' | 'Excluded'): TermInfo['term'] => ({
      ...info.term,
      members: info.term.members.map((one, i) => (i === 2 ? { ...one, status: { tag: status } } : one)),
    });
    const next = (info: TermInfo): TermInfo['term'] => ({
      ...standing(info, 'Absent'),
      term: info.term.term + 1,
      phase: { tag: 'Deal' },
      dealers: [],
    });
    const returns: Record<string, (info: TermInfo) => TermInfo['term']> = {
      'and comes back while the next term is dealt': next,
      'and is excluded when it comes back': (info) => standing(info, 'Excluded'),
      'and is no member when it comes back': (info) => ({ ...next(info), members: info.term.members.slice(0, 2) }),
    };
    it('and takes office once the round is over: at its first look', () => {
      vaultAt(path).update({ setup: dealt, chain: undefined });
      members.restart(2);
      const view = { number: test.chain.ctx.block, rounds: [], partOf: () => undefined };
      at(members.members, 2).act({ ...view, term: termNow(test.chain.ctx) });
      expect(vaultAt(path).contents.chain?.sequence).to.equal(1);
      expect(keysIn([imageOf(path)]).size).to.equal(0);
    });
    for (const [how, termOf] of Object.entries(returns)) {
      it(how, () => {
        // The chain holds the deals; with the secret they were sealed to they are the heads of all chains of the term.
        vaultAt(path).update({ setup: dealt, chain: undefined });
        expect(keyed()?.size).to.equal(subsetsWith(params, 2).length);
        members.restart(2);
        const info = termNow(test.chain.ctx);
        const view = { number: test.chain.ctx.block, rounds: [], partOf: () => undefined };
        at(members.members, 2).act({ ...view, term: { ...info, term: termOf(info) } });
        expect(keyed()).to.equal(undefined);
        expect(vaultAt(path).contents.setup).to.equal(undefined);
      });
    }
  });
});
