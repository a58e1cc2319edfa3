import { labelText } from './sample-value.ts';

/** A normalized line of an exposition: lines with the same meaning are equal. */
export interface ExpositionLine {
  readonly family: string;
  /** Position of the line in its family. */
  readonly rank: 'help' | 'type' | 'sample';
  /** The series of a sample; empty for other lines. */
  readonly subject: string;
  readonly text: string;
}

const RANKS = ['help', 'type', 'sample'];

/**
 * Returns the lines of a text in format 0.0.4, sorted and normalized. Comments other than HELP and TYPE are ignored.
 */
export function expositionLines(text: string): ExpositionLine[] {
  let family = '';
  const lines: ExpositionLine[] = [];
  for (const line of text.split('\n').map((each) => each.trim())) {
    const [, keyword, name = ''] = /^#\s*(HELP|TYPE)\s+(\S+)/.exec(line) ?? [];
    if (keyword !== undefined) {
      family = name;
      lines.push({ family, rank: keyword === 'HELP' ? 'help' : 'type', subject: '', text: line.replace(/\s+/g, ' ') });
    } else if (line !== '' && !line.startsWith('#')) {
      lines.push(sampleLine(line, family));
    }
  }
  return lines.sort((one, other) => compareLines(one, other) || compare(one.text, other.text));
}

/** Compares lines by family, rank and subject; 0 if these are equal. */
export function compareLines(one: ExpositionLine, other: ExpositionLine): number {
  return (
    compare(one.family, other.family) ||
    RANKS.indexOf(one.rank) - RANKS.indexOf(other.rank) ||
    compare(one.subject, other.subject)
  );
}

/** A malformed sample is kept as it is, and differs from every valid one. */
function sampleLine(line: string, family: string): ExpositionLine {
  const [, name = '', labels = '', value, time] = /^([^\s{]+)\s*(?:\{(.*)\})?\s*(\S+)(?:\s+(\S+))?$/.exec(line) ?? [];
  if (value === undefined) return { family, rank: 'sample', subject: line, text: line };
  const pairs = [...labels.matchAll(/([^\s,="]+)\s*=\s*"((?:[^"\\]|\\.)*)"/g)];
  const sorted = pairs.map(([, label = '', text = '']) => `${label}="${labelText(label, text)}"`).sort();
  const subject = sorted.length === 0 ? name : `${name}{${sorted.join(',')}}`;
  const text = [subject, numberOf(value), ...(time === undefined ? [] : [numberOf(time)])].join(' ');
  return { family: name.startsWith(family) && family !== '' ? family : name, rank: 'sample', subject, text };
}

function numberOf(text: string): string {
  return Number.isNaN(Number(text)) ? text : String(Number(text));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
