/** The one description of options in files: those that are data; a signal and a callback are not. */
import type * as z from 'zod/mini';
import { strategyChoices, strategyCounts, strategyPresets, strategySwitches } from '../bnb/strategy.ts';
import { optional, record, withMeta } from '../model/schemaFields.ts';
import { type OptionDescription, type OptionTable, optionTable } from './optionTable.ts';

const presetName = { type: 'string', enum: Object.keys(strategyPresets), description: 'Name of a preset' };
const nameOrOwn = (names: readonly string[], what: string) => ({
  description: `Name of ${what}, or one of your own`,
  anyOf: [{ enum: names }, { type: 'string' }],
});

/** A strategy as editors see it; what it may be is said by `bnb/strategy.ts`. */
const strategySchema = {
  anyOf: [
    presetName,
    {
      type: 'object',
      properties: {
        base: presetName,
        childOrder: { type: 'string', enum: strategyChoices.childOrder, description: 'childOrder' },
        nodeSelection: nameOrOwn(strategyChoices.nodeSelection, 'a node order'),
        branchingRule: nameOrOwn(strategyChoices.branchingRule, 'a branching rule'),
        lpPricing: nameOrOwn(strategyChoices.lpPricing, 'a pricing rule of the LP'),
        plugins: {
          description: 'Branching rules, node orders, separators and heuristics of your own',
          type: 'array',
        },
        parameters: {
          description: 'Numbers by path, which rolla strategies lists',
          type: 'object',
          additionalProperties: { type: ['number', 'array'] },
        },
        ...Object.fromEntries(strategySwitches.map((name) => [name, { type: 'boolean', description: name }])),
        ...Object.fromEntries(
          strategyCounts.map((name) => [
            name,
            { description: name, type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
          ]),
        ),
        classOrder: {
          anyOf: [{ type: 'array', items: { type: 'string', description: 'a branching class' } }, { type: 'null' }],
        },
      },
      additionalProperties: false,
      description: 'changes to a strategy',
    },
  ],
} as z.core.GlobalMeta;

withMeta(optionTable.strategy.field, strategySchema);

/** JSON has no Infinity: no limit is said by nothing. */
function withDefault({ field, default: value }: OptionDescription) {
  return value === undefined || value === null || value === Infinity ? field : withMeta(field, { default: value });
}

export const optionsSchema = record(
  'options of a solve',
  Object.fromEntries(
    Object.entries(optionTable as OptionTable)
      .filter(([, { group }]) => group !== 'library')
      .map(([name, option]) => [name, optional(withDefault(option))]),
  ),
);
