/**
 * The public face of the reports (`rolla/report`): text, CSV, charts and pages. Runs in browsers too, but for PNG;
 * charts load optional packages.
 */

export { MissingPackageError } from '../model/missingPackageError.ts';
export { type Chart, renderPng, renderSvg } from './chart.ts';
export { toCsv, withoutApostrophe } from './csv.ts';
export { htmlLayout, type Layout, markdownLayout, textLayout } from './layout.ts';
export { planDiffReport } from './planDiffReport.ts';
export { planPicture } from './planPicture.ts';
export { planReport } from './planReport.ts';
export { readProgressLines } from './progressLines.ts';
export { robustnessChart, robustnessRows, robustnessTable } from './robustnessReport.ts';
export { rollChart, rollColumns, rollReport, rollRows } from './rollReport.ts';
export { solvePage } from './solvePage.ts';
export { solveReport } from './solveReport.ts';
export { sweepCharts } from './sweepCharts.ts';
export { type ReportFile, type SweepReportInput, sweepFigures, sweepTables } from './sweepReport.ts';
export { type TreeAxis, type TreePictureOptions, treePicture } from './treePicture.ts';
