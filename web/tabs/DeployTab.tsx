/** The plan as what is deployed: manifests, commands and metrics, to read and to take along. */
import { useEffect, useState } from 'preact/hooks';
import type { DeployOptions } from '../../src/exchange/deploy/deployedUnits.ts';
import { visibleLines } from '../../src/model/visibleText.ts';
import { CommandText } from '../parts/CommandText.tsx';
import { deployCommand } from '../state/commandLine.ts';
import { type DeployTarget, deployTargets } from '../state/deployFiles.ts';
import { download } from '../state/downloads.ts';
import { failureText, type Solved } from '../state/planner.ts';

export function DeployTab({ solved }: { readonly solved: Solved }) {
  const { plan } = solved.result;
  const [target, choose] = useState<DeployTarget>(deployTargets[0]);
  const [namespace, setNamespace] = useState('default');
  const [text, setText] = useState('');
  useEffect(() => {
    if (plan === null) return;
    const options: DeployOptions = { instance: solved.instance, namespace };
    let isCurrent = true;
    target
      .text(plan, options)
      .catch((error: unknown) => `# ${failureText(error)}\n`)
      .then((next) => isCurrent && setText(next));
    return () => {
      isCurrent = false;
    };
  }, [plan, target, namespace]);
  if (plan === null) return <p>There is no plan to deploy.</p>;
  return (
    <>
      <div class="fields">
        <label class="field">
          <span>For</span>
          <select
            value={target.file}
            onChange={({ currentTarget }) => choose(deployTargets.find(({ file }) => file === currentTarget.value)!)}
          >
            {deployTargets.map(({ file, title }) => (
              <option key={file} value={file}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Namespace</span>
          <input type="text" value={namespace} onChange={(event) => setNamespace(event.currentTarget.value)} />
        </label>
      </div>
      <p class="actions">
        <button type="button" onClick={() => download(target.file, text)}>
          Download {target.file}
        </button>
        <button type="button" onClick={() => void navigator.clipboard.writeText(text)}>
          Copy
        </button>
      </p>
      <CommandText command={deployCommand(solved.file, target, namespace)} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard */}
      <section tabIndex={0} class="file" aria-label={target.title}>
        <pre>{visibleLines(text)}</pre>
      </section>
    </>
  );
}
