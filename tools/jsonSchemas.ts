/** The JSON schemas of the package, made of the descriptions that validation works with. */
import * as z from 'zod/mini';
import { fleetSchema } from '../src/generator/fleet/fleetSchema.ts';
import { instanceSchema } from '../src/model/instanceSchema.ts';
import { planSchema } from '../src/model/planSchema.ts';
import { optionsSchema } from '../src/planner/optionsSchema.ts';
import { resultSchema } from '../src/planner/resultSchema.ts';
import { scenarioLineSchema } from '../src/scenarios/scenarioSchema.ts';

const described = {
  'rolla-fleet': fleetSchema,
  'rolla-instance': instanceSchema,
  'rolla-plan': planSchema,
  'rolla-result': resultSchema,
  'rolla-options': optionsSchema,
  'rolla-scenarios': scenarioLineSchema,
};

/** Text of each file of `schema/` by its name. Draft 7, which editors read. */
export function jsonSchemaFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(described).map(([title, schema]) => {
      // What zod cannot express (a field with a check of its own) brings its JSON schema along (`schemaFields.ts`).
      const { $schema, ...body } = z.toJSONSchema(schema, { target: 'draft-7', unrepresentable: 'any' });
      return [
        `${title}.json`,
        `${JSON.stringify({ $schema, title: title === 'rolla-options' ? title : `${title}/1`, ...body }, null, 1)}\n`,
      ];
    }),
  );
}
