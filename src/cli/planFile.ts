/** Plans from files: a `rolla-plan/1`, or the plan of a `rolla-result/1`, where no instance need be at hand. */
import { InputError, showValue } from '../input/inputError.ts';
import type { Plan } from '../model/instance.ts';
import { parseJson } from '../model/jsonText.ts';
import { asRecord } from '../model/looseData.ts';
import { parsePlan } from '../model/validatePlan.ts';
import { readFileAs } from './files.ts';
import type { Terminal } from './terminal.ts';

/** Throws InputError, also for a result without a plan. */
export function readPlan(path: string, terminal: Terminal): Promise<Plan> {
  return readFileAs(path, terminal, (text) => {
    const data = parseJson(text);
    if (asRecord(data).format !== 'rolla-result/1') return parsePlan(data);
    const { plan, status } = asRecord(data);
    if (plan === null || plan === undefined) {
      const expected = `a plan; the result's status is ${showValue(status)}`;
      throw new InputError([{ path: 'plan', value: showValue(plan), expected }]);
    }
    return parsePlan(plan);
  });
}
