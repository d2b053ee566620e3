/** What a person takes along: single files, and everything in one archive. */
import { solvePage } from '../../src/report/solvePage.ts';
import { commandLine } from './commandLine.ts';
import { deployTargets } from './deployFiles.ts';
import { type Draft, isFleet } from './draft.ts';
import type { Solved } from './planner.ts';
import { type NamedFile, zipOf } from './zip.ts';

export function download(name: string, content: string | Uint8Array<ArrayBuffer>): void {
  const address = URL.createObjectURL(new Blob([content]));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

const jsonText = (data: unknown) => `${JSON.stringify(data, null, 1)}\n`;

/** The problem as it is edited, and its name. */
export function problemFile({ data }: Draft): NamedFile {
  return { name: isFleet(data) ? 'fleet.json' : 'instance.json', text: jsonText(data) };
}

/** The problem, the command, and of a solve that is of this problem its result, report and deployment files. */
export async function everything(draft: Draft, solved: Solved | null): Promise<Uint8Array<ArrayBuffer>> {
  const problem = problemFile(draft);
  const files: NamedFile[] = [problem, { name: 'command.txt', text: `${commandLine(problem.name, draft.options)}\n` }];
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
