/** A table. What a cell holds is Markdown; only its pipes and line breaks are taken care of. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line), ""].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

export function code(text: string | number): string {
  return `\`${String(text)}\``;
}

export function codes(all: readonly (string | number)[]): string {
  return all.map(code).join(", ");
}
