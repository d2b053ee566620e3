/** The public face of the reports (`rolla/report`; Node only): text, CSV, charts and pages. */
export { type Chart, renderPng, renderSvg } from './chart.ts';
export { toCsv } from './csv.ts';
export { planPage, planPicture } from './planPicture.ts';
export { planReport } from './planReport.ts';
export { robustnessChart, robustnessRows, robustnessTable } from './robustnessReport.ts';
export { solveReport } from './solveReport.ts';
export { sweepCharts } from './sweepCharts.ts';
export { type ReportFile, type SweepReportInput, sweepFigures, sweepTables } from './sweepReport.ts';
