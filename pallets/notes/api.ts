/** What clients ask of notes. */
import { bytes, option } from '../../primitives/scale/index.ts';
import { type Api, type Context, method } from '../support/index.ts';
import { bytesOfBin } from './bins.ts';
import { state } from './state.ts';
import { binIndex, classId, noteIndex } from './types.ts';

/** The closed bin in which a note stands; undefined while its bin is open, and of a note that is none. */
export function binOf(ctx: Context, id: number, note: number): number | undefined {
  const { store } = state.use(ctx);
  const known = store.classes.get()[id];
  if (known === undefined || note >= known.notes) return undefined;
  // Bins lie one behind the other: the first that ends behind the note has it.
  let [low, high] = [0, known.bins];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { first, count } = store.bins.get(id, middle)!;
    if (first + count <= note) low = middle + 1;
    else high = middle;
  }
  return low < known.bins ? low : undefined;
}

function bytesAt(ctx: Context, id: number, bin: number): Uint8Array | undefined {
  const notes = state.use(ctx);
  const record = notes.store.bins.get(id, bin);
  return record && bytesOfBin(notes, id, bin, record);
}

export const notesApi: Api = {
  version: 1,
  docs: 'Notes and their bins.',
  methods: {
    binOf: method({
      docs: 'The closed bin in which a note stands; none while its bin is open.',
      inputs: { class: classId, note: noteIndex },
      output: option(binIndex),
      run: (ctx, { class: id, note }): number | undefined => binOf(ctx, id, note),
    }),
    binBytes: method({
      docs: 'The canonical bytes of a closed bin, whose hash is its root: what proofs of claims are about.',
      inputs: { class: classId, bin: binIndex },
      output: option(bytes),
      run: (ctx, { class: id, bin }): Uint8Array | undefined => bytesAt(ctx, id, bin),
    }),
  },
};
