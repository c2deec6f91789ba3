/** The story as `npm run story` tells it, and what it leaves. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type StoryEntry, storyReport } from '../../client/story/report.ts';
import { LocalNetwork } from '../../node/local/network.ts';
import { tacit, TacitCommand } from '../support/command.ts';
import { scratchFolder } from '../support/scratch.ts';

const PORT = 23_300;
const STORY = fileURLToPath(new URL('../../client/story/main.ts', import.meta.url));
const STACK = /^\s+at .+:\d+:\d+\)?$/m;

describe('tacit story', function () {
  this.timeout(900_000);
  const folder = scratchFolder('story');
  const data = join(folder, 'data');
  const file = join(folder, 'story.json');
  let command: TacitCommand | undefined;
  let entries: StoryEntry[] = [];
  let output = '';

  before(async () => {
    command = new TacitCommand(['story', '--report', file, '--data', data, '--base-port', `${PORT}`]);
    const ended = await command.ended;
    output = ended.output;
    expect(ended.code, `${ended.output}\n${ended.errors}`).to.equal(0);
    expect(ended.errors).not.to.match(STACK);
    entries = storyReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  });
  after(async () => {
    await command?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const step = (name: string): StoryEntry => {
    const found = entries.find((entry) => entry.step === name);
    if (!found) throw new Error(`no step ${name}`);
    return found;
  };
  const found = (name: string): Record<string, unknown> => step(name).check.found;
  const eventsOf = (name: string): string[] => step(name).events.map((event) => event.name);

  it('writes one entry for each step, each read back from the chain and equal to what is expected', () => {
    expect(new Set(entries.map(({ chapter }) => chapter))).to.deep.equal(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    expect(new Set(entries.map((entry) => entry.step)).size).to.equal(entries.length);
    for (const { step: name, check, block, extrinsic, chapter } of entries) {
      expect(check.equal, name).to.equal(true);
      expect(check.found, name).to.deep.equal(check.expected);
      expect(Object.keys(check.found).length, name).to.be.greaterThan(0);
      expect(block, name).to.be.greaterThan(0);
      if (chapter < 6) expect(extrinsic ?? name, name).to.match(/^0x[0-9a-f]{64}$|^round-settles$/);
    }
  });

  it('refuses what has no right, and names why', () => {
    const refusals = {
      'names-opted-out': 'registry.OptedOut',
      'names-portfolio-alone': 'registry.ItemNotLicensed',
      'mints-without-licence': 'licensing.GrantMissing',
      'child-refused': 'licensing.SameTerms',
      'older-voucher': 'vouchers.NotHigher',
      'one-use-too-many': 'licensing.UsesExhausted',
      'parameter-by-one': 'BadOrigin',
      'enacts-too-early': 'governance.NotEnactable',
    };
    for (const [name, error] of Object.entries(refusals)) {
      expect(found(name).refused, name).to.equal(error);
      expect(eventsOf(name), name).to.include('system.ExtrinsicFailed');
    }
    expect(found('child-refused').clause).to.equal('SameTerms');
    expect(eventsOf('child-accepted')).to.include('licensing.WaiversUsed');
  });

  it('opens of three ballots nothing but what they give each item together', () => {
    expect(found('mints-portfolio').opened).to.deep.equal([155, 105, 40]);
    expect(entries.filter((entry) => entry.step.startsWith('ballot-')).length).to.equal(3);
  });

  it('pays four contributors to accounts that sign nothing, and what the pool has paid to the unit', () => {
    const claims = entries.filter((entry) => entry.step.startsWith('claim-'));
    expect(claims.length).to.equal(4);
    const owners = entries
      .filter((entry) => entry.step.startsWith('enrols-'))
      .map(({ events }) => JSON.stringify(events));
    for (const { events } of claims) {
      const claimed = events.find(({ name }) => name === 'notes.Claimed');
      const destination = String(claimed?.data['destination']);
      expect(owners.some((text) => text.includes(destination))).to.equal(false);
    }
    expect(BigInt(String(found('notes-add-up').paid)) > 0n).to.equal(true);
  });

  it('judges the copy twice, by three and by seven, of whom nobody sat on both', () => {
    expect(found('draws-panel-0').seats).to.equal(3);
    expect(found('draws-panel-1').seats).to.equal(7);
    expect(found('draws-panel-1').again).to.deep.equal([]);
    expect(found('concludes').standing).to.deep.equal({ tags: ['Copy'], revoked: true, frozenUntil: null });
    expect(step('appeals').block).to.be.greaterThan(step('counts-0').block);
  });

  it('enacts the parameter after the time lock and not before', () => {
    expect(found('enacts-too-early').AttesterBond).to.equal('1000000000');
    expect(found('enacts').AttesterBond).to.equal('1500000000');
    expect(step('enacts').block - step('enacts-too-early').block).to.be.greaterThan(0);
  });

  it('ends with a sheet whose every line is explained and whose sums leave nothing', () => {
    const { sheet } = step('balance-sheet');
    if (!sheet) throw new Error('no sheet');
    const total = (key: 'start' | 'end' | 'moved'): bigint =>
      sheet.lines.reduce((sum, line) => sum + BigInt(line[key]), 0n);
    const { start, end, minted, burned } = sheet.supply;
    expect(total('start')).to.equal(BigInt(start));
    expect(total('end')).to.equal(BigInt(end));
    expect(BigInt(start) + BigInt(minted) - BigInt(burned)).to.equal(BigInt(end));
    expect(total('moved')).to.equal(BigInt(minted) - BigInt(burned));
    for (const line of sheet.lines) {
      expect(BigInt(line.start) + BigInt(line.moved), line.account).to.equal(BigInt(line.end));
    }
    expect(sheet.fees.paid).to.equal(sheet.fees.toAuthors);
    const names = sheet.lines.map(({ account }) => account);
    expect(names).to.include.members([
      'Mira',
      'contributor amara',
      'fresh account 4',
      'treasury',
      'escrow of licences',
    ]);
    expect(BigInt(burned) > 0n).to.equal(true);
  });

  it('says who does what, and what each sees', () => {
    expect(output).to.match(/\] 1 {2}Mira +discloses an abstract: everyone reads/);
    expect(output).to.match(/\] 5 {2}Gita +shows a voucher for 4 uses: licensing\.UsesExhausted/);
    expect(output).to.include(`the story is told: ${entries.length} steps`);
  });

  it('leaves nothing running, and a chain that the audit finds right in every check', async () => {
    expect(spawnSync('pgrep', ['-f', '--', data], { encoding: 'utf8' }).stdout.trim()).to.equal('');
    const { code, output: audit, errors } = await tacit('audit', '--data', data, '--json');
    expect(code, errors).to.equal(0);
    const { ok, checks } = JSON.parse(audit) as { ok: boolean; checks: { name: string; ok: boolean }[] };
    expect(ok).to.equal(true);
    expect(checks.length).to.be.at.least(14);
    for (const { name, ok: passed } of checks) expect(passed, name).to.equal(true);
  });

  describe('on a chain where something is not as it should be', () => {
    it('ends with 1 and the name of the step, and the report holds what was found there', async () => {
      const other = join(folder, 'other.json');
      const network = new LocalNetwork({
        directory: join(folder, 'otherwise'),
        validators: 4,
        basePort: PORT,
        // the story knows the usual bond of attesters, and reads another
        parameters: { AttesterBond: '7000000' },
      });
      try {
        await network.start();
        const { rpc } = network.validator(0);
        const people = new TacitCommand(['run', STORY, '--rpc', rpc, '--chain', network.specFile, '--report', other]);
        const { code, errors } = await people.ended;
        expect(code).to.equal(1);
        expect(errors).to.include("step 'parameter-by-one'").and.include('7000000').and.not.match(STACK);
      } finally {
        await network.stop();
      }
      const told = storyReport.parse(JSON.parse(readFileSync(other, 'utf8')));
      const wrong = told.filter(({ check }) => !check.equal);
      expect(wrong.map((entry) => entry.step)).to.deep.equal(['parameter-by-one']);
      expect(wrong[0]?.check.found['AttesterBond']).to.equal('7000000');
    });
  });

  describe('told to stop in the middle', () => {
    it('ends with 1, without a stack trace, and leaves no process and no folder', async () => {
      command = new TacitCommand(['story', '--base-port', `${PORT}`]);
      await command.says('gives 31 people');
      const own = /in (\S*tacit-story-\S+)$/m.exec(command.output)?.[1] ?? '';
      expect(existsSync(own), own).to.equal(true);
      const { code, errors } = await command.end('SIGINT');
      expect(code).to.equal(1);
      expect(errors).not.to.match(STACK);
      expect(existsSync(own)).to.equal(false);
      expect(spawnSync('pgrep', ['-f', '--', own], { encoding: 'utf8' }).stdout.trim()).to.equal('');
    });
  });

  describe('with flags that cannot be', () => {
    it('a data folder that is there already: exit code 1, and it is not touched', async () => {
      const { code, errors } = await tacit('story', '--data', folder);
      expect(code).to.equal(1);
      expect(errors).to.include('story/not-fresh').and.not.match(STACK);
      expect(existsSync(file)).to.equal(true);
    });

    it('a report that cannot be written: exit code 1 before anything is started', async () => {
      const { code, output: said, errors } = await tacit('story', '--report', join(folder, 'nowhere', 'r.json'));
      expect(code).to.equal(1);
      expect(errors).to.include('no such folder').and.not.match(STACK);
      expect(said).not.to.include('starting');
    });
  });
});
