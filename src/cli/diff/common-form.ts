import type { Escaping } from '../../exposition/encoding/escaping.ts';
import type { MetricFamily } from '../../model/family.ts';
import { isLegacyLabelName, isLegacyMetricName } from '../../model/naming.ts';
import type { ParseMode } from '../../parse/input/options.ts';
import type { Document } from '../document/document.ts';
import { readBack } from '../document/read-back.ts';

type Families = readonly MetricFamily[];

/**
 * The families of two documents as both of their formats hold them: what one format cannot say, such as a type or a
 * native histogram, is not a difference between what they say.
 */
export async function inCommonForm(one: Document, other: Document, mode: ParseMode): Promise<[Families, Families]> {
  if (one.format === other.format) return [one.families, other.families];
  // A format may also ask for what the other cannot say: both have to go the same way.
  return [await asIn(one, await asIn(other, one.families, mode), mode), await asIn(one, other.families, mode)];
}

/** The families as the document's format holds them. */
async function asIn({ format, families: own }: Document, families: Families, mode: ParseMode): Promise<Families> {
  // The text format 0.0.4 has names of letters, digits and underscores only, but a server may send others.
  const escaping: Escaping = format === 'text' && own.every(hasLegacyNames) ? 'underscores' : 'allow-utf-8';
  return Array.from(await readBack(families, format, { escaping, mode }));
}

function hasLegacyNames({ name, points }: MetricFamily): boolean {
  if (!isLegacyMetricName(name)) return false;
  for (const { labels = {} } of points) if (!Object.keys(labels).every(isLegacyLabelName)) return false;
  return true;
}
