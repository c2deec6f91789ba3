/** Which web pages may speak with a node: a page reads whatever the browser lets it reach, unasked. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { TacitError } from '../../primitives/errors.ts';

/** Pages that may connect without being named: the block explorer and wallet that every Substrate chain is looked at with. */
const KNOWN_PAGES: readonly string[] = ['https://polkadot.js.org'];
/** Extensions that speak with nodes themselves, by the ids that the Chrome Web Store gives them. Firefox draws an id per installation: there, give the origin. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['polkadot-js', 'chrome-extension://mopnmbcafieddcagagdcbnhejhlodfdd'],
  ['talisman', 'chrome-extension://fijngjgcjhjmmpcmkeiomlglpeiijkld'],
  ['subwallet', 'chrome-extension://onhogfjeacnfoofkfgppdlbmlmnplgbn'],
]);
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Schemes of extensions, and of wallets that bring a browser along; compared as text: for them `URL.origin` says nothing. */
const APP_SCHEMES: ReadonlySet<string> = new Set([
  'chrome-extension:',
  'moz-extension:',
  'safari-web-extension:',
  'tauri:',
  'capacitor:',
  'ionic:',
]);

/** Origins besides those of this machine; `all` lets in any page. */
export type Origins = readonly string[] | 'all';
/** Without a flag: polkadot.js.org. Pages that this machine serves are welcome in any case. */
export const DEFAULT_ORIGINS: Origins = KNOWN_PAGES;

function originOf(text: string): string {
  const extension = EXTENSIONS.get(text);
  if (extension !== undefined) return extension;
  if (URL.canParse(text)) {
    const { origin, protocol, host } = new URL(text);
    if (origin === text) return origin;
    if (APP_SCHEMES.has(protocol) && host !== '' && text === `${protocol}//${host}`) return text;
  }
  const names = [...EXTENSIONS.keys()].join(', ');
  throw new TacitError(
    'rpc/bad-origin',
    `'${text}' is no origin; write one like https://example.org, the name of an extension (${names}), all, or none`,
  );
}

/**
 * What a flag says: `all`; `none`; or origins and names of extensions, with commas between, besides the pages that are known anyway.
 * @throws TacitError `rpc/bad-origin`
 */
export function parseOrigins(text: string): Origins {
  if (text === 'all') return 'all';
  if (text === 'none') return [];
  const named = text.split(',').map((each) => originOf(each.trim()));
  return [...new Set([...KNOWN_PAGES, ...named])];
}

function isLoopbackPage(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname, protocol } = new URL(origin);
  return ['http:', 'https:'].includes(protocol) && LOOPBACK_NAMES.has(hostname);
}

/** Programs send no origin. */
export function isAllowedOrigin(origins: Origins, origin: string | undefined): boolean {
  return origin === undefined || origins === 'all' || origins.includes(origin) || isLoopbackPage(origin);
}

const PROXY_HEADERS: readonly (keyof IncomingHttpHeaders)[] = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

/**
 * Whether a program of this machine asks, or a page that this machine serves: only they may touch keys. What a proxy forwards, or a page from elsewhere asks for
 * through the browser of this machine, is not.
 */
export function isOfThisMachine({ headers, socket }: IncomingMessage): boolean {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  if (address !== '::1' && !address.startsWith('127.')) return false;
  if (PROXY_HEADERS.some((name) => headers[name] !== undefined)) return false;
  return headers.origin === undefined || isLoopbackPage(headers.origin);
}

/** Origins that were told of; beyond that many, no more are. */
const MAX_TOLD = 64;

/** Tells of each refused origin once. */
export class Refusals {
  readonly #told = new Set<string>();
  readonly #tell: (origin: string, remedy: string) => void;

  constructor(tell: (origin: string, remedy: string) => void) {
    this.#tell = tell;
  }

  note(origin: string): void {
    const name = origin.slice(0, 200);
    if (this.#told.has(name) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(name);
    const remedy =
      origin === 'null'
        ? 'the page has no origin (a file, or a sandboxed frame): serve it from this machine, or start the node with --rpc-origins all'
        : `if it is yours, start the node with --rpc-origins ${name}`;
    this.#tell(name, remedy);
  }
}
