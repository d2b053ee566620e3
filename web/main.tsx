/** The planner page: what is edited on the left, the solve in the middle, the plan on the right. */
import './page.css';
import { type ComponentChildren, render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { visible } from '../src/model/visibleText.ts';
import { ProblemPanel } from './edit/ProblemPanel.tsx';
import { focusFirstFault } from './parts/focusFault.ts';
import { lazyView } from './parts/lazyView.tsx';
import { ResultPanel } from './ResultPanel.tsx';
import { SolvePanel } from './solve/SolvePanel.tsx';
import { draftInLink, storeDraft, storedDraft } from './state/keep.ts';
import { failureText, openPlanner, type Planner, usePlanner } from './state/planner.ts';
import { firstDraft } from './state/templates.ts';
import { TopBar, takeFiles } from './TopBar.tsx';

const ImportForm = lazyView(async () => (await import('./ImportForm.tsx')).ImportForm);

/** Inside a field undo is the field's own. */
function keyAct(
  { key, shiftKey }: KeyboardEvent,
  command: boolean,
  isInField: boolean,
): 'solve' | 'undo' | 'redo' | null {
  if (!command) return null;
  if (key === 'Enter') return 'solve';
  if (key.toLowerCase() !== 'z' || isInField) return null;
  return shiftKey ? 'redo' : 'undo';
}

/** Keys that mean the same wherever the focus is. */
function useKeys(planner: Planner): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isInField = event.target instanceof HTMLInputElement && event.target.type === 'text';
      const command = event.ctrlKey || event.metaKey;
      const act = keyAct(event, command, isInField);
      if (act === null) return;
      if (act === 'solve' && planner.state.checks.issues.length > 0) focusFirstFault();
      else planner[act]();
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [planner]);
}

/** Takes files wherever they are dropped. What is inside is not drawn anew when something is dragged over it. */
function DropArea({ children }: { readonly children: ComponentChildren }) {
  const { planner } = usePlanner();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const onOver = (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    };
    const onLeave = ({ relatedTarget }: DragEvent) => relatedTarget === null && setOver(false);
    const onDrop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      void takeFiles(planner, event.dataTransfer?.files ?? null);
    };
    addEventListener('dragover', onOver);
    addEventListener('dragleave', onLeave);
    addEventListener('drop', onDrop);
    return () => {
      removeEventListener('dragover', onOver);
      removeEventListener('dragleave', onLeave);
      removeEventListener('drop', onDrop);
    };
  }, [planner]);
  return <div class={isOver ? 'page over' : 'page'}>{children}</div>;
}

function PendingImport() {
  const { pendingImport } = usePlanner('pendingImport').state;
  return pendingImport === null ? null : <ImportForm request={pendingImport} />;
}

function Message() {
  const { planner, state } = usePlanner('message');
  const { message } = state;
  if (message === null) return null;
  return (
    <div class={`message ${message.kind}`} role={message.kind === 'fault' ? 'alert' : 'status'}>
      <ul>
        {message.lines.map((line) => (
          <li key={line}>{visible(line)}</li>
        ))}
      </ul>
      <button type="button" onClick={() => planner.dismissMessage()}>
        Close
      </button>
    </div>
  );
}

/** Watches nothing itself: tables have thousands of cells, which a message must not draw anew. */
function Page() {
  const { planner } = usePlanner();
  useKeys(planner);
  return (
    <DropArea>
      <TopBar />
      <PendingImport />
      <Message />
      <main>
        <ProblemPanel />
        <SolvePanel />
        <ResultPanel />
      </main>
    </DropArea>
  );
}

/** Milliseconds after an edit in which the draft is stored. */
const storeDelay = 400;

function keepStored(planner: Planner): void {
  let stored = planner.state.draft;
  let timer: ReturnType<typeof setTimeout> | undefined;
  planner.subscribe(() => {
    const { draft } = planner.state;
    if (draft === stored) return;
    stored = draft;
    clearTimeout(timer);
    timer = setTimeout(() => storeDraft(draft), storeDelay);
  });
}

async function open(): Promise<void> {
  const root = document.getElementById('page')!;
  let fault: string | null = null;
  const linked = await draftInLink(location.hash).catch((error: unknown) => {
    fault = `The link could not be read: ${failureText(error)}`;
    return null;
  });
  const planner = openPlanner(linked ?? storedDraft() ?? firstDraft());
  if (fault !== null) planner.say('fault', [fault]);
  keepStored(planner);
  root.replaceChildren();
  render(<Page />, root);
  addEventListener('hashchange', () => {
    draftInLink(location.hash).then(
      (draft) => draft !== null && planner.replace(draft),
      (error: unknown) => planner.say('fault', [`The link could not be read: ${failureText(error)}`]),
    );
  });
}

void open();
