/** One value that can be edited: its name for screen readers, and what is wrong with it underneath. */
import { useId } from 'preact/hooks';
import { valueAt } from '../../src/model/looseData.ts';
import { visible } from '../../src/model/visibleText.ts';
import type { Path } from '../state/draft.ts';
import { usePlanner } from '../state/planner.ts';
import { textOfValue, valueOfText } from './cellText.ts';
import { notesAt } from './notes.ts';
import type { Column } from './sections.ts';

interface CellProps {
  readonly path: Path;
  readonly column: Pick<Column, 'kind' | 'choices' | 'empty'>;
  readonly label: string;
}

export function Cell({ path, column, label }: CellProps) {
  const { planner, state } = usePlanner('draft', 'checks');
  const id = useId();
  const { data } = state.draft;
  const value = valueAt(data, path);
  const text = textOfValue(value, column.kind);
  const notes = notesAt(state.checks, path);
  const hidden = text === visible(text) ? null : `hidden characters: ${visible(text)}`;
  const isWrong = notes.some(({ kind }) => kind === 'fault');
  const set = (next: string) => {
    if (next !== text) planner.setCell(path, valueOfText(next, column.kind), value);
  };
  const shared = {
    'aria-label': label,
    'aria-invalid': isWrong,
    'aria-describedby': notes.length > 0 || hidden !== null ? id : undefined,
  };
  const choices = column.choices?.(data);
  return (
    <div class={isWrong ? 'cell wrong' : 'cell'}>
      {choices === undefined ? (
        <input
          {...shared}
          type="text"
          value={text}
          size={Math.min(28, Math.max(column.kind === 'text' ? 11 : 5, text.length))}
          placeholder={column.empty ?? ''}
          autocomplete="off"
          spellcheck={false}
          onChange={(event) => set(event.currentTarget.value)}
        />
      ) : (
        <select {...shared} value={text} onChange={(event) => set(event.currentTarget.value)}>
          <option value="">{column.empty ?? 'choose'}</option>
          {[...new Set([...choices, ...(text === '' ? [] : [text])])].map((choice) => (
            <option key={choice} value={choice}>
              {visible(choice)}
            </option>
          ))}
        </select>
      )}
      {(notes.length > 0 || hidden !== null) && (
        <div id={id} class="notes">
          {notes.map((note) => (
            <p key={note.text} class={note.kind}>
              {note.text}
            </p>
          ))}
          {hidden !== null && <p class="warning">{hidden}</p>}
        </div>
      )}
    </div>
  );
}
