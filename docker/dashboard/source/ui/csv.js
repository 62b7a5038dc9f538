/** @typedef {{label: string, value: (row: any) => string | number | null}} CSVColumn */

/** A spreadsheet takes text that begins like this for a formula; an apostrophe keeps it text. */
const formula = /^\s*[=+\-@\uff0b\uff0d\uff1d\uff20]|^[\t\r\n]/;

/** @param {string | number | null} value */
export function cell(value) {
  if (typeof value === 'number') return String(value);
  const text = value ?? '';
  return `"${(formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/**
 * RFC 4180.
 *
 * @param {CSVColumn[]} columns
 * @param {any[]} rows
 */
export function toCSV(columns, rows) {
  const lines = [
    columns.map((column) => cell(column.label)),
    ...rows.map((row) => columns.map((column) => cell(column.value(row)))),
  ];
  return lines.map((line) => line.join(',')).join('\r\n') + '\r\n';
}

/**
 * @param {string} name
 * @param {CSVColumn[]} columns
 * @param {any[]} rows
 */
export function downloadCSV(name, columns, rows) {
  const url = URL.createObjectURL(new Blob(['\ufeff', toCSV(columns, rows)], {type: 'text/csv;charset=utf-8'}));
  const link = Object.assign(document.createElement('a'), {
    href: url,
    download: `${name}-${new Date().toISOString().slice(0, 10)}.csv`,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
