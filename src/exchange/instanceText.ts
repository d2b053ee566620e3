/**
 * The text of a planning problem, an instance or a fleet, in JSON or YAML, by content: text that begins with a brace is
 * JSON.
 */
import type { Fleet } from '../generator/fleet/fleetSchema.ts';
import { InputError, type InputIssue, showValue } from '../input/inputError.ts';
import type { Instance } from '../model/instance.ts';
import { parseJson } from '../model/jsonText.ts';
import { validateInstance } from '../model/validateInstance.ts';

/** An instance as read, and what its paths are called in the text, with their lines where that is YAML. */
export interface ReadInstance {
  readonly instance: Instance;
  readonly pathInText: (path: string) => string;
}

/** The instance in it, compiled if it is a fleet. Rejects with InputError in the words of the text. */
export async function instanceFromText(text: string): Promise<Instance> {
  return (await readInstanceText(text)).instance;
}

/** As `instanceFromText`, for those who speak of the text afterwards. */
export async function readInstanceText(text: string): Promise<ReadInstance> {
  if (/^\uFEFF?\s*[{[]/.test(text)) return instanceFromData(parseJson(text));
  const { readYaml } = await import('./yamlText.ts');
  const { data, lineOf } = readYaml(text);
  const withLine = (path: string): string => {
    const line = lineOf(path);
    return line === null ? path : `${path} (line ${line})`;
  };
  try {
    const { instance, pathInText } = await instanceFromData(data);
    return { instance, pathInText: (path) => withLine(pathInText(path)) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [first, ...rest] = error.issues.map((issue): InputIssue => ({ ...issue, path: withLine(issue.path) }));
    throw new InputError([first!, ...rest]);
  }
}

async function instanceFromData(data: unknown): Promise<ReadInstance> {
  if (typeof data !== 'object' || data === null) {
    const expected = 'a rolla-instance/1 (JSON) or a rolla-fleet/1 (YAML or JSON)';
    throw new InputError([{ path: '', value: showValue(data), expected }]);
  }
  if (!isFleet(data)) return { instance: validatedInstance(data), pathInText: (path) => path };
  const { compileFleet, pathInFleet } = await import('../generator/fleet/compileFleet.ts');
  return { instance: compileFleet(data), pathInText: (path) => pathInFleet(data, path) };
}

/** What is no fleet by its format may have been meant as one. */
function validatedInstance(data: object): Instance {
  try {
    return validateInstance(data);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [first, ...rest] = error.issues.map(
      (issue): InputIssue =>
        issue.path === 'format' ? { ...issue, expected: `${issue.expected} or "rolla-fleet/1"` } : issue,
    );
    throw new InputError([first!, ...rest]);
  }
}

function isFleet(data: object): data is Fleet {
  return 'format' in data && typeof data.format === 'string' && data.format.startsWith('rolla-fleet');
}
