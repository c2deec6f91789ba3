import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createKeyFile } from '../../../node/keys.ts';
import { TacitCommand } from '../../support/command.ts';
import { expectFinality, type Scene } from './scene.ts';

const VICTIM = 3;
const STACK = /^\s+at .+:\d+:\d+\)?$/m;

/** Every byte in the middle half of a file turned round. */
function spoil(path: string): void {
  const bytes = readFileSync(path);
  writeFileSync(
    path,
    bytes.map((byte, i) => (i >= bytes.length >> 2 && i < bytes.length - (bytes.length >> 2) ? byte ^ 0xff : byte)),
  );
}

export function folderDoor(scene: Scene): void {
  describe('the data folder', () => {
    let scratch: string;
    let data: string;

    const chainFolder = (copy: string): string => join(copy, 'tacit-local-4');
    const database = (copy: string): string => join(chainFolder(copy), 'chain');

    before(async () => {
      scratch = mkdtempSync(join(tmpdir(), 'tacit-folder-'));
      data = scene.network().network.validator(VICTIM).directory;
      await scene.network().kill(VICTIM);
    });

    after(() => {
      rmSync(scratch, { recursive: true, force: true });
    });

    /** Starts the validator on a copy of its folder in which something is wrong. */
    async function startOn(
      spoilCopy: (copy: string) => void,
      flags: readonly string[] = ['--dev-key', '//Dave'],
      env = {},
    ) {
      const copy = mkdtempSync(join(scratch, 'copy-'));
      cpSync(data, copy, { recursive: true });
      spoilCopy(copy);
      const command = new TacitCommand(
        [
          'node',
          '--chain',
          join(copy, 'spec.json'),
          '--data',
          copy,
          '--rpc-port',
          '0',
          '--p2p-port',
          '0',
          '--p2p-host',
          '127.0.0.1',
          ...flags,
        ],
        env,
      );
      try {
        return await command.ended;
      } finally {
        await command.stop();
      }
    }

    const copySpec = (copy: string): void => cpSync(scene.network().network.specFile, join(copy, 'spec.json'));

    const cases: { what: string; spoil: (copy: string) => void; says: RegExp }[] = [
      {
        what: 'a database whose CURRENT is garbage',
        spoil: (copy) => writeFileSync(join(database(copy), 'CURRENT'), 'garbage\n'),
        says: /cannot open the database/,
      },
      {
        what: 'a database without its manifest',
        spoil: (copy) => {
          for (const name of readdirSync(database(copy)))
            if (name.startsWith('MANIFEST')) rmSync(join(database(copy), name));
        },
        says: /cannot open the database/,
      },
      {
        what: 'a database whose manifest is spoiled',
        spoil: (copy) => {
          for (const name of readdirSync(database(copy)))
            if (name.startsWith('MANIFEST')) spoil(join(database(copy), name));
        },
        says: /cannot open the database/,
      },
      {
        what: 'a vault with a byte changed',
        spoil: (copy) => spoil(join(chainFolder(copy), 'committee.vault')),
        says: /committee\.vault.*(sealed by other keys, or damaged)/,
      },
      {
        what: 'a vault cut short',
        spoil: (copy) => truncateSync(join(chainFolder(copy), 'committee.vault'), 40),
        says: /committee\.vault.*(sealed by other keys, or damaged)/,
      },
      {
        what: 'an empty vault',
        spoil: (copy) => truncateSync(join(chainFolder(copy), 'committee.vault'), 0),
        says: /committee\.vault.*(sealed by other keys, or damaged)/,
      },
      {
        what: 'a network key that is garbage',
        spoil: (copy) => writeFileSync(join(chainFolder(copy), 'peer.key'), 'garbage'),
        says: /does not hold a libp2p key/,
      },
      {
        what: 'a chain specification that is no JSON',
        spoil: (copy) => writeFileSync(join(copy, 'spec.json'), '{"name": '),
        says: /not JSON/,
      },
      {
        what: 'a chain specification with a wrong value',
        spoil: (copy) => {
          const spec = JSON.parse(readFileSync(join(copy, 'spec.json'), 'utf8')) as {
            genesis: { session: { bond: unknown } };
          };
          spec.genesis.session.bond = -1;
          writeFileSync(join(copy, 'spec.json'), JSON.stringify(spec));
        },
        says: /genesis\.session\.bond/,
      },
      {
        what: 'a chain specification of another chain of the same name',
        spoil: (copy) => {
          const text = readFileSync(join(copy, 'spec.json'), 'utf8').replace('"1000000000000"', '"2000000000000"');
          writeFileSync(join(copy, 'spec.json'), text);
        },
        says: /another chain/,
      },
    ];
    for (const { what, spoil: spoilCopy, says } of cases) {
      it(`${what}: the node says so and ends with 1`, async () => {
        const { code, errors, output } = await startOn((copy) => {
          copySpec(copy);
          spoilCopy(copy);
        });
        expect(code, `${output}\n${errors}`).to.equal(1);
        expect(errors).to.match(says).and.not.match(STACK);
      });
    }

    const keyCases: { what: string; spoil: (file: string) => void; passphrase?: string; says: RegExp }[] = [
      { what: 'that is no JSON', spoil: (file) => writeFileSync(file, '{'), says: /is not JSON/ },
      { what: 'that is none', spoil: (file) => writeFileSync(file, '{"version":1}'), says: /is no key file/ },
      { what: 'of many megabytes', spoil: (file) => truncateSync(file, 1 << 24), says: /too long/ },
      {
        what: 'with a byte changed',
        spoil: (file) => {
          const parsed = JSON.parse(readFileSync(file, 'utf8')) as { sealed: string };
          const last = parsed.sealed.at(-1) === '0' ? '1' : '0';
          writeFileSync(file, JSON.stringify({ ...parsed, sealed: `${parsed.sealed.slice(0, -1)}${last}` }));
        },
        says: /does not open|damaged/,
      },
      { what: 'and another passphrase', spoil: () => undefined, passphrase: 'wrong', says: /does not open/ },
      { what: 'that everybody may read', spoil: (file) => chmodSync(file, 0o644), says: /open to other users/ },
    ];
    for (const { what, spoil: spoilFile, passphrase = 'right', says } of keyCases) {
      it(`a key file ${what}: the node says so and ends with 1`, async () => {
        const file = join(mkdtempSync(join(scratch, 'keys-')), 'keys.json');
        createKeyFile(file, 'right');
        spoilFile(file);
        const { code, errors } = await startOn(copySpec, ['--validator', file], { TACIT_PASSPHRASE: passphrase });
        expect(code).to.equal(1);
        expect(errors).to.match(says).and.not.match(STACK);
        expect(errors).not.to.include('right');
      });
    }

    it('the same folder untouched starts, and the network finalizes with all four', async () => {
      await scene.network().revive(VICTIM);
      await expectFinality(scene);
    });
  });
}
