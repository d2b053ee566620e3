/** A linear program as lists of rows and columns that change step by step: the shadow of a warm-started solver. */
import { type LinearProgram, MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';

interface EditableRow {
  lower: number;
  upper: number;
}

interface EditableColumn extends EditableRow {
  cost: number;
  readonly entries: Map<EditableRow, number>;
}

export class EditableProgram {
  columns: EditableColumn[] = [];
  rows: EditableRow[] = [];

  constructor(program: LinearProgram) {
    for (let i = 0; i < program.numRows; i++)
      this.rows.push({ lower: program.rowLower[i], upper: program.rowUpper[i] });
    for (let j = 0; j < program.numColumns; j++) {
      const entries = new Map<EditableRow, number>();
      for (let e = program.columnStarts[j]; e < program.columnStarts[j + 1]; e++)
        entries.set(this.rows[program.rowIndices[e]], program.values[e]);
      this.columns.push({
        lower: program.columnLower[j],
        upper: program.columnUpper[j],
        cost: program.cost[j],
        entries,
      });
    }
  }

  build(): LinearProgram {
    const builder = new MixedIntegerProgramBuilder();
    for (const { cost, lower, upper } of this.columns) builder.addColumn({ cost, lower, upper });
    for (const row of this.rows) {
      const indices: number[] = [];
      const values: number[] = [];
      this.columns.forEach((column, j) => {
        const value = column.entries.get(row);
        if (value === undefined) return;
        indices.push(j);
        values.push(value);
      });
      builder.addRow({ lower: row.lower, upper: row.upper, indices, values });
    }
    return builder.build();
  }
}
