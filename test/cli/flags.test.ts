/**
 * Every flag of every command, from the tables that the commands are made of: what is wrong is refused by its name, all
 * of it at once, in the words of the library's InputError, before anything is done.
 */
import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { exitCodes } from '../../src/cli/exitCodes.ts';
import { type CliCommand, type FlagRow, flagName, valueRule } from '../../src/cli/flags.ts';
import { wholeProgram } from '../../src/cli/runCli.ts';
import { printableTerminal } from '../../src/cli/terminal.ts';
import { runCaptured, temporaryFolder } from './capturedCli.ts';

const file = temporaryFolder();
const silent = {
  out: () => {},
  err: () => {},
  readStdin: () => Promise.resolve(new Uint8Array()),
  errIsTerminal: false,
};
const program = await wholeProgram({ terminal: printableTerminal(silent), finish: () => {} });

/** Commands that do something, by the words that call them. */
const commands = new Map<string, CliCommand>();
const collect = (parent: CliCommand, words: string): void => {
  for (const command of parent.commands as CliCommand[]) {
    const name = `${words}${command.name()}`;
    if (command.rows.size > 0 || command.commands.length === 0) commands.set(name, command);
    collect(command, `${name} `);
  }
};
collect(program, '');

const hasValue = ([, { argument }]: readonly [string, FlagRow]) => argument !== undefined;

/** Texts that are wrong for a JSON schema of numbers and words. */
function wrongFor(schema: z.core.JSONSchema.BaseSchema): string[] {
  const { type, anyOf, minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema;
  const words = ['', ' ', 'NaN', 'wrong words', '[]', '1e', '0x'];
  if (anyOf !== undefined) {
    const [first, ...rest] = anyOf.map((each) => wrongFor(each as z.core.JSONSchema.BaseSchema));
    return first.filter((text) => rest.every((others) => others.includes(text)));
  }
  if (type !== 'number' && type !== 'integer') return [...words, '3', '-Infinity'];
  const beyond = [
    minimum === undefined ? [] : minimum - 1,
    exclusiveMinimum ?? [],
    maximum === undefined ? [] : maximum + 1,
    exclusiveMaximum ?? [],
    type === 'integer' ? [(minimum ?? 0) + 0.5] : [],
  ].flat();
  return [...words, '-Infinity', ...beyond.map(String)];
}

function wrongTexts(row: FlagRow): string[] {
  const { field, choices } = valueRule(row);
  if (row.many === 'record') return ['', 'name', '=value', 'name='];
  if (field !== undefined) {
    const schema = z.toJSONSchema(field, { unrepresentable: 'any' }) as z.core.JSONSchema.BaseSchema;
    return [...wrongFor(schema), ...(choices === undefined ? [] : [`${choices[0]}x`, choices[0].toUpperCase()])];
  }
  return row.value === undefined ? ['', ' '] : ['', ' ', 'wrong words', '?'];
}

let numFiles = 0;
/** The flag as it might be given. */
function given(name: string, row: FlagRow, value?: unknown): string[] {
  if (row.argument === undefined) return [flagName(name)];
  const text = value === undefined ? valueRule(row).example : String(value);
  if (row.isOutput === true) return [flagName(name), file(`output ${numFiles++}`)];
  return [flagName(name), row.many === 'record' ? `${row.names?.[0] ?? 'name'}=${text}` : text];
}

const linesOf = ({ err }: { readonly err: string }) => err.split('\n').slice(0, -1);
const sentence = /^rolla: .+: found .+, expected .+$/s;

/** The faults of a call, of which there must be some and nothing else. */
async function faultsOf(words: string, args: readonly string[]): Promise<string[]> {
  const run = await runCaptured([...words.split(' '), ...args]);
  expect(run.exitCode).toBe(exitCodes.badInput);
  expect(run.out).toBe('');
  for (const line of linesOf(run)) expect(line).toMatch(sentence);
  return linesOf(run);
}

it('knows every command and has every flag in a table', () => {
  expect(commands.size).toBeGreaterThan(27);
  for (const [name, command] of commands)
    expect([name, command.options.map(({ long }) => long)]).toEqual([name, [...command.rows.keys()].map(flagName)]);
  expect(program.options.map(({ long }) => long)).toEqual(['--version']);
});

/** What some of the commands have, each with the command's words; the others are left out. */
const having = <What>(of: (command: CliCommand) => readonly What[]) =>
  [...commands]
    .map(([words, command]) => ({ words, command, found: of(command) }))
    .filter(({ found }) => found.length > 0);
const declared = (command: CliCommand) => command.registeredArguments;

describe.each(having((command) => [...command.rows].filter(hasValue)))('rolla $words', ({ words, found: valued }) => {
  it('refuses each wrong value of each flag, with the flag, what was found and what was expected', async () => {
    for (const [name, row] of valued) {
      const texts = wrongTexts(row);
      expect(texts.length).toBeGreaterThan(1);
      for (const text of texts) {
        // With an equals sign, so that a value may begin with a dash.
        const lines = await faultsOf(words, [`${flagName(name)}=${text}`]);
        const own = lines.filter((line) => line.startsWith(`rolla: ${flagName(name)}: found `));
        expect([name, text, own.length > 0]).toEqual([name, text, true]);
      }
    }
  });

  it('refuses each wrong value of a flag that may be given again and again, beside right ones', async () => {
    for (const [name, row] of valued.filter(([, { many }]) => many !== undefined)) {
      const wrong = wrongTexts(row).slice(0, 2);
      const values = wrong.flatMap((text) => [`${flagName(name)}=${text}`, ...given(name, row)]);
      const lines = await faultsOf(words, values);
      for (const text of wrong) {
        const own = lines.filter((line) => line.startsWith(`rolla: ${flagName(name)}: found ${JSON.stringify(text)}`));
        expect([name, text, own.length > 0]).toEqual([name, text, true]);
      }
    }
  });

  it('takes the example of each flag', async () => {
    for (const [name, row] of valued) {
      const lines = await faultsOf(words, [...given(name, row), '--no-such-flag']);
      const own = lines.filter((line) => line.startsWith(`rolla: ${flagName(name)}: found `));
      // But for what it needs beside it.
      expect(own.filter((line) => !/: found (no )?--/.test(line))).toEqual([]);
    }
  });

  it('says that a value is missing', async () => {
    for (const [name] of valued)
      expect(await faultsOf(words, [flagName(name)])).toContainEqual(
        expect.stringMatching(`^rolla: ${flagName(name)}: found missing, expected `),
      );
  });

  it('tells all wrong flags at once, and unknown ones', async () => {
    // More lines than forty are counted, not printed.
    for (let at = 0; at < valued.length; at += 20) {
      const some = valued.slice(at, at + 20);
      const args = some.map(([name, row]) => `${flagName(name)}=${wrongTexts(row)[0]}`);
      const lines = await faultsOf(words, ['--no-such-flag', '--nor-this', ...args]);
      for (const path of ['--no-such-flag', '--nor-this', ...some.map(([name]) => flagName(name))])
        expect(lines.filter((line) => line.startsWith(`rolla: ${path}: found `)).length).toBeGreaterThan(0);
    }
  });
});

it.each(having((command) => declared(command).filter((argument) => argument.required)))(
  'rolla $words says which arguments are missing',
  async ({ words, found }) => {
    const lines = await faultsOf(words, []);
    for (const argument of found)
      expect(lines).toContainEqual(expect.stringMatching(`^rolla: argument '${argument.name()}': found missing, `));
  },
);

it.each(having(declared))('rolla $words refuses an empty argument', async ({ words, found: [first] }) => {
  expect(await faultsOf(words, [''])).toContainEqual(
    expect.stringMatching(`^rolla: argument '${first.name()}': found "", expected `),
  );
});

const bounded = [...commands].filter(([, command]) => !declared(command).some((argument) => argument.variadic));
it.each(bounded)('rolla %s refuses an argument too many', async (words, command) => {
  const most = declared(command).length;
  const lines = await faultsOf(words, [...declared(command).map(() => 'x'), 'one more']);
  expect(lines).toContain(`rolla: arguments: found "one more" too, expected no more than ${most}`);
});

/** Each flag of a command with each that it needs, or excludes. */
const beside = (kind: 'needs' | 'excludes') => (command: CliCommand) =>
  [...command.rows].flatMap(([name, row]) =>
    Object.entries(row[kind] ?? {}).map(([other, values]) => ({ name, row, other, values })),
  );

it.each(having(beside('needs')))(
  'rolla $words refuses a flag without what it needs',
  async ({ words, command, found }) => {
    for (const { name, row, other, values } of found) {
      expect(await faultsOf(words, given(name, row))).toContainEqual(
        expect.stringMatching(`^rolla: ${flagName(name)}: found no ${flagName(other)}, expected `),
      );
      const choices = values === true ? [] : (valueRule(command.rows.get(other)!).choices ?? []);
      for (const choice of choices.filter((each) => !(values as readonly unknown[]).includes(each))) {
        const lines = await faultsOf(words, [...given(name, row), ...given(other, command.rows.get(other)!, choice)]);
        expect(lines).toContainEqual(
          expect.stringMatching(`^rolla: ${flagName(name)}: found ${flagName(other)} ${choice}, expected `),
        );
      }
    }
  },
);

it.each(having(beside('excludes')))(
  'rolla $words refuses flags that exclude each other',
  async ({ words, command, found }) => {
    for (const { name, row, other, values } of found)
      for (const value of values === true ? [undefined] : values) {
        const lines = await faultsOf(words, [...given(name, row), ...given(other, command.rows.get(other)!, value)]);
        const named = value === undefined ? flagName(other) : `${flagName(other)} ${value}`;
        expect(lines).toContain(`rolla: ${flagName(name)}: found ${named} too, expected one of them`);
      }
  },
);

it('says that a switch takes no value', async () => {
  expect(await faultsOf('solve fleet.yaml', ['--quiet=yes', '--gap=2'])).toEqual([
    expect.stringMatching('^rolla: --gap: found 2, expected '),
    'rolla: --quiet: found "yes", expected no value: it is a switch',
  ]);
});

it('says what is wrong where no command is named', async () => {
  for (const words of ['--quiet solve', '--quiet', 'queue --quiet']) {
    const [line, ...rest] = await faultsOf(words, []);
    expect(line).toMatch(/^rolla: --quiet: found a flag that is unknown, expected a flag of rolla( queue)? \(/);
    expect(rest).toEqual([]);
  }
});

it('names a flag of several forms that is not the one needed', async () => {
  expect(await faultsOf('frontier --over gamma=0,1 --points 3', [])).toEqual([
    'rolla: --points: found another --over, expected --over gpus beside it',
  ]);
});

describe('flags of rolla import', () => {
  it('are told that they stand before a command of its own', async () => {
    const lines = await faultsOf('import', ['--price', 'L4=1', 'solution', 'fleet.yaml', 'fleet.sol']);
    expect(lines).toEqual(['rolla: --price: found it before solution, expected its flags behind it']);
  });

  it('name each entry once', async () => {
    const lines = await faultsOf('import', ['tables', 'a.csv', '--price', 'L4=1', '--price', 'L4=2']);
    expect(lines).toEqual(['rolla: --price: found "L4" twice, expected each once']);
  });
});

describe('rolla queue', () => {
  const before = process.env.REDIS_URL;
  afterEach(() => {
    if (before === undefined) delete process.env.REDIS_URL;
    else process.env.REDIS_URL = before;
  });

  it('names the variable that a wrong address came from', async () => {
    process.env.REDIS_URL = 'nowhere';
    expect(await faultsOf('queue watch', [])).toEqual([
      'rolla: REDIS_URL: found "nowhere", expected the address of a server, such as redis://localhost:6379',
    ]);
  });
});

it('a file that would be overwritten is told beside other faults', async () => {
  for (const name of ['a.json', 'b.html']) writeFileSync(file(name), 'mine');
  const lines = await faultsOf('solve', ['-o', file('a.json'), '--html', file('b.html'), '--gap', '2']);
  expect(lines).toHaveLength(3);
  expect(lines.filter((line) => line.includes('found a file that exists'))).toHaveLength(2);
});

it('--set: a change without a value hides no fault of the others', async () => {
  const lines = await faultsOf('solve', [file('none.json'), '--set', 'wrong', '--set', 'no.such=3', '--set', '=']);
  for (const start of ['--set: found "wrong"', '--set no.such: found 3', '--set: found "="'])
    expect(lines.filter((line) => line.startsWith(`rolla: ${start}`)).length).toBe(1);
});
