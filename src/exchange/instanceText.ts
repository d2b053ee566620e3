/**
 * The text of a planning problem, an instance or a fleet, in JSON or YAML, by content: text that begins with a brace is
 * JSON.
 */
import type { Fleet } from '../generator/fleet/fleetSchema.ts';
import { InputError, type InputIssue, showValue } from '../model/inputError.ts';
import type { Instance } from '../model/instance.ts';
import { parseJson } from '../model/jsonText.ts';
import { validateInstance } from '../model/validateInstance.ts';

/**
 * The instance in it, compiled if it is a fleet. Rejects with InputError; paths in YAML have their line behind them.
 */
export async function instanceFromText(text: string): Promise<Instance> {
  if (/^\uFEFF?\s*[{[]/.test(text)) return instanceFromData(parseJson(text));
  const { readYaml } = await import('./yamlText.ts');
  const { data, lineOf } = readYaml(text);
  try {
    return await instanceFromData(data);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const withLine = (issue: InputIssue): InputIssue => {
      const line = lineOf(issue.path);
      return line === null ? issue : { ...issue, path: `${issue.path} (line ${line})` };
    };
    const [first, ...rest] = error.issues;
    throw new InputError([withLine(first!), ...rest.map(withLine)]);
  }
}

async function instanceFromData(data: unknown): Promise<Instance> {
  if (typeof data !== 'object' || data === null) {
    const expected = 'a rolla-instance/1 (JSON) or a rolla-fleet/1 (YAML or JSON)';
    throw new InputError([{ path: '', value: showValue(data), expected }]);
  }
  if (!isFleet(data)) return validateInstance(data);
  const { compileFleet } = await import('../generator/fleet/compileFleet.ts');
  return compileFleet(data);
}

function isFleet(data: object): data is Fleet {
  return 'format' in data && typeof data.format === 'string' && data.format.startsWith('rolla-fleet');
}
