/** What is to happen, the earliest first. */

interface Entry {
  readonly time: number;
  readonly order: number;
  readonly act: () => void;
}

const isBefore = (a: Entry, b: Entry): boolean => a.time < b.time || (a.time === b.time && a.order < b.order);

/** A binary heap of acts. Of acts at one time the one that was put in first comes first. */
export class Timeline {
  readonly #heap: Entry[] = [];
  #orders = 0;

  at(time: number, act: () => void): void {
    const heap = this.#heap;
    const entry = { time, order: this.#orders++, act };
    let place = heap.push(entry) - 1;
    while (place > 0) {
      const up = (place - 1) >> 1;
      if (isBefore(heap[up] as Entry, entry)) break;
      heap[place] = heap[up] as Entry;
      place = up;
    }
    heap[place] = entry;
  }

  /** Does what is due up to `end`, in order; acts may put in more. */
  run(end: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.time <= end; next = this.#heap[0]) {
      this.#removeFirst();
      next.act();
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop() as Entry;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let down = 2 * place + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && isBefore(heap[down + 1] as Entry, heap[down] as Entry)) down++;
      if (isBefore(last, heap[down] as Entry)) break;
      heap[place] = heap[down] as Entry;
      place = down;
    }
    heap[place] = last;
  }
}
