import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { devValidator } from '../../chain-spec/index.ts';
import {
  createKeyFile,
  devKeys,
  loadKeyFile,
  passphraseFor,
  publicKeysOf,
  sealerOf,
  validatorKeys,
} from '../../node/keys.ts';
import { utf8 } from '../../primitives/crypto/bytes.ts';
import { ed25519Sign, ed25519Verify, sr25519Sign, sr25519Verify } from '../../primitives/crypto/signature.ts';

describe('node: key files', () => {
  let directory: string;
  let file: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'tacit-keys-'));
    file = join(directory, 'sub', 'validator.json');
    createKeyFile(file, 'open sesame');
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  const failing = (code: string, act: () => unknown): void => {
    expect(act).to.throw().with.property('code', code);
  };
  /** The key file with some change, in a file of its own. */
  function spoiled(name: string, change: (text: string) => string): string {
    const path = join(directory, name);
    writeFileSync(path, change(readFileSync(file, 'utf8')), { mode: 0o600 });
    return path;
  }

  it('come back with their passphrase, and sign', () => {
    const keys = loadKeyFile(file, 'open sesame');
    const text = utf8('text');
    expect(sr25519Verify(sr25519Sign(keys.aura, text), text, keys.aura.publicKey)).to.equal(true);
    expect(ed25519Verify(ed25519Sign(keys.grandpa, text), text, keys.grandpa.publicKey)).to.equal(true);
    expect(new Set(Object.values(publicKeysOf(keys))).size).to.equal(3);
  });

  it('are readable by their owner only, and hold no secret in the clear', () => {
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    const text = readFileSync(file, 'utf8');
    const { grandpa } = loadKeyFile(file, 'open sesame');
    expect(text).to.not.include(Buffer.from(grandpa.secretKey).toString('hex'));
  });

  it('are never overwritten', () => {
    failing('keys/exists', () => createKeyFile(file, 'other'));
    failing('keys/no-passphrase', () => createKeyFile(join(directory, 'empty.json'), ''));
  });

  it('refuse a wrong passphrase, and any damage', () => {
    failing('keys/wrong-passphrase', () => loadKeyFile(file, 'open says me'));
    failing('keys/no-file', () => loadKeyFile(join(directory, 'none'), 'x'));
    const changes: Record<string, (text: string) => string> = {
      'keys/bad-file': (text) => text.slice(0, 40),
      'keys/wrong-passphrase': (text) =>
        text.replace(/("sealed": "0x)(.)/, (_all, head: string, digit: string) => head + (digit === '0' ? '1' : '0')),
    };
    for (const [code, change] of Object.entries(changes)) {
      failing(code, () => loadKeyFile(spoiled(code.slice(5), change), 'open sesame'));
    }
    const weak = spoiled('weak', (text) => text.replace('"N": 32768', '"N": 2'));
    failing('keys/bad-file', () => loadKeyFile(weak, 'open sesame'));
    const heavy = spoiled('heavy', (text) => text.replace('"N": 32768', '"N": 1073741824'));
    failing('keys/bad-file', () => loadKeyFile(heavy, 'open sesame'));
    const swapped = spoiled('swapped', (text) =>
      text.replace(/"aura": "0x../, '"aura": "0x00').replace(/"grandpa": "0x../, '"grandpa": "0x00'),
    );
    failing('keys/bad-file', () => loadKeyFile(swapped, 'open sesame'));
    failing('keys/bad-file', () =>
      loadKeyFile(
        spoiled('long', () => 'x'.repeat(10_000)),
        'open sesame',
      ),
    );
  });

  it('refuse to be open to others', function () {
    if (process.platform === 'win32') this.skip();
    const path = spoiled('open', (text) => text);
    chmodSync(path, 0o644);
    failing('keys/permissions', () => loadKeyFile(path, 'open sesame'));
  });

  it('take the passphrase from the environment or from beside the file', () => {
    expect(passphraseFor(file, { TACIT_PASSPHRASE: 'from env' })).to.equal('from env');
    failing('keys/no-passphrase', () => passphraseFor(file, {}));
    writeFileSync(`${file}.passphrase`, 'open sesame\n', { mode: 0o600 });
    expect(passphraseFor(file, {})).to.equal('open sesame');
    chmodSync(`${file}.passphrase`, 0o604);
    if (process.platform !== 'win32') failing('keys/permissions', () => passphraseFor(file, {}));
  });

  it('of development validators are those of the chain specification', async () => {
    for (const uri of ['//Alice', '//Bob', '//Judy']) {
      const keys = await devKeys(uri);
      expect(publicKeysOf(keys)).to.deep.equal(devValidator(uri).keys);
      const text = utf8('text');
      expect(sr25519Verify(sr25519Sign(keys.committee, text), text, keys.committee.publicKey)).to.equal(true);
      expect(ed25519Verify(ed25519Sign(keys.grandpa, text), text, keys.grandpa.publicKey)).to.equal(true);
    }
    const codes = [{ dev: 'Alice' }, { dev: '//Alice/soft' }, { dev: '//Alice', file }].map((wish) =>
      validatorKeys(wish, {}).then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      ),
    );
    expect(await Promise.all(codes)).to.deep.equal(['keys/bad-dev-key', 'keys/bad-dev-key', 'keys/two-keys']);
  });

  it("seal a validator's other secrets", async () => {
    const [alice, bob] = [sealerOf(await devKeys('//Alice')), sealerOf(await devKeys('//Bob'))];
    const sealed = alice.seal(utf8('secret'));
    expect(alice.open(sealed)).to.deep.equal(utf8('secret'));
    expect(alice.seal(utf8('secret'))).to.not.deep.equal(sealed);
    failing('keys/cannot-open', () => bob.open(sealed));
    sealed[40]! ^= 1;
    failing('keys/cannot-open', () => alice.open(sealed));
    failing('keys/cannot-open', () => alice.open(new Uint8Array(3)));
  });
});
