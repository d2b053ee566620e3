/**
 * The parts of a plan's cost and the use of its limits as bars of HTML: names wrap instead of being cut, so that the
 * list is read on a phone as on a wide screen.
 */
import type { PlanCost } from '../model/check/cost.ts';
import type { ConstraintCheck, ConstraintGroup } from '../model/check/verifier.ts';
import { categoryColors, costPartColors } from './colors.ts';
import { escapeHtml } from './html.ts';
import { counted, dollars, percent, quantity } from './numberText.ts';

interface HtmlBar {
  readonly label: string;
  readonly text: string;
  /** Of the whole width, 0 to 1; what lies beyond is cut. */
  readonly share: number;
  readonly color: string;
}

function htmlBars(bars: readonly HtmlBar[]): string {
  const items = bars.map(({ label, text, share, color }) => {
    const width = Math.round(10_000 * Math.min(1, Math.max(0, share))) / 100;
    return `<li><span>${escapeHtml(label)}</span> <span class="value">${escapeHtml(text)}</span><svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="6" fill="currentColor" fill-opacity="0.1"/><rect width="${width}" height="6" fill="${color}"/></svg></li>`;
  });
  return `<ul class="bars">${items.join('\n')}</ul>`;
}

/** Each part with its share of the total. */
export function costBars(cost: PlanCost): string {
  const parts: readonly (readonly [label: string, value: number, color: string])[] = [
    ['Rental', cost.rental, costPartColors.Rental],
    ['Storage', cost.storage.model + cost.storage.data, costPartColors.Storage],
    ['Delay penalty', cost.delay, costPartColors['Delay penalty']],
    ['Unmet demand', cost.unmet, costPartColors['Unmet demand']],
    ...(cost.switching === undefined ? [] : [['Switching', cost.switching, categoryColors.purple] as const]),
  ];
  const most = Math.max(...parts.map(([, value]) => value), 1e-300);
  const shown = parts.filter(([label, value]) => value > 0 || label === 'Rental');
  return htmlBars(
    shown.map(([label, value, color]) => ({
      label,
      text: `$ ${dollars(value)} (${percent(cost.total === 0 ? null : value / cost.total)})`,
      share: value / most,
      color,
    })),
  );
}

export const limitNames: Readonly<Partial<Record<ConstraintGroup, string>>> = {
  budget: 'Budget',
  storage: 'Storage',
  availability: 'Available',
  memory: 'Memory',
  compute: 'Compute',
  load: 'Load',
  delay: 'Delay',
  ttft: 'First token',
  tpot: 'Each token',
  error: 'Error',
  unmet: 'Dropped',
  'fleet-limit': 'Limit',
};

/** Share from which a limit counts as used up. */
export const fullUse = 0.999;

/** The most used limits first, and how many more there are. */
export function limitBars(constraints: readonly ConstraintCheck[], most = 24): string {
  const limits = constraints
    .filter(({ group, use }) => limitNames[group] !== undefined && use !== null)
    .toSorted((a, b) => b.use! - a.use!);
  const bars = limits.slice(0, most).map(({ group, subject, use, left, limit, unit }) => ({
    label: group === 'budget' ? 'Budget' : `${limitNames[group]}: ${subject}`,
    text: `${quantity(left)} of ${quantity(limit)} ${unit} (${percent(use)})`,
    share: use!,
    color: use! > fullUse ? categoryColors.vermilion : categoryColors.skyBlue,
  }));
  const rest = limits.length - bars.length;
  return `${htmlBars(bars)}${rest > 0 ? `<p>and ${counted(rest, 'limit')} with less use</p>` : ''}`;
}
