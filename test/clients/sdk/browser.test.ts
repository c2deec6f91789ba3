/** The packed SDK in a browser, against a real node: a page under a strict policy reads with proof, pays, and builds a submission that a committee accepts. */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Browser, Page as Tab } from 'playwright-core';
import { connect } from '../../../client/sdk/connect.ts';
import { devAccount } from '../../../client/sdk/keys.ts';
import { pay } from '../../../client/sdk/model.ts';
import { fromAddress } from '../../../primitives/crypto/ss58.ts';
import { type DevNode, startDevNode } from '../dev-node.ts';
import { chromiumPath, NO_CHROMIUM, startChromium } from './chromium.ts';
import type { Page } from './page.ts';
import { openSite, policyFor, type Site } from './site.ts';
import { exampleInput, judged } from './submission.ts';
import { ofText, toText } from './tagged.ts';

const TAC = 1_000_000n;
const PAID = 50n * TAC;
const SENT = 7n * TAC;
/** Turns of the page's event loop that a build in a worker must leave it: it takes hundreds of milliseconds, a turn a few. */
const LEAST_TURNS = 10;
const specification = readFileSync(fileURLToPath(new URL('../../../chain-spec/dev.json', import.meta.url)), 'utf8');

declare const page: Page;

describe('clients: the packed SDK in a browser', function () {
  this.timeout(600_000);
  let node: DevNode;
  let site: Site;
  let browser: Browser;
  let tab: Tab;
  /** What the browser refused, or what went wrong in the page unheard. */
  let complaints: string[];
  let account: Uint8Array;

  /** A tab with the page, its script run if the policy lets it. */
  async function open(): Promise<Tab> {
    const opened = await browser.newPage();
    opened.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
    opened.on('pageerror', (error) => complaints.push(error.message));
    await opened.goto(site.url);
    await untilRun(opened);
    return opened;
  }
  /** The same module again: waits until it has run, or throws what it threw. */
  const untilRun = (opened: Tab): Promise<void> =>
    opened.evaluate(async (script) => {
      await import(script);
    }, '/page.js');

  before(async function () {
    const path = chromiumPath();
    if (path === undefined) {
      console.log(`      ${NO_CHROMIUM}`);
      return this.skip();
    }
    node = await startDevNode();
    site = await openSite(policyFor(node.ws));
    browser = await startChromium(path);
  });
  beforeEach(async () => {
    site.policy = policyFor(node.ws);
    complaints = [];
  });
  after(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
    await node?.stop();
  });

  it('the page is made of nothing of Node', () => {
    const builtins = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
    const imports = Object.values(site.inputs).flatMap((input) => input.imports);
    expect(imports.filter(({ path, external }) => external && builtins.has(path))).to.deep.equal([]);
    expect(Object.keys(site.inputs).some((path) => path.endsWith('@tacit/client/dist/index.js'))).to.equal(true);
  });

  it('makes a wallet, and has it again when it is loaded anew', async () => {
    tab = await open();
    const address = await tab.evaluate(() => page.wallet());
    await tab.reload();
    await untilRun(tab);
    expect(await tab.evaluate(() => page.wallet())).to.equal(address);
    account = fromAddress(address);
    expect(complaints).to.deep.equal([]);
  });

  it('has finality and balances proved, pays by a call that it signs, and refuses what is not proved', async () => {
    expect(await tab.evaluate((given) => page.connect(...given), [node.ws, specification] as const)).to.be.above(0);
    const others = specification.replace(/("grandpa": "0x)../, '$100');
    expect(await tab.evaluate((given) => page.refusal(...given), [node.ws, others] as const)).to.equal(
      'light/not-final',
    );
    await using ours = await connect(node.ws, { chain: specification });
    await pay(ours, devAccount('//Alice'), [account], PAID);
    const destination = devAccount('//Payee').publicKey;
    const order = [toText(destination), `${SENT}`] as const;
    expect(ofText(await tab.evaluate((given) => page.payOn(...given), order))).to.equal(SENT);
    await tab.evaluate(() => page.close());
    expect(complaints).to.deep.equal([]);
  });

  it('builds a submission in a worker that the committee accepts, while the page goes on', async () => {
    const example = exampleInput(account);
    const input = toText(example.input);
    const told = await tab.evaluate((given) => page.build(...given), [input, '/worker.js'] as const);
    const { sealed, progress, turns } = ofText(told) as { sealed: Uint8Array; progress: number[]; turns: number };
    expect(progress).to.deep.equal([0, 1]);
    expect(turns).to.be.least(LEAST_TURNS);
    const { verdict, values } = judged(example, sealed);
    expect(verdict).to.deep.equal({ status: 'passed', failures: [], liars: [] });
    expect(values).to.deep.equal(example.values);
    // what is counted stands still when the page itself builds
    const blocked = ofText(await tab.evaluate((given) => page.build(given, undefined), input)) as { turns: number };
    expect(blocked.turns).to.equal(0);
    expect(complaints).to.deep.equal([]);
  });

  describe('the policy: all that is allowed is needed, and what is missing is told', () => {
    const without = (part: string, from: string): string => {
      expect(from).to.include(part);
      return from.replace(part, '');
    };
    const WASM = "'wasm-unsafe-eval'";

    it('is the one that the SDK’s page names', () => {
      const readme = readFileSync(fileURLToPath(new URL('../../../client/sdk/README.md', import.meta.url)), 'utf8');
      const { page: ofPage, worker } = policyFor('wss://node.example');
      expect(readme.split('\n')).to.include(`page       ${ofPage}`).and.include(`worker.js  ${worker}`);
    });

    it('WebAssembly, in the page', async () => {
      site.policy = { ...site.policy, page: without(WASM, site.policy.page) };
      const failed = await open().then(
        () => 'it runs',
        (error: Error) => error.message,
      );
      expect(failed).to.include('WebAssembly');
    });

    it('WebAssembly, in the worker', async () => {
      site.policy = { ...site.policy, worker: without(WASM, site.policy.worker) };
      expect(await failureOf('/worker.js'))
        .to.include('sdk/thread-ended')
        .and.include('WebAssembly');
    });

    it('workers', async () => {
      site.policy = { ...site.policy, page: site.policy.page.replace("worker-src 'self'", "worker-src 'none'") };
      expect(await failureOf('/worker.js'))
        .to.include('sdk/thread-ended')
        .and.include('does the page’s policy allow it');
    });

    it('the worker’s file', async () => {
      expect(await failureOf('/nowhere.js'))
        .to.include('sdk/thread-ended')
        .and.include('served');
    });

    it('the node', async () => {
      site.policy = { ...site.policy, page: without(node.ws, site.policy.page) };
      const lonely = await open();
      const told = await lonely.evaluate((given) => page.unreachable(...given), [node.ws, specification] as const);
      expect(told).to.equal('sdk/unreachable');
      expect(complaints.join()).to.include('Content Security Policy');
    });

    async function failureOf(url: string): Promise<string> {
      const opened = await open();
      const input = toText(exampleInput(account).input);
      return opened.evaluate((given) => page.failure(...given), [input, url] as const);
    }
  });
});
