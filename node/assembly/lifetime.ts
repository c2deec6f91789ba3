import type { Logger } from 'pino';
import type { TacitError } from '../../primitives/errors.ts';
import { errorFields } from '../telemetry/index.ts';

/** Ends what was begun, the last first; one failure does not keep the others from ending. */
export class Stops {
  readonly #log: Logger;
  readonly #steps: (() => unknown)[] = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  readonly run = async (): Promise<void> => {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        this.#log.error(errorFields(error), 'a part of the node did not stop cleanly');
      }
    }
  };
}

/** What is wrong with the database, once something is: it is damaged, or takes no more writes. */
export class Damage {
  readonly #known = Promise.withResolvers<TacitError>();
  #first: TacitError | undefined;

  get first(): TacitError | undefined {
    return this.#first;
  }

  get known(): Promise<TacitError> {
    return this.#known.promise;
  }

  readonly note = (damage: TacitError): void => {
    this.#first ??= damage;
    this.#known.resolve(damage);
  };
}
