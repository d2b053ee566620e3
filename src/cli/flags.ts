/**
 * Commands whose flags are tables: what each may be, its default, what it goes with. Everything that is wrong with the
 * words of a command is gathered and said at once, in an InputError whose paths are the flags, before the command does
 * anything.
 */
import { Command, type HelpContext, Option } from 'commander';
import { attempt, attemptAsync, fault, type InputIssue, issueText, refuse, showValue } from '../input/inputError.ts';
import { nearestName } from '../input/nearestName.ts';
import { kebabCase } from '../model/kebabCase.ts';
import { checkOutputs } from './files.ts';
import { anyText, type TextRule } from './textRules.ts';

/** Other flags, each with the values that are meant; true: any. */
type Beside = Readonly<Record<string, readonly unknown[] | true>>;

export interface FlagRow {
  /** What stands for the value in help: `<s>`, `<file...>` for several; none: a switch. */
  readonly argument?: string;
  /** The letter that stands for the flag. */
  readonly letter?: string;
  readonly does: string;
  /** What the value may be; by default any text that is not empty. */
  readonly value?: TextRule;
  /** Given again and again: a list of values, or values by name (`name=value`). */
  readonly many?: 'list' | 'record';
  /** The names of a record, where they are no stranger's. */
  readonly names?: readonly string[];
  readonly isRequired?: boolean;
  /** The value without the flag. */
  readonly default?: unknown;
  /** What is meant without the flag where that is no value of it, for help. */
  readonly otherwise?: string;
  /** Whether it names a file that the command writes. */
  readonly isOutput?: boolean;
  /** Without effect unless these are given too. */
  readonly needs?: Beside;
  /** Not together with any of these. */
  readonly excludes?: Beside;
}

export type FlagTable = Readonly<Record<string, FlagRow>>;
export type Flags = Readonly<Record<string, unknown>>;

/** Whether a flag was given, right or wrong. */
export type GivenFlags = (name: string) => boolean;

/** Of a command's own: throws InputError, with flags for paths. It sees the flags that keep their rules. */
export type FlagCheck = (flags: Flags, given: GivenFlags, args: readonly string[]) => unknown;

export const flagName = (name: string): string => `--${kebabCase(name)}`;

/** The name that commander keeps a flag's value by: a flag that says no switches another off. */
const attributeOf = (name: string): string =>
  name.startsWith('no') && /^[A-Z]/.test(name.slice(2)) ? name[2].toLowerCase() + name.slice(3) : name;

export class CliCommand extends Command {
  readonly #rows = new Map<string, FlagRow>();
  readonly #checks: FlagCheck[] = [];
  readonly #faults: InputIssue[] = [];
  /** Flags that were given and have no value that is right: nothing more is said of them. */
  readonly #faulty = new Set<string>();
  /** Behind an unknown flag it is not known what is an argument. */
  #hasStrangers = false;

  override createCommand(name?: string): CliCommand {
    return new CliCommand(name);
  }

  /** The rows of its flags by name, in the order of help. */
  get rows(): ReadonlyMap<string, FlagRow> {
    return this.#rows;
  }

  addFlags(table: FlagTable): this {
    for (const [name, row] of Object.entries(table)) {
      this.#rows.set(name, row);
      const { letter, argument, does, otherwise, default: fallback } = row;
      const words = `${letter === undefined ? '' : `-${letter}, `}${flagName(name)}${argument === undefined ? '' : ` ${argument}`}`;
      const option = new Option(words, `${does}${otherwise === undefined ? '' : ` (default: ${otherwise})`}`);
      if (fallback !== undefined) option.default(fallback);
      if (argument !== undefined) option.argParser((text: string, earlier) => this.#valueOf(name, row, text, earlier));
      // Only shown: what is wrong is said of all flags at once.
      if (row.value?.choices !== undefined) option.argChoices = [...row.value.choices];
      this.addOption(option);
    }
    return this;
  }

  checking(check: FlagCheck): this {
    this.#checks.push(check);
    return this;
  }

  #valueOf(name: string, row: FlagRow, text: string | undefined, earlier: unknown): unknown {
    // Nothing behind it: commander says so.
    if (typeof text !== 'string') return earlier;
    const isFirst = earlier === row.default;
    try {
      const value = this.#valueIn(name, row, text, isFirst ? undefined : earlier);
      if (takesSeveral(row)) this.#faulty.delete(name);
      return value;
    } catch (error) {
      attempt(() => {
        throw error;
      }, this.#faults);
      // Of several values those that are right are still looked at.
      if (!takesSeveral(row) || isFirst) this.#faulty.add(name);
      return earlier;
    }
  }

  /** `earlier`: what the flag's values so far make; undefined: this is the first. */
  #valueIn(name: string, row: FlagRow, text: string, earlier: unknown): unknown {
    if (row.many === 'record') return this.#recordWith(name, row, text, (earlier as Flags | undefined) ?? {});
    const { issues, value } = valueRule(row).check(text, flagName(name));
    refuse(issues);
    return takesSeveral(row) ? [...((earlier as unknown[] | undefined) ?? []), value] : value;
  }

  /** `name=value`, where the name may have an equals sign in it. */
  #recordWith(name: string, row: FlagRow, text: string, earlier: Flags): Flags {
    const at = text.lastIndexOf('=');
    const [key, rest] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    const path = flagName(name);
    if (at < 1 || key === '') throw fault(path, showValue(text), expectedOf(row));
    if (row.names !== undefined && !row.names.includes(key)) throw fault(path, showValue(text), expectedOf(row));
    const { issues, value } = valueRule(row).check(rest, path);
    if (issues.length > 0) throw fault(path, showValue(text), expectedOf(row));
    if (Object.hasOwn(earlier, key)) throw fault(path, `${showValue(key)} twice`, 'each once');
    return { ...earlier, [key]: value };
  }

  /** Commander helps where no command is named: what is wrong says more. */
  override help(context?: unknown): never {
    refuse(this.#faults);
    return super.help(context as HelpContext);
  }

  /** Commander's complaints are gathered with all others. */
  override error(message: string, { code }: { readonly code?: string } = {}): never {
    const [, quoted = ''] = /'([^']*)'/.exec(message) ?? [];
    if (code === 'commander.unknownOption') this.#faults.push(...this.#unknownFlags(quoted));
    else if (code === 'commander.optionMissingArgument') this.#missingValue(quoted);
    else if (code === 'commander.unknownCommand') {
      const known = this.commands.map((each) => each.name()).join(', ');
      throw fault('command', showValue(quoted), `one of ${known}`);
    } else if (code === 'commander.missingArgument') this.#missingArgument(quoted);
    else if (code === 'commander.excessArguments') this.#excessArguments();
    else super.error(message, { code: code ?? 'commander.error' });
    // What commander calls after this is harmless: the command itself is refused before it begins.
    return undefined as never;
  }

  #unknownFlags(first: string): InputIssue[] {
    this.#hasStrangers = true;
    const strangers = this.args.filter((each) => /^--?[A-Za-z]/.test(each));
    const known = this.options.flatMap(({ long, short }) => [long, short]).filter((each) => typeof each === 'string');
    const words = (strangers.length === 0 ? [first] : strangers).map((each) => each.split('='));
    const distinct = new Map(words.map(([path, ...rest]) => [path, rest.join('=')]));
    return [...distinct].map(([path, text]) =>
      known.includes(path)
        ? { path, value: showValue(text), expected: 'no value: it is a switch' }
        : {
            path,
            value: 'a flag that is unknown',
            expected: `a flag of ${this.#fullName()} (--help lists them), the nearest is ${nearestName(known, path)}`,
          },
    );
  }

  #fullName(): string {
    return this.parent === null ? this.name() : `${(this.parent as CliCommand).#fullName()} ${this.name()}`;
  }

  #missingValue(words: string): void {
    const option = this.options.find(({ flags }) => flags === words);
    for (const [name, row] of this.#rows) {
      if (option?.long !== flagName(name)) continue;
      this.#faults.push({ path: flagName(name), value: 'missing', expected: expectedOf(row) });
      this.#faulty.add(name);
    }
  }

  #missingArgument(name: string): void {
    if (this.#hasStrangers) return;
    const argument = this.registeredArguments.find((each) => each.name() === name);
    this.#faults.push({ path: `argument '${name}'`, value: 'missing', expected: argument?.description ?? 'it' });
  }

  #excessArguments(): void {
    if (this.#hasStrangers) return;
    const most = this.registeredArguments.length;
    for (const value of this.args.slice(most))
      this.#faults.push({ path: 'arguments', value: `${showValue(value)} too`, expected: `no more than ${most}` });
  }

  /** Throws InputError with everything that is wrong with the words of the command. */
  async refuseFaults(): Promise<void> {
    const issues: InputIssue[] = [];
    for (let above = this.parent as CliCommand | null; above !== null; above = above.parent as CliCommand | null) {
      issues.push(...above.#faults);
      for (const name of above.#rows.keys())
        if (above.#isGiven(name))
          issues.push({ path: flagName(name), value: `it before ${this.name()}`, expected: 'its flags behind it' });
    }
    issues.push(...this.#faults, ...this.#emptyArguments());
    for (const [name, row] of this.#rows) issues.push(...this.#besideFaults(name, row));
    const sound: Flags = Object.fromEntries(
      Object.entries(this.opts<Flags>()).filter(([name]) => !this.#faulty.has(name)),
    );
    const outputs = [...this.#rows].filter(([, row]) => row.isOutput === true).map(([name]) => sound[name] as string);
    attempt(() => checkOutputs(outputs, { force: sound.force === true }), issues);
    for (const check of this.#checks)
      await attemptAsync(async () => check(sound, (name) => this.#isGiven(name), this.args), issues);
    const distinct = new Map(issues.map((issue) => [issueText(issue), issue]));
    refuse([...distinct.values()]);
  }

  #emptyArguments(): InputIssue[] {
    return this.registeredArguments.flatMap((argument, at) => {
      const given = argument.variadic ? this.args.slice(at) : this.args.slice(at, at + 1);
      if (this.#hasStrangers || !given.some((text) => text.trim() === '')) return [];
      return [{ path: `argument '${argument.name()}'`, value: '""', expected: argument.description }];
    });
  }

  #isGiven(name: string): boolean {
    return this.#faulty.has(name) || this.getOptionValueSource(attributeOf(name)) === 'cli';
  }

  #besideFaults(name: string, { isRequired, needs = {}, excludes = {}, ...row }: FlagRow): InputIssue[] {
    const path = flagName(name);
    if (!this.#isGiven(name)) return isRequired === true ? [{ path, value: 'missing', expected: expectedOf(row) }] : [];
    const issues: InputIssue[] = [];
    for (const [other, values] of Object.entries(needs)) {
      if (this.#faulty.has(other) || this.#has(other, values)) continue;
      const found = this.getOptionValue(attributeOf(other));
      const value = this.#isGiven(other) ? foundBeside(other, found) : `no ${flagName(other)}`;
      issues.push({ path, value, expected: values === true ? 'it too' : `${besideText(other, values)} beside it` });
    }
    for (const [other, values] of Object.entries(excludes))
      if (!this.#faulty.has(other) && this.#isGiven(other) && this.#has(other, values))
        issues.push({ path, value: `${besideText(other, values)} too`, expected: 'one of them' });
    return issues;
  }

  #has(other: string, values: readonly unknown[] | true): boolean {
    return values === true ? this.#isGiven(other) : values.includes(this.getOptionValue(attributeOf(other)));
  }
}

/** `--to kubernetes or commands`. */
/** Whether it may have more than one value: given again and again, or with words behind it. */
const takesSeveral = ({ many, argument }: FlagRow): boolean => many !== undefined || argument!.includes('...');

function besideText(name: string, values: readonly unknown[] | true): string {
  return values === true ? flagName(name) : `${flagName(name)} ${values.join(' or ')}`;
}

/** What a text was read as is no text for the user. */
function foundBeside(name: string, found: unknown): string {
  return typeof found === 'object' ? `another ${flagName(name)}` : besideText(name, [found]);
}

export function valueRule({ value, does }: FlagRow): TextRule {
  return value ?? anyText(does);
}

/** What a flag expects behind it. */
function expectedOf(row: FlagRow): string {
  const { expected } = valueRule(row);
  if (row.many !== 'record') return expected;
  const [name, value] = row.argument!.slice(1, -1).split('=');
  const ofName = row.names === undefined ? '' : `, the ${name} one of ${row.names.join(', ')}`;
  return `${name}=${value}${ofName}, the ${value} ${expected}`;
}

/** `--force`, of a command that writes files. */
export const forceFlag = { force: { does: 'replace files that exist' } } as const satisfies FlagTable;

/** A file that the command writes. */
export const fileOutput = (does: string) => ({ argument: '<file>', does, isOutput: true }) satisfies FlagRow;

/** A result as a file: `-o`. */
export const outputFlag = (does: string, fallback?: string) =>
  ({
    output: { ...fileOutput(does), letter: 'o', ...(fallback !== undefined && { default: fallback }) },
  }) satisfies FlagTable;

/** What a command writes, and nothing else: to standard output unless a file is named. */
export const onlyOutput = outputFlag('file to write; - is stdout', '-');

/** The forms that a report is printed in. */
export const jsonFlag = (does: string) => ({ json: { does } }) satisfies FlagTable;
export const printedForms = (json: string, markdown: string) =>
  ({ json: { does: json, excludes: { markdown: true } }, markdown: { does: markdown } }) satisfies FlagTable;
