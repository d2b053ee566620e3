/** A self-contained page on a solve: the plan's picture for wide screens and for phones, bars, and every table. */
import { checkPlan } from '../model/check/verifier.ts';
import type { Instance } from '../model/instance.ts';
import type { SolveResult } from '../planner/solveResult.ts';
import { htmlPage } from './html.ts';
import { htmlLayout } from './layout.ts';
import { costBars, limitBars } from './planBars.ts';
import { flowPicture } from './planFlow.ts';
import { solveReport } from './solveReport.ts';

/** Widths that the two pictures are drawn for; the page's style shows the one that fits. */
const wide = 1100;
const narrow = 360;

export function solvePage(instance: Instance, result: SolveResult): string {
  const title = instance.name ?? 'Plan';
  const { plan, options } = result;
  const sections = [];
  if (plan !== null) {
    const { cost, constraints } = checkPlan(instance, options, plan);
    sections.push(
      `<figure class="wide">${flowPicture(instance, plan, wide)}</figure><figure class="narrow">${flowPicture(instance, plan, narrow)}</figure>`,
      `<div class="columns"><section><h2>What it costs</h2>${costBars(cost)}</section><section><h2>How far limits are used</h2>${limitBars(constraints)}</section></div>`,
    );
  }
  sections.push(solveReport(instance, result, htmlLayout));
  return htmlPage(title, 'Plan by rolla', sections);
}
