import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readWalletFile, writeWalletFile } from '../../../client/sdk/node/keyfile.ts';
import { walletOf } from '../../../client/sdk/keys.ts';
import { TacitError } from '../../../primitives/errors.ts';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof TacitError ? error.code : `not ours: ${error}`;
  }
  return 'none';
}

describe('client/sdk/keyfile', function () {
  this.timeout(600_000);
  const seed = Uint8Array.from({ length: 32 }, (_, i) => i * 7);
  let folder: string;
  let path: string;
  let original: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tacit-wallet-'));
    path = join(folder, 'wallet.json');
    writeWalletFile(path, seed, 'correct horse');
    original = readFileSync(path, 'utf8');
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => {
    writeFileSync(path, original);
    chmodSync(path, 0o600);
  });

  it('keeps the seed for its owner alone', () => {
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(readWalletFile(path, 'correct horse')).to.deep.equal(seed);
    expect(original).not.to.include(Buffer.from(seed).toString('hex'));
  });

  it('refuses a wrong or empty passphrase', () => {
    expect(codeOf(() => readWalletFile(path, 'correct Horse'))).to.equal('sdk/wrong-passphrase');
    expect(codeOf(() => readWalletFile(path, ''))).to.equal('sdk/weak-passphrase');
    expect(codeOf(() => writeWalletFile(join(folder, 'other'), seed, ''))).to.equal('sdk/weak-passphrase');
  });

  it('refuses a file that others may read', () => {
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(path, mode);
      expect(
        codeOf(() => readWalletFile(path, 'correct horse')),
        mode.toString(8),
      ).to.equal('sdk/wallet-permissions');
    }
  });

  it('never replaces a file', () => {
    expect(codeOf(() => writeWalletFile(path, new Uint8Array(32), 'x'))).to.equal('sdk/wallet-exists');
    expect(readFileSync(path, 'utf8')).to.equal(original);
  });

  it('refuses what is not a wallet file, without reading on', () => {
    const parts = JSON.parse(original) as Record<string, string>;
    const bad = [
      '',
      'null',
      original.slice(0, -5),
      JSON.stringify({ ...parts, kdf: 'none' }),
      JSON.stringify({ ...parts, salt: '0x00' }),
      JSON.stringify({ ...parts, more: 1 }),
      JSON.stringify({ ...parts, box: parts.box?.slice(0, -2) }),
      ' '.repeat(5000),
    ];
    for (const text of bad) {
      writeFileSync(path, text);
      expect(
        codeOf(() => readWalletFile(path, 'correct horse')),
        text.slice(0, 60),
      ).to.equal('sdk/bad-wallet-file');
    }
    expect(codeOf(() => readWalletFile(join(folder, 'nowhere'), 'x'))).to.equal('sdk/no-wallet');
  });

  it('a flipped bit in salt or box is noticed', () => {
    for (const field of ['salt', 'box']) {
      const parts = JSON.parse(original) as Record<string, string>;
      const text = parts[field] as string;
      const digit = (Number.parseInt(text.at(-1) as string, 16) ^ 1).toString(16);
      writeFileSync(path, JSON.stringify({ ...parts, [field]: text.slice(0, -1) + digit }));
      expect(
        codeOf(() => readWalletFile(path, 'correct horse')),
        field,
      ).to.equal('sdk/wrong-passphrase');
    }
  });

  it('all keys come from the seed, and no two are alike', () => {
    const genesis = new Uint8Array(32);
    const wallet = walletOf(seed);
    const again = walletOf(seed);
    expect(again.account.address).to.equal(wallet.account.address);
    const [tag, other] = [new Uint8Array(32).fill(3), new Uint8Array(32).fill(4)];
    expect(again.freshAccount(genesis, tag).address).to.equal(wallet.freshAccount(genesis, tag).address);
    const all = [
      wallet.account.address,
      wallet.freshAccount(genesis, tag).address,
      wallet.freshAccount(genesis, other).address,
      wallet.freshAccount(genesis.with(0, 1), tag).address,
      walletOf(seed.with(0, 1)).account.address,
    ];
    expect(new Set(all).size).to.equal(all.length);
    expect(() => walletOf(new Uint8Array(31))).to.throw('32 bytes');
  });
});
