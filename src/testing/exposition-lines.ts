import { labelText } from './label-text.ts';

/** A line of an exposition, in a form in which two that say the same are the same. */
export interface ExpositionLine {
  readonly family: string;
  /** Where it stands in its family. */
  readonly rank: 'help' | 'type' | 'sample';
  /** What it says something about; samples of one series have the same. */
  readonly subject: string;
  readonly text: string;
}

const RANKS = ['help', 'type', 'sample'];

/** The lines of a text in format 0.0.4, sorted; labels sorted, numbers in one spelling. Other comments do not count. */
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
  return lines.sort(byPlace);
}

/** The order of lines; 0 where two are about the same. */
export function compareLines(one: ExpositionLine, other: ExpositionLine): number {
  return (
    compare(one.family, other.family) ||
    RANKS.indexOf(one.rank) - RANKS.indexOf(other.rank) ||
    compare(one.subject, other.subject)
  );
}

function byPlace(one: ExpositionLine, other: ExpositionLine): number {
  return compareLines(one, other) || compare(one.text, other.text);
}

/** What is no sample is kept as it is: it will differ from all that are. */
function sampleLine(line: string, family: string): ExpositionLine {
  const [, name = '', labels = '', value, time] = /^([^\s{]+)\s*(?:\{(.*)\})?\s*(\S+)(?:\s+(\S+))?$/.exec(line) ?? [];
  if (value === undefined) return { family, rank: 'sample', subject: line, text: line };
  const subject = `${name}${labelsOf(labels)}`;
  const text = [subject, numberOf(value), ...(time === undefined ? [] : [numberOf(time)])].join(' ');
  return { family: name.startsWith(family) && family !== '' ? family : name, rank: 'sample', subject, text };
}

function labelsOf(labels: string): string {
  const pairs = [...labels.matchAll(/([^\s,="]+)\s*=\s*"((?:[^"\\]|\\.)*)"/g)];
  const sorted = pairs.map(([, name = '', value = '']) => `${name}="${labelText(name, value)}"`).sort();
  return sorted.length === 0 ? '' : `{${sorted.join(',')}}`;
}

function numberOf(text: string): string {
  return Number.isNaN(Number(text)) ? text : String(Number(text));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
