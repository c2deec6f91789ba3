import fs, { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { type Sealer, Vault, type VaultContents } from '../../../node/committee/vault.ts';
import { sealerOf } from '../../../node/keys.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { sr25519FromSeed } from '../../../primitives/crypto/signature.ts';
import { scratchFolder } from '../../support/scratch.ts';

const plain: Sealer = { seal: (bytes) => bytes, open: (bytes) => bytes };
const keyOf = (subset: number): Uint8Array => hash32Of('test/key', subset);
const chain = { genesis: keyOf(100), takesUnnamed: false };
const CONTENTS: VaultContents = {
  setup: {
    term: 2,
    attempt: 1,
    encryption: keyOf(9),
    dealt: new Map([[3, { key: keyOf(3), ephemeral: keyOf(4) }]]),
  },
  chain: { term: 1, sequence: 5, keys: new Map([[0, keyOf(0)]]) },
  rounds: new Map([[7, new Map([[0, keyOf(1)]])]]),
};

describe('node/committee: the file of the vault', () => {
  const root = scratchFolder('vault-file');
  const fresh = (): string => join(mkdtempSync(join(root, 'v-')), 'committee.vault');

  it('gives back what was put in, and only its owner may read it', () => {
    const path = fresh();
    const before = process.umask(0);
    try {
      new Vault(path, plain, chain).update(CONTENTS);
    } finally {
      process.umask(before);
    }
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(new Vault(path, plain, chain).contents).to.deep.equal(CONTENTS);
  });

  it('is on the disk before an update returns: the file, then its name', () => {
    const path = fresh();
    const vault = new Vault(path, plain, chain);
    const { openSync, fsyncSync, renameSync } = fs;
    const opened = new Map<number, string>();
    const done: string[] = [];
    try {
      fs.openSync = (name, ...rest) => {
        const file = openSync(name, ...rest);
        opened.set(file, String(name));
        return file;
      };
      fs.fsyncSync = (file) => {
        done.push(`sync ${opened.get(file)}`);
        fsyncSync(file);
      };
      fs.renameSync = (from, to) => {
        done.push(`rename ${String(from)} ${String(to)}`);
        renameSync(from, to);
      };
      syncBuiltinESMExports();
      vault.update({ chain: CONTENTS.chain });
    } finally {
      Object.assign(fs, { openSync, fsyncSync, renameSync });
      syncBuiltinESMExports();
    }
    const scratch = (done[0] ?? '').slice('sync '.length);
    expect(dirname(scratch)).to.equal(dirname(path));
    expect(done).to.deep.equal([`sync ${scratch}`, `rename ${scratch} ${path}`, `sync ${dirname(path)}`]);
  });

  it('of another version, or of another key, is refused and stays as it is', () => {
    const path = fresh();
    new Vault(path, plain, chain).update(CONTENTS);
    const other = readFileSync(path, 'utf8').replace(/"version":\d+/, '"version":99');
    writeFileSync(path, other);
    expect(() => new Vault(path, plain, chain))
      .to.throw()
      .with.property('code', 'committee/vault-format');
    expect(readFileSync(path, 'utf8')).to.equal(other);
    const [mine, theirs] = [1, 2].map((seed) => sealerOf({ committee: sr25519FromSeed(keyOf(seed)) }));
    const sealed = fresh();
    new Vault(sealed, mine as Sealer, chain).update(CONTENTS);
    expect(() => new Vault(sealed, theirs as Sealer, chain))
      .to.throw()
      .with.property('code', 'keys/cannot-open');
    expect(new Vault(sealed, mine as Sealer, chain).contents).to.deep.equal(CONTENTS);
  });

  it('of another chain is refused, and stays as it is', () => {
    const path = fresh();
    new Vault(path, plain, chain).update(CONTENTS);
    const before = readFileSync(path);
    for (const takesUnnamed of [false, true])
      expect(() => new Vault(path, plain, { genesis: keyOf(101), takesUnnamed }))
        .to.throw(toHex(keyOf(100)))
        .with.property('code', 'committee/other-chain');
    expect(readFileSync(path)).to.deep.equal(before);
  });

  it('that names no chain is taken where blocks of the chain lie beside it, and named', () => {
    const path = fresh();
    new Vault(path, plain, chain).update(CONTENTS);
    const { genesis: _, ...unnamed } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...unnamed, version: 1 }));
    expect(() => new Vault(path, plain, chain))
      .to.throw('without --validator')
      .with.property('code', 'committee/unnamed-vault');
    expect(new Vault(path, plain, { ...chain, takesUnnamed: true }).contents).to.deep.equal(CONTENTS);
    expect(new Vault(path, plain, chain).contents).to.deep.equal(CONTENTS);
    expect(() => new Vault(path, plain, { genesis: keyOf(101), takesUnnamed: true }))
      .to.throw()
      .with.property('code', 'committee/other-chain');
  });

  it('is sealed under a key of its own each time: two writes have nothing in common', () => {
    const { seal } = sealerOf({ committee: sr25519FromSeed(keyOf(1)) });
    const text = utf8('the same secrets, written twice, under a nonce that is always zero');
    const [first, second] = [seal(text), seal(text)] as [Uint8Array, Uint8Array];
    const SALT = 32;
    // Under one key stream the same text gives the same bytes wherever it stands.
    const same = first.subarray(SALT).filter((byte, i) => byte === second[SALT + i]);
    expect(first.subarray(0, SALT)).to.not.deep.equal(second.subarray(0, SALT));
    expect(same.length).to.be.lessThan(text.length / 4);
  });
});
