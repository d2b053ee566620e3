/** Everything of a problem and its solve in one archive. */
import { solvePage } from '../../src/report/solvePage.ts';
import { solveCommand } from './commandLine.ts';
import { deployTargets } from './deployFiles.ts';
import { jsonText, problemFile } from './downloads.ts';
import { type Draft, isFleet } from './draft.ts';
import type { Solved } from './planner.ts';
import { type NamedFile, zipOf } from './zip.ts';

/** The problem, the command, and of a solve that is of this problem its result, report and deployment files. */
export async function everything(draft: Draft, solved: Solved | null): Promise<Uint8Array<ArrayBuffer>> {
  const problem = problemFile(draft);
  const files: NamedFile[] = [problem, { name: 'command.txt', text: `${solveCommand(problem.name, draft.options)}\n` }];
  if (solved !== null) {
    const { instance, result } = solved;
    if (isFleet(draft.data)) files.push({ name: 'instance.json', text: jsonText(instance) });
    files.push(
      { name: 'result.json', text: jsonText(result) },
      { name: 'report.html', text: solvePage(instance, result) },
    );
    if (result.plan !== null) {
      files.push({ name: 'plan.json', text: jsonText(result.plan) });
      for (const { file, text } of deployTargets)
        files.push({ name: file, text: await text(result.plan, { instance }) });
    }
  }
  return zipOf(files);
}
