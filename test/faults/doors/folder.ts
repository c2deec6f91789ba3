import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openLevel } from '../../../node/db/index.ts';
import { createKeyFile } from '../../../node/keys.ts';
import { TacitCommand } from '../../support/command.ts';
import { finalHead, untilFinal } from '../../support/test-network.ts';
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

/** First byte of the keys of trie nodes (node/db/store.ts). */
const TRIE_AREA = 0x08;

/** The one log of a LevelDB folder. */
const logOf = (database: string): string =>
  join(database, readdirSync(database).find((name) => name.endsWith('.log')) ?? 'no log');

type LogLine = Record<string, unknown> & { readonly level?: number; readonly msg?: string };
const linesOf = (errors: string): LogLine[] =>
  errors.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as LogLine] : []));

/** Resolves with the line of the log that says `message`. */
function logged({ process, ended }: TacitCommand, message: string): Promise<LogLine> {
  return new Promise((resolve, reject) => {
    let text = '';
    process.stderr?.on('data', (more: string) => {
      text += more;
      const complete = text.slice(0, text.lastIndexOf('\n') + 1);
      const found = linesOf(complete).find(({ msg }) => msg === message);
      if (found) resolve(found);
    });
    void ended.then(({ errors }) => reject(new Error(`it ended without '${message}':\n${errors}`)));
  });
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
      // LevelDB drops the rest of a 32 KiB block with a bad record: some must lie behind the hole, or the chain is only shorter.
      const chain = await scene.network().chain(0);
      while (statSync(logOf(database(data))).size < 160 << 10) {
        await untilFinal(chain, (await finalHead(chain)).number + 1);
      }
      await scene.network().kill(VICTIM);
    });

    after(() => {
      rmSync(scratch, { recursive: true, force: true });
    });

    /** The validator on a copy of its folder in which something is wrong. */
    async function commandOn(
      spoilCopy: (copy: string) => void | Promise<void>,
      flags: readonly string[] = ['--dev-key', '//Dave'],
      env = {},
    ): Promise<TacitCommand> {
      const copy = mkdtempSync(join(scratch, 'copy-'));
      cpSync(data, copy, { recursive: true });
      await spoilCopy(copy);
      return new TacitCommand(
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
    }

    /** Starts it and waits for its end. */
    async function startOn(...options: Parameters<typeof commandOn>) {
      const command = await commandOn(...options);
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
        says: /the database in .* (is damaged|cannot be opened): /,
      },
      {
        what: 'a database without its manifest',
        spoil: (copy) => {
          for (const name of readdirSync(database(copy)))
            if (name.startsWith('MANIFEST')) rmSync(join(database(copy), name));
        },
        says: /the database in .* (is damaged|cannot be opened): /,
      },
      {
        what: 'a database whose manifest is spoiled',
        spoil: (copy) => {
          for (const name of readdirSync(database(copy)))
            if (name.startsWith('MANIFEST')) spoil(join(database(copy), name));
        },
        says: /the database in .* (is damaged|cannot be opened): /,
      },
      {
        what: 'a database whose log is spoiled',
        spoil: (copy) => {
          const path = logOf(database(copy));
          const bytes = readFileSync(path);
          const [from, to] = [bytes.length >> 2, bytes.length >> 1];
          writeFileSync(
            path,
            bytes.map((byte, i) => (i >= from && i < to ? byte ^ 0xff : byte)),
          );
        },
        says: /^error: the database in \S+\/chain is damaged: .*docs\/operate\.md\) \(db\/damaged\)$/m,
      },
      {
        what: 'a file of the last vote that is garbage',
        spoil: (copy) => writeFileSync(join(chainFolder(copy), 'last-vote'), 'garbage'),
        says: /last-vote.*it is damaged.*docs\/operate\.md/,
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

    it('a database that has lost its end: the node starts, and says that it does not cast those votes anew', async () => {
      const command = await commandOn((copy) => {
        copySpec(copy);
        const path = logOf(database(copy));
        truncateSync(path, statSync(path).size >> 1);
      });
      try {
        await logged(command, 'node up');
        const { errors } = await command.end('SIGTERM');
        expect(linesOf(errors).map((line) => line['code'])).to.include('grandpa/lost-votes');
      } finally {
        await command.stop();
      }
    });

    it('a database with a hole in the past: the node starts, and ends with 1 when it is asked for it, saying so once', async () => {
      const chain = await scene.network().chain(0);
      const block = await chain.api.rpc.chain.getBlockHash(1);
      const { stateRoot } = await chain.api.rpc.chain.getHeader(block);
      const command = await commandOn(async (copy) => {
        copySpec(copy);
        const level = await openLevel(database(copy));
        await level.write([[Uint8Array.of(TRIE_AREA, ...stateRoot.toU8a()), undefined]], true);
        await level.close();
      });
      try {
        const up = await logged(command, 'node up');
        const url = `http://127.0.0.1:${Number(up['rpc'])}`;
        const ask = { id: 1, jsonrpc: '2.0', method: 'state_getStorage', params: ['0x00', block.toHex()] };
        const body = JSON.stringify(ask);
        await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(
          () => undefined,
        );
        const { code, errors } = await command.ended;
        expect(code).to.equal(1);
        const failures = linesOf(errors).filter(({ level = 0 }) => level >= 50);
        expect(failures.filter(({ level }) => level === 60)).to.have.length(1);
        expect(failures.at(0), 'nothing is said before it').to.include({ level: 60, code: 'db/damaged' });
        expect(errors).not.to.match(STACK);
      } finally {
        await command.stop();
      }
    });

    it('meanwhile the other three finalize', async () => {
      const chain = await scene.network().chain(0);
      await untilFinal(chain, (await finalHead(chain)).number + 2);
    });

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
