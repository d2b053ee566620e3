/** The left side: the problem as tables that can be edited, and what is wrong with it. */
import { useState } from 'preact/hooks';
import { pathText } from '../../src/input/inputError.ts';
import { valueAt } from '../../src/model/looseData.ts';
import { visible } from '../../src/model/visibleText.ts';
import { isFleet } from '../state/draft.ts';
import { usePlanner } from '../state/planner.ts';
import { Cell } from './Cell.tsx';
import { allNotes } from './notes.ts';
import { SectionTable } from './SectionTable.tsx';
import { generalColumns, sectionsOf, shownColumns } from './sections.ts';
import { TensorTables } from './TensorTable.tsx';

/** Remarks that are listed; there may be thousands where a column is of the wrong unit. */
const mostListed = 12;

export function ProblemPanel() {
  const { state } = usePlanner('draft', 'checks');
  const [isAll, showAll] = useState(false);
  const { data } = state.draft;
  const general = generalColumns(data);
  const fields = general.filter(({ isRare, key }) => isAll || !isRare || valueAt(data, key) !== undefined);
  const sections = sectionsOf(data);
  return (
    <section class="panel problem" aria-labelledby="problem-heading">
      <h2 id="problem-heading">{isFleet(data) ? 'The fleet' : 'The instance'}</h2>
      <Remarks />
      <div class="fields">
        {fields.map((column) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the cell has the input
          <label key={column.heading} class="field">
            <span>
              {column.heading}
              {column.unit !== undefined && <small> {column.unit}</small>}
            </span>
            <Cell path={column.key} column={column} label={column.heading} />
          </label>
        ))}
      </div>
      <p class="actions">
        <button type="button" aria-pressed={isAll} onClick={() => showAll(!isAll)}>
          {isAll ? 'Fewer fields' : 'All fields'}
        </button>
      </p>
      {sections.map((section) => (
        <SectionTable key={section.title} section={section} />
      ))}
      {!isFleet(data) && <TensorTables />}
    </section>
  );
}

/** What is wrong where no cell shows it, and how much there is to mend. */
function Remarks() {
  const { state } = usePlanner('draft', 'checks');
  const { data } = state.draft;
  const notes = allNotes(state.checks);
  if (notes.length === 0) return null;
  const inCells = new Set(generalColumns(data).map(({ key }) => pathText(key)));
  for (const section of sectionsOf(data)) {
    const rows = section.rows(data);
    for (const column of shownColumns(data, section.columns, rows, false)) {
      for (const row of rows) inCells.add(pathText([...row, ...column.key]));
    }
  }
  const elsewhere = notes.filter(({ path }) => !inCells.has(path));
  const faults = notes.filter(({ kind }) => kind === 'fault').length;
  const warnings = notes.length - faults;
  const counts = [
    ...(faults > 0 ? [`${faults} ${faults === 1 ? 'value is' : 'values are'} wrong`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'remark' : 'remarks'}`] : []),
  ];
  return (
    <div class={faults > 0 ? 'remarks wrong' : 'remarks'} role="status">
      <p>
        <strong>{counts.join(', ')}.</strong> {elsewhere.length < notes.length ? 'See below the cells.' : ''}
      </p>
      {elsewhere.length > 0 && (
        <ul>
          {elsewhere.slice(0, mostListed).map(({ path, text, kind }) => (
            <li key={`${path} ${text}`} class={kind}>
              <code>{visible(path)}</code> {text}
            </li>
          ))}
          {elsewhere.length > mostListed && <li>and {elsewhere.length - mostListed} more</li>}
        </ul>
      )}
    </div>
  );
}
