import type { Family } from '../../protocol.ts';
import type { History } from '../data/history.ts';
import { type Format, formatKnown, formatNumber, formatOf, numberOf } from '../data/value-format.ts';

/** Texts of a row: the value that matters most, and details. */
export interface ShownValues {
  readonly main: string;
  readonly detail: string;
}

/** Describes the values of a family, at a sample of the past if one is chosen. */
export function shownValues(family: Family, history: History, chosen: number | undefined): ShownValues {
  const format = formatOf(family);
  const tracks = chosen === undefined ? undefined : history.family(family.id);
  const past = tracks && chosen !== undefined ? history.at(tracks.line, chosen) : undefined;
  const total = numberOf(family.values.value);
  switch (family.type) {
    case 'counter':
      return {
        main: perSecond(past ?? family.values.rate, format),
        detail: past === undefined ? `total ${format(total)}` : '',
      };
    case 'gauge':
    case 'unknown':
      return { main: formatKnown(past ?? total, format), detail: aggregateOf(family) };
    case 'histogram':
    case 'gaugehistogram':
      return {
        main: family.type === 'histogram' ? perSecond(past ?? family.values.rate, formatNumber) : formatNumber(total),
        detail: quantilesOf(family, history, chosen, format),
      };
    case 'summary':
      return {
        main: perSecond(past ?? family.values.rate, formatNumber),
        detail: family.values.mean === undefined ? '' : `mean ${format(family.values.mean)}`,
      };
    case 'stateset':
      return { main: statesOf(family, history, chosen), detail: '' };
    case 'info':
      return { main: '', detail: '' };
  }
}

export function perSecond(rate: number | undefined, format: Format): string {
  if (rate === undefined || Number.isNaN(rate)) return '–';
  const text = format(rate);
  return text.includes(' ') ? `${text}/s` : `${text} /s`;
}

function aggregateOf({ aggregate, values: { series } }: Family): string {
  if (series <= 1) return '';
  return `${aggregate === 'mean' ? 'mean' : aggregate === 'max' ? 'maximum' : 'sum'} of ${formatNumber(series)}`;
}

function quantilesOf(family: Family, history: History, chosen: number | undefined, format: Format): string {
  const tracks = chosen === undefined ? undefined : history.family(family.id)?.quantiles;
  const values = [0, 1, 2].map((index) => {
    const track = tracks?.[index];
    if (track && chosen !== undefined) return history.at(track, chosen);
    return numberOf(family.values.quantiles?.[index]);
  });
  if (values.every(Number.isNaN)) return 'no observations';
  return ['p50', 'p90', 'p99'].map((name, index) => `${name} ${formatKnown(values[index] ?? 0, format)}`).join(' · ');
}

function statesOf({ id, states = [], values }: Family, history: History, chosen: number | undefined): string {
  const tracks = chosen === undefined ? undefined : history.family(id)?.states;
  const counts = states.map((_, index) => {
    const track = tracks?.[index];
    return track && chosen !== undefined ? history.at(track, chosen) : (values.states?.[index] ?? 0);
  });
  const enabled = states.filter((_, index) => (counts[index] ?? 0) > 0);
  const hasSeveral = values.series > 1;
  return (
    enabled.map((state) => (hasSeveral ? `${counts[states.indexOf(state)]} ${state}` : state)).join(', ') || 'none'
  );
}
