/** The events of a search as JSON lines (`--log-json`), read back from what may have been cut off or edited. */
import * as z from 'zod/mini';
import type { ProgressEvent } from '../bnb/progress.ts';
import { checkText, InputError, type InputIssue, refuse } from '../input/inputError.ts';
import { parseJson } from '../model/jsonText.ts';
import {
  anyNumber,
  atLeastZero,
  choice,
  exactly,
  list,
  nullable,
  record,
  text,
  wholeNumber,
} from '../model/schemaFields.ts';
import { toInputIssues } from '../model/schemaIssues.ts';

const count = (what: string) => wholeNumber(0, what);
const money = (what: string) => nullable(anyNumber(what));

const everyEvent = {
  nodes: count('nodes'),
  openNodes: count('nodes'),
  bound: money('lower bound'),
  incumbent: money('cost'),
  gap: nullable(atLeastZero('fraction')),
  simplexIterations: count('iterations'),
  seconds: atLeastZero('s'),
  letter: nullable(text('letter of the source of the incumbent')),
};

const node = record('a settled node', {
  id: count('id'),
  depth: count('depth'),
  bound: money('lower bound'),
  end: choice(['branched', 'infeasible', 'cutoff', 'solution', 'unsettled'], 'how it ended'),
  branching: nullable(
    record('what it was branched on', { on: text('what it was branched on'), value: anyNumber('value') }),
  ),
  children: list(
    'children',
    record('a child', { id: count('id'), direction: choice(['down', 'up'], 'direction'), bound: money('lower bound') }),
  ),
});

const kinds = {
  root: { node },
  node: { node },
  incumbent: { source: text('source'), node: nullable(count('id')) },
  round: { round: count('rounds'), cuts: count('cuts'), columns: count('columns') },
  restart: {},
  end: { status: text('status') },
} as const satisfies Readonly<Record<ProgressEvent['kind'], z.core.$ZodLooseShape>>;

const names = Object.keys(kinds) as (keyof typeof kinds)[];
const eventSchema = z.discriminatedUnion(
  'kind',
  names.map((kind) => record(`an event "${kind}"`, { kind: exactly(kind), ...everyEvent, ...kinds[kind] })) as never,
  { error: `an event whose kind is one of ${names.join(', ')}` },
);

/**
 * The events of a log, in order; a last line that was cut off is left out.
 * @throws InputError with every line that is none.
 */
export function readProgressLines(lines: string): ProgressEvent[] {
  checkText(lines, 'lines', 'events, one on each line');
  const whole = lines.split('\n').slice(0, -1);
  const issues: InputIssue[] = [];
  const events: ProgressEvent[] = [];
  for (const [index, line] of whole.entries()) {
    if (line.trim() === '') continue;
    const at = `line ${index + 1}`;
    const named = (found: readonly InputIssue[]) =>
      issues.push(...found.map((issue) => ({ ...issue, path: issue.path === '' ? at : `${at}, ${issue.path}` })));
    try {
      const data = parseJson(line);
      const parsed = eventSchema.safeParse(data);
      if (parsed.success) events.push(data as ProgressEvent);
      else named(toInputIssues(parsed.error, data));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      named(error.issues);
    }
  }
  refuse(issues);
  return events;
}
