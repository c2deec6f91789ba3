import { chmodSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Keyring } from '@polkadot/keyring';
import { expect } from 'chai';
import { devKeys, type ValidatorKeys } from '../../node/keys.ts';
import { SessionKeyring } from '../../node/session-keys.ts';
import { utf8 } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { ed25519Verify, sr25519Verify } from '../../primitives/crypto/signature.ts';
import { scratchFolder } from '../support/scratch.ts';

describe('node: keys made while a validator runs', () => {
  let directory: string;
  let own: ValidatorKeys;
  beforeEach(async () => {
    directory = join(scratchFolder('keyring'), 'session-keys');
    own = await devKeys('//Alice');
  });

  it('stand in files that only the owner reads, sealed, and come back', () => {
    const made = new SessionKeyring(directory, own).rotate();
    const names = readdirSync(directory);
    expect(names).to.have.length(3);
    for (const name of names) {
      expect(statSync(join(directory, name)).mode & 0o777, name).to.equal(0o600);
      expect(readFileSync(join(directory, name)).length).to.be.greaterThan(64);
    }
    const again = new SessionKeyring(directory, own);
    const text = utf8('text');
    const proof = again.prove(made, text)!;
    expect(sr25519Verify(proof.slice(0, 64), text, made.aura)).to.equal(true);
    expect(ed25519Verify(proof.slice(64, 128), text, made.grandpa)).to.equal(true);
    expect(sr25519Verify(proof.slice(128), text, made.committee)).to.equal(true);
    for (const kind of ['aura', 'grandpa', 'committee'] as const) expect(again.has(kind, made[kind])).to.equal(true);
    expect(again.has('aura', made.committee)).to.equal(false);
  });

  it('open under the keys they were sealed by, and under their own names', async () => {
    new SessionKeyring(directory, own).rotate();
    const other = await devKeys('//Bob');
    expect(() => new SessionKeyring(directory, other))
      .to.throw()
      .with.property('code', 'keys/cannot-open');
    const [first] = readdirSync(directory).filter((name) => name.startsWith('aura-'));
    const renamed = `aura-${'00'.repeat(32)}`;
    chmodSync(directory, 0o700);
    renameSync(join(directory, first!), join(directory, renamed));
    expect(() => new SessionKeyring(directory, own))
      .to.throw()
      .with.property('code', 'keys/bad-file');
  });

  it('sign when they are in force; until then the key file does', () => {
    const keyring = new SessionKeyring(directory, own);
    const made = keyring.rotate();
    const nobody = new Uint8Array(32).fill(9);
    const shown = (keys: ValidatorKeys): string[] => Object.values(keys).map(({ publicKey }) => toHex(publicKey));
    expect(shown(keyring.chosen({ aura: [], grandpa: [nobody], committee: [] }))).to.deep.equal(shown(own));
    const before = { aura: [nobody, own.aura.publicKey], grandpa: [own.grandpa.publicKey], committee: [nobody] };
    expect(shown(keyring.chosen(before))).to.deep.equal(shown(own));
    // A committee keeps its keys until the term changes.
    const after = { aura: [nobody, made.aura], grandpa: [made.grandpa], committee: [own.committee.publicKey] };
    expect(shown(keyring.chosen(after))).to.deep.equal([
      toHex(made.aura),
      toHex(made.grandpa),
      toHex(own.committee.publicKey),
    ]);
  });

  it('are taken as wallets write them, a phrase or a seed with a path, for both kinds', () => {
    const keyring = new SessionKeyring(directory, own);
    const seed = `0x${'5a'.repeat(32)}`;
    for (const [kind, type] of [
      ['aura', 'sr25519'],
      ['committee', 'sr25519'],
      ['grandpa', 'ed25519'],
    ] as const) {
      for (const uri of [seed, `${seed}//hard`]) {
        const { publicKey } = new Keyring({ type }).addFromUri(uri);
        keyring.insert(kind, uri, publicKey);
        expect(new SessionKeyring(directory, own).has(kind, publicKey), `${kind} ${uri.slice(66)}`).to.equal(true);
      }
    }
    const key = new Uint8Array(32);
    for (const [uri, code] of [
      [seed, 'keys/other-key'],
      ['bottom drive obey lake', 'keys/bad-uri'],
      ['', 'keys/bad-uri'],
      ['0x1234', 'keys/bad-uri'],
    ] as const)
      expect(() => keyring.insert('aura', uri, key), uri)
        .to.throw()
        .with.property('code', code);
    // A soft path leads to an sr25519 key; of ed25519 there is none.
    expect(() => keyring.insert('grandpa', `${seed}/soft`, key))
      .to.throw()
      .with.property('code', 'keys/bad-uri');
  });
});
