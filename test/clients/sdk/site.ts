/** A site on this machine with one page, which has the packed SDK, under a policy that allows nothing but what is named. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { scratchFolder } from '../../support/scratch.ts';
import { packedSdk, programOf } from './packed.ts';

/** What is allowed, to the page and to its worker. */
export interface Policy {
  readonly page: string;
  readonly worker: string;
}

/** What client/sdk/README.md tells its readers to allow. */
export function policyFor(node: string): Policy {
  return {
    page: `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src ${node}`,
    worker: `default-src 'none'; script-src 'wasm-unsafe-eval'`,
  };
}

export interface Site extends AsyncDisposable {
  readonly url: string;
  /** May be changed: counts from the next load on. */
  policy: Policy;
  /** What the page's script is made of. */
  readonly inputs: Metafile['inputs'];
  /** The files that are served. */
  readonly script: Buffer;
  readonly worker: Buffer;
}

const HTML = '<!doctype html><meta charset="utf-8"><title>Tacit</title><script type="module" src="/page.js"></script>';

export async function openSite(policy: Policy): Promise<Site> {
  const outfile = join(scratchFolder('site'), 'page.js');
  const made = await programOf('./page.ts', outfile, 'browser');
  const script = readFileSync(outfile);
  const worker = readFileSync(join((await packedSdk()).sdk, 'dist/browser/worker.js'));
  const server = createServer(({ url }, answer) => {
    const send = (type: string, allowed: string, body: string | Buffer): void => {
      answer.writeHead(200, { 'content-type': type, 'content-security-policy': allowed }).end(body);
    };
    if (url === '/') send('text/html', site.policy.page, HTML);
    else if (url === '/page.js') send('text/javascript', site.policy.page, script);
    else if (url === '/worker.js') send('text/javascript', site.policy.worker, worker);
    else answer.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const site: Site = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    policy,
    inputs: made.metafile?.inputs ?? {},
    script,
    worker,
    [Symbol.asyncDispose]: () => closed(server),
  };
  return site;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
