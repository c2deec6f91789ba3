/**
 * The notes of a wallet: finding them, what has spent them, what change they have left, and keeping what was read. Owns what is asked of a node for that.
 * Does not own claims (client/sdk/claim.ts), nor where the store's text is kept (`Files`).
 *
 * ```ts
 * const text = await files.read('my.wallet.notes');
 * const book = text === undefined ? undefined : openBook(wallet, chain.genesis, text);
 * const found = await scan(chain, wallet, book); // goes on where the last scan ended
 * await files.replace('my.wallet.notes', sealBook(wallet, found, random));
 * ```
 */
export { nameOf } from './follow.ts';
export { emptyBook, scan } from './scan.ts';
export { openBook, sealBook } from './store.ts';
export type { BinView, Book, Cursor, OfClaim, OfRound, OpenBinView, OwnNote, Problem, Scan, SpentBy } from './types.ts';
