/** A process that solves the scenarios of a file and keeps nothing: what a run of them cannot do without. */
import { readFileSync } from 'node:fs';
import { solveScenario } from '../src/analysis/scenario.ts';
import { parseInstance } from '../src/model/validateInstance.ts';

const [instanceFile, scenarioFile] = process.argv.slice(2);
const instance = parseInstance(readFileSync(instanceFile, 'utf8'));
const [, ...lines] = readFileSync(scenarioFile, 'utf8').trim().split('\n');
for (const line of lines) {
  const { patch, options } = JSON.parse(line);
  solveScenario({ instance, patch, options, startPlan: null });
}
