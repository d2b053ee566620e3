/** Name, templates, files in and out, undo, and the link that is the whole problem. */
import { useRef } from 'preact/hooks';
import { solveCommand } from './state/commandLine.ts';
import { download, problemFile } from './state/downloads.ts';
import { linkOf, longestLink } from './state/keep.ts';
import { type ImportRequest, importAs, type Opened, openFiles } from './state/openFiles.ts';
import { failureText, type Planner, usePlanner } from './state/planner.ts';
import { type Template, templates } from './state/templates.ts';

export function TopBar() {
  const { planner, state } = usePlanner('draft', 'canUndo', 'canRedo', 'isStale', 'solved');
  const chooser = useRef<HTMLInputElement>(null);
  const { draft } = state;
  const share = async () => {
    const link = await linkOf(draft);
    if (link.length > longestLink) {
      planner.say('fault', ['This problem is too large for a link: download it as a file instead.']);
      return;
    }
    history.replaceState(null, '', link);
    const isCopied = await navigator.clipboard.writeText(link).then(
      () => true,
      () => false,
    );
    planner.say('news', [
      isCopied ? 'The link is copied; it is the whole problem.' : 'The address of this page is now the whole problem.',
    ]);
  };
  const copyCommand = async () => {
    const command = solveCommand(problemFile(draft).name, draft.options);
    await navigator.clipboard.writeText(command).catch(() => undefined);
    planner.say('news', ['The same on the command line, with the problem as a file beside it:', command]);
  };
  const takeAll = async () => {
    const isOfDraft = !state.isStale;
    const { everything } = await import('./state/archive.ts');
    download('rolla.zip', await everything(draft, isOfDraft ? state.solved : null));
  };
  const begin = async (template: Template) => {
    try {
      planner.replace(await template.draft());
    } catch (error) {
      planner.say('fault', [failureText(error)]);
    }
  };
  return (
    <header class="bar">
      <h1>
        rolla <small>plan a fleet</small>
      </h1>
      <label class="inline">
        <span class="unseen">Begin with</span>
        <select
          value=""
          aria-label="Begin with a template"
          onChange={({ currentTarget }) => {
            const template = templates[Number(currentTarget.value)];
            currentTarget.value = '';
            if (template !== undefined) void begin(template);
          }}
        >
          <option value="">Begin with…</option>
          {templates.map(({ name }, position) => (
            <option key={name} value={position}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={() => chooser.current?.click()}>
        Open files
      </button>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label="Files to open"
        onChange={({ currentTarget }) => {
          void takeFiles(planner, currentTarget.files);
          currentTarget.value = '';
        }}
      />
      <span class="gap" />
      <button type="button" disabled={!state.canUndo} onClick={() => planner.undo()}>
        Undo
      </button>
      <button type="button" disabled={!state.canRedo} onClick={() => planner.redo()}>
        Redo
      </button>
      <button type="button" onClick={() => void share()}>
        Link
      </button>
      <button type="button" onClick={() => void copyCommand()}>
        Command
      </button>
      <button type="button" onClick={() => void takeAll()}>
        Download all
      </button>
    </header>
  );
}

/** Opens what was dropped or chosen. */
export async function takeFiles(planner: Planner, list: FileList | null): Promise<void> {
  const chosen = [...(list ?? [])];
  if (chosen.length === 0) return;
  try {
    const files = await Promise.all(chosen.map(async (file) => ({ name: file.name, text: await file.text() })));
    take(planner, await openFiles(files));
  } catch (error) {
    planner.say('fault', failureText(error).split('\n'));
  }
}

export async function takeImport(planner: Planner, request: ImportRequest): Promise<void> {
  try {
    take(planner, await importAs(request));
  } catch (error) {
    planner.say('fault', failureText(error).split('\n'));
  }
}

function take(planner: Planner, opened: Opened): void {
  planner.setImport(opened.kind === 'needs' ? opened.request : null);
  if (opened.kind === 'problem') planner.replace({ data: opened.data, options: {} }, opened.lines);
  if (opened.kind === 'plan') {
    planner.setPinned(opened.pinned);
    planner.say('news', [`${opened.pinned.name} is the pinned plan now: solve, then look at Compare.`]);
  }
}
