/** Leads to the first cell that is wrong, wherever it is hidden. */
export function focusFirstFault(): void {
  const cell = document.querySelector<HTMLElement>('[aria-invalid="true"]');
  if (cell === null) return;
  for (let outer = cell.closest('details'); outer !== null; outer = outer.parentElement?.closest('details') ?? null) {
    outer.open = true;
  }
  cell.focus();
}
