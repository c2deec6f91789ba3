import { TacitError } from '../../primitives/errors.ts';
import { u128, vec, type Of, field } from '../../primitives/scale/index.ts';
import { type Context, defineState, definePallet, ensure, event, map, method } from '../support/index.ts';
import { NAMES, parameterInfo, type ParameterInfo, parameterName, type ParameterName, PARAMETERS } from './table.ts';
import { YEAR } from './parameter.ts';
import { weights } from './weights.ts';

/** A parameter's name as calls and storage have it. */
export const parameterKey = (name: ParameterName): Of<typeof parameterName> =>
  ({ tag: name }) as Of<typeof parameterName>;

const state = defineState({
  name: 'Parameters',
  index: 37,
  docs: 'Numbers that govern the other pallets. Governance changes them, within bounds that are part of the runtime.',
  storage: {
    values: map(parameterName, u128, {
      hasher: 'twox64Concat',
      docs: 'What was set; what is not here has its default.',
    }),
  },
  events: {
    ParameterSet: event('A parameter was set.', {
      name: field(parameterName, 'Which.'),
      before: field(u128, 'What held before.'),
      now: field(u128, 'What holds from now on.'),
    }),
  },
  errors: { OutOfBounds: 'The value is outside of what the parameter may be.' },
});

/** Numbers of the chain: one table, each with bounds, changed by governance only. */
export const parameters = definePallet({
  ...state,
  calls: {
    setParameter: {
      index: 0,
      docs: 'Set a parameter. Only the chain itself may: by a proposal.',
      args: { name: field(parameterName, 'Which.'), value: field(u128, 'To what.') },
      weight: ({ measured }) => measured(weights.setParameter),
      run({ ctx, store, origin, events, errors }, { name, value }) {
        origin.root();
        const { least, most } = PARAMETERS[name.tag];
        ensure(value >= least && value <= most, errors.OutOfBounds);
        const before = parameter(ctx, name.tag);
        store.values.put(name, value);
        events.ParameterSet({ name, before, now: value });
      },
    },
  },
  genesis({ store }, config: Readonly<Record<string, bigint>> | undefined) {
    for (const [name, value] of Object.entries(config ?? {}))
      store.values.put(parameterKey(knownName(name, value)), value);
  },
  tryState({ store }) {
    for (const [[name], value] of store.values.entries()) knownName(name.tag, value);
  },
  apis: {
    ParametersApi: {
      version: 1,
      docs: 'Numbers that govern the other pallets.',
      methods: {
        all: method({
          docs: 'Every parameter, with its bounds.',
          inputs: {},
          output: vec(parameterInfo),
          run: (ctx): ParameterInfo[] =>
            NAMES.map((name) => {
              const { least, most } = PARAMETERS[name];
              return { name: parameterKey(name), value: parameter(ctx, name), least, most };
            }),
        }),
      },
    },
  },
});

/** Throws `parameters/unknown` or `parameters/out-of-bounds`. */
function knownName(name: string, value: bigint): ParameterName {
  const found = NAMES.find((known) => known === name);
  if (found === undefined) throw new TacitError('parameters/unknown', `there is no parameter '${name}'`);
  const { least, most } = PARAMETERS[found];
  if (value >= least && value <= most) return found;
  throw new TacitError('parameters/out-of-bounds', `${name} is from ${least} to ${most}, not ${value}`);
}

/** What a parameter is now. */
export function parameter(ctx: Context, name: ParameterName): bigint {
  return state.use(ctx).store.values.get(parameterKey(name)) ?? PARAMETERS[name].default;
}

export { type ParameterName, PARAMETERS, YEAR };
