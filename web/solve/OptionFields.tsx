/** The options of a solve: the few that matter in plain words, all others as the table of options has them. */
import type { PlanningOptions, PresetName } from '../../src/model/options.ts';
import { presets } from '../../src/model/options.ts';
import { choicesOf, defaultText, optionTable, takesNumbers } from '../../src/planner/optionTable.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';
import { usePlanner } from '../state/planner.ts';

type OptionName = keyof SolveOptions;

interface PlainChoice {
  readonly value: string;
  readonly says: string;
}

const presetChoices: readonly PlainChoice[] = [
  { value: 'recommended', says: 'Recommended: fleets that follow their load' },
  { value: 'corrected', says: 'The published problem, mended' },
  { value: 'paper', says: 'The article, read literally' },
  { value: 'reference', says: 'The published program, quirks and all' },
];

const plain: readonly {
  readonly name: keyof PlanningOptions;
  readonly asks: string;
  readonly choices: readonly PlainChoice[];
}[] = [
  {
    name: 'placement',
    asks: 'Each query type is served by',
    choices: [
      { value: 'single', says: 'one deployment' },
      { value: 'split', says: 'as many as help' },
    ],
  },
  {
    name: 'uncertainty',
    asks: 'Plan for',
    choices: [
      { value: 'none', says: 'usual values' },
      { value: 'budgeted', says: 'some values at their worst' },
      { value: 'decision-dependent', says: 'the worst, eased by relief data' },
    ],
  },
];

const shownAbove: readonly string[] = ['preset', ...plain.map(({ name }) => name), 'timeLimit', 'gap'];
/** Data or functions rather than settings. */
const notSettings: readonly string[] = ['startPlan', 'signal', 'onProgress', 'reductions'];
const others = (Object.keys(optionTable) as OptionName[]).filter(
  (name) => !shownAbove.includes(name) && !notSettings.includes(name),
);

export function OptionFields() {
  const { planner, state } = usePlanner('draft', 'checks');
  const { options } = state.draft;
  const preset = presets[(options.preset ?? 'recommended') as PresetName] ?? presets.recommended;
  const issues = state.checks.optionIssues;
  return (
    <div class="options">
      <Choice
        name="preset"
        asks="Variant of the problem"
        choices={presetChoices}
        value={options.preset ?? 'recommended'}
        onChoose={(value) => planner.setOption('preset', value === 'recommended' ? undefined : value)}
      />
      {plain.map(({ name, asks, choices }) => (
        <Choice
          key={name}
          name={name}
          asks={asks}
          choices={choices}
          value={String(options[name] ?? preset[name])}
          onChoose={(value) => planner.setOption(name, value === preset[name] ? undefined : value)}
        />
      ))}
      <NumberField name="timeLimit" asks="Stop after" unit="s" />
      <NumberField name="gap" asks="Proven when the gap is at most" unit="of the cost" />
      <details class="more">
        <summary>More options</summary>
        {others.map((name) => (
          <OtherField key={name} name={name} presetValue={(preset as unknown as Record<string, unknown>)[name]} />
        ))}
      </details>
      {issues.length > 0 && (
        <ul class="fault" role="alert">
          {issues.map(({ path, value, expected }) => (
            <li key={path}>
              {path}: found {value}, expected {expected}
            </li>
          ))}
        </ul>
      )}
      {state.checks.notices.map((notice) => (
        <p class="warning" key={notice}>
          {notice}
        </p>
      ))}
    </div>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly asks: string;
  readonly choices: readonly PlainChoice[];
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

function Choice({ name, asks, choices, value, onChoose }: ChoiceProps) {
  return (
    <label class="field">
      <span>{asks}</span>
      <select name={name} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.says}
          </option>
        ))}
      </select>
    </label>
  );
}

interface NumberFieldProps {
  readonly name: OptionName;
  readonly asks: string;
  readonly unit: string;
}

/** A number, or a word where the option has one. */
function NumberField({ name, asks, unit }: NumberFieldProps) {
  const { planner, state } = usePlanner('draft', 'checks');
  const value = (state.draft.options as Readonly<Record<string, unknown>>)[name];
  const set = (text: string) => {
    const number = Number(text);
    planner.setOption(name, text.trim() === '' ? undefined : Number.isFinite(number) ? number : text.trim());
  };
  return (
    <label class="field">
      <span>
        {asks} <small>{unit}</small>
      </span>
      <input
        type="text"
        inputMode="decimal"
        name={name}
        value={value === undefined ? '' : String(value)}
        placeholder={defaultText(optionTable[name])}
        autocomplete="off"
        onChange={(event) => set(event.currentTarget.value)}
      />
    </label>
  );
}

function OtherField({ name, presetValue }: { readonly name: OptionName; readonly presetValue: unknown }) {
  const { planner, state } = usePlanner('draft', 'checks');
  const choices = choicesOf(name);
  const { does } = optionTable[name];
  const fallback = defaultText(optionTable[name]);
  if (choices === null || takesNumbers(optionTable[name].field))
    return <NumberField name={name} asks={capital(does)} unit="" />;
  const value = (state.draft.options as Readonly<Record<string, unknown>>)[name];
  const asDefault = presetValue === undefined ? fallback : String(presetValue);
  return (
    <label class="field">
      <span>{capital(does)}</span>
      <select
        name={name}
        value={value === undefined ? '' : String(value)}
        onChange={(event) => planner.setOption(name, event.currentTarget.value || undefined)}
      >
        <option value="">as usual ({asDefault.replaceAll('"', '')})</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    </label>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
