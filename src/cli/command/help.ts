const LINE_WIDTH = 100;

/** Two columns, the right one wrapped. */
export function definitionList(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 4;
  return rows.flatMap(([left, right]) => {
    return wrap(right, LINE_WIDTH - width).map((line, index) => {
      return (index === 0 ? `  ${left}` : '').padEnd(width) + line;
    });
  });
}

export function wrap(text: string, width = LINE_WIDTH): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}
