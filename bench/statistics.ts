const at = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;

export const median = (values: readonly number[]): number => at(values, 0.5);
export const p99 = (values: readonly number[]): number => at(values, 0.99);

/** From the median of the first quarter to that of the last, so that one sample proves nothing. */
export const growth = (values: readonly number[]): number => {
  const quarter = Math.ceil(values.length / 4);
  return median(values.slice(-quarter)) - median(values.slice(0, quarter));
};

export const mapSeries = async <T, R>(list: readonly T[], one: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = [];
  for (const item of list) results.push(await one(item));
  return results;
};

/** A Markdown table with padded columns, which is also readable as text. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
};
