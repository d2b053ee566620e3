/** One table of the problem: its rows as cells, with buttons to add, repeat and remove one. */
import { useState } from 'preact/hooks';
import { asRecord, valueAt } from '../../src/model/looseData.ts';
import { visible } from '../../src/model/visibleText.ts';
import { namesOf, type Path, withoutRow, withRow } from '../state/draft.ts';
import { usePlanner } from '../state/planner.ts';
import { Cell } from './Cell.tsx';
import { type Column, type Section, shownColumns } from './sections.ts';

/** Rows drawn before more are asked for. */
const rowsAtFirst = 60;

export function SectionTable({ section }: { readonly section: Section }) {
  const { planner, state } = usePlanner('draft');
  const [isAll, showAll] = useState(false);
  const [most, setMost] = useState(rowsAtFirst);
  const { data } = state.draft;
  const rows = section.rows(data);
  const columns = shownColumns(data, section.columns, rows, isAll);
  const hasRare = shownColumns(data, section.columns, rows, false).length < section.columns.length;
  const list = section.list(data);
  const add = (row: unknown) => list !== null && planner.editData((old) => withRow(old, list, row));
  return (
    <details class="section" open={!section.isRare || rows.length > 0}>
      <summary>
        <h3>{section.title}</h3> <span class="count">{rows.length}</span>
      </summary>
      <p class="says">{section.says}</p>
      {rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
        <section class="scroll" tabIndex={0} aria-label={section.title}>
          <table class="edit">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th scope="col" key={column.heading}>
                    {column.heading}
                    {column.unit !== undefined && <small>{column.unit}</small>}
                  </th>
                ))}
                <th scope="col">
                  <span class="unseen">Row</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, most).map((row) => (
                <Row key={row.join(' ')} row={row} columns={columns} section={section} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p class="actions">
        {list !== null && (
          <button type="button" onClick={() => add(section.newRow(data))}>
            Add {/^[aeiou]/i.test(section.row) ? 'an' : 'a'} {section.row}
          </button>
        )}
        {rows.length > most && (
          <button type="button" onClick={() => setMost(rows.length)}>
            Show all {rows.length} rows
          </button>
        )}
        {hasRare && rows.length > 0 && (
          <button type="button" aria-pressed={isAll} onClick={() => showAll(!isAll)}>
            {isAll ? 'Fewer columns' : 'All columns'}
          </button>
        )}
      </p>
    </details>
  );
}

interface RowProps {
  readonly row: Path;
  readonly columns: readonly Column[];
  readonly section: Section;
}

function Row({ row, columns, section }: RowProps) {
  const { planner, state } = usePlanner('draft');
  const { data } = state.draft;
  const name = rowName(data, row, section.row);
  const repeat = () =>
    planner.editData((old) => {
      const entry = asRecord(valueAt(old, row));
      const list = row.slice(0, -1);
      const taken = typeof entry.name === 'string' ? namesOf(old, String(row[0])) : [];
      let copy = `${String(entry.name)} 2`;
      for (let number = 3; taken.includes(copy); number++) copy = `${String(entry.name)} ${number}`;
      return withRow(old, list, typeof entry.name === 'string' ? { ...entry, name: copy } : entry);
    });
  return (
    <tr>
      {columns.map((column) => (
        <td key={column.heading} class={column.kind}>
          <Cell path={[...row, ...column.key]} column={column} label={`${column.heading}, ${name}`} />
        </td>
      ))}
      <td class="row-actions">
        <button type="button" title={`Repeat ${name}`} aria-label={`Repeat ${name}`} onClick={repeat}>
          +
        </button>
        <button
          type="button"
          title={`Remove ${name}`}
          aria-label={`Remove ${name}`}
          onClick={() => planner.editData((old) => withoutRow(old, row))}
        >
          ×
        </button>
      </td>
    </tr>
  );
}

/** `chat`, or `profile 2` of what has no name. */
function rowName(data: unknown, row: Path, word: string): string {
  const { name } = asRecord(valueAt(data, row));
  return typeof name === 'string' && name !== '' ? visible(name) : `${word} ${Number(row.at(-1)) + 1}`;
}
