/** The files of a sweep or of merged scenarios, and the words about them. */
import { join } from 'node:path';
import type { ReportFile, SweepReportInput } from '../report/sweepReport.ts';
import { checkOutputs, OutputFiles, type OutputOptions } from './files.ts';
import type { Terminal } from './terminal.ts';

/** Rejects with InputError or MissingPackageError if the files could not be made: asked before the work. */
export async function checkReportOutputs(stem: string, charts: boolean, output: OutputOptions): Promise<void> {
  checkOutputs(
    ['csv', 'json', 'html'].map((ending) => `${stem}.${ending}`),
    output,
  );
  if (!charts) return;
  const { checkChartPackages } = await import('../report/chart.ts');
  await checkChartPackages({ png: true });
}

/** The files that were written; null if one could not be. */
export async function writeReport(
  input: SweepReportInput,
  folder: string,
  charts: boolean,
  terminal: Terminal,
  output: OutputOptions,
): Promise<readonly ReportFile[] | null> {
  const { sweepFigures, sweepTables } = await import('../report/sweepReport.ts');
  const files = new OutputFiles(terminal, output, { says: false });
  const tables = sweepTables(input);
  for (const file of tables) files.write(join(folder, file.name), file.content);
  const figures = charts ? await sweepFigures(input) : [];
  for (const file of figures) files.write(join(folder, file.name), file.content);
  return files.isComplete ? [...tables, ...figures] : null;
}

export function summaryText({ rows }: SweepReportInput, folder: string, files: readonly ReportFile[]): string {
  const count = (status: string) => rows.filter((row) => row.status === status).length;
  const failed = count('failed');
  const others = rows.length - count('optimal') - count('infeasible') - failed;
  const shown = files
    .filter(({ name }) => /\.(csv|json|html)$/.test(name))
    .map(({ name }) => `  ${join(folder, name)}`);
  const charts = files.length - shown.length;
  return [
    `${rows.length} scenarios: ${count('optimal')} proven, ${count('infeasible')} infeasible, ${others} stopped at a limit${failed > 0 ? `, ${failed} failed` : ''}`,
    ...shown,
    ...(charts > 0 ? [`  and ${charts} chart files beside them`] : []),
    '',
  ].join('\n');
}
