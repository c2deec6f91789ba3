/** What each type of proxy may call, of the calls that the runtime has. */
import { expect } from 'chai';
import { callsOf, covers, isAllowed, type ProxyType } from '../../../pallets/proxy/index.ts';
import { runtime } from '../../../runtime/index.ts';
import { kind } from './chain.ts';

const TAGS: ProxyType['tag'][] = ['Any', 'NonTransfer', 'Registry', 'Rounds'];
const narrow = TAGS.filter((tag) => tag !== 'Any');
const all = runtime.composition.pallets.flatMap(({ name, calls }) =>
  [...calls.keys()].map((call) => `${name}.${call}`),
);

/** What only the account itself and its `Any` proxies may call: it pays, gives away, ends accounts, or is nobody's who signs. */
const ONLY_ANY = [
  'Timestamp.set',
  'Balances.transferAllowDeath',
  'Balances.transferKeepAlive',
  'Balances.transferAll',
  'Grandpa.reportEquivocation',
  'Committee.post',
  'Tally.post',
  'Tally.publishDirection',
  'Proxy.removeProxies',
  'Proxy.createPure',
  'Proxy.killPure',
  'Proxy.announce',
  'Proxy.proxyAnnounced',
  'Registry.setCollective',
  'Registry.declareParents',
  'Registry.registerAttester',
  'Registry.raiseBond',
  'Registry.admitAttester',
  'Registry.dismissAttester',
  'Registry.slashAttester',
  'Registry.leaveAttesters',
  'Registry.withdrawBond',
  'Registry.makeClaim',
  'Registry.revokeClaim',
  'Royalty.pay',
  'Royalty.setContributorsShare',
  'Royalty.backData',
  'Royalty.withdrawBacking',
  'Royalty.releaseBacking',
];
/** Pallets of which no type but `Any` calls anything. */
const ONLY_ANY_PALLETS = [
  'Multisig',
  'Parameters',
  'Ownership',
  'Licensing',
  'Vouchers',
  'Curation',
  'Disputes',
  'Governance',
  'Usage',
  'Notes',
];

describe('pallets/proxy: types', () => {
  it('name calls that there are; who adds a call decides whose it is', () => {
    const named = narrow.flatMap((tag) => [...(callsOf(kind(tag)) ?? [])]);
    for (const name of named) expect(all, name).to.include(name);
    const undecided = all.filter(
      (name) => !named.includes(name) && !ONLY_ANY_PALLETS.includes(name.split('.')[0] ?? ''),
    );
    expect(undecided.sort()).to.deep.equal(ONLY_ANY.toSorted());
  });

  it('cover each other as their calls do', () => {
    const shown = TAGS.map((wide) => [wide, TAGS.filter((other) => covers(kind(wide), kind(other)))]);
    expect(shown).to.deep.equal([
      ['Any', TAGS],
      ['NonTransfer', ['NonTransfer', 'Registry']],
      ['Registry', ['Registry']],
      ['Rounds', ['Rounds']],
    ]);
  });

  it('what covers another refuses nothing that the other allows', () => {
    for (const wide of TAGS)
      for (const other of TAGS.filter((each) => covers(kind(wide), kind(each))))
        for (const name of all) {
          const [tag, call] = name.split('.') as [string, string];
          const made = { tag, value: { tag: call, value: { proxyType: kind(other), delay: 3 } } };
          const may = (type: ProxyType['tag']) => isAllowed({ proxyType: kind(type), delay: 0 }, made);
          if (may(other)) expect(may(wide), `${wide} over ${other}: ${name}`).to.equal(true);
        }
  });

  it('a call that the types have never heard of is allowed to Any alone', () => {
    const unknown = { tag: 'Later', value: { tag: 'anything', value: {} } };
    expect(TAGS.filter((tag) => isAllowed({ proxyType: kind(tag), delay: 0 }, unknown))).to.deep.equal(['Any']);
  });
});
