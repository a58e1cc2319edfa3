import { isLegacyMetricName } from '../../model/naming.ts';
import type { Fragment, FragmentPool } from '../bytes/fragment.ts';
import { metricNameToken } from './quoting.ts';

/** A name that samples have, and what is constant on their lines before the labels. */
export class SampleName {
  /** `name `: the beginning of a line without labels. */
  readonly alone: Fragment;
  /** `name{` or, where the name needs quotes, `{"name",`. */
  readonly open: Fragment;

  constructor(name: string, pool: FragmentPool) {
    const token = metricNameToken(name);
    const isBare = isLegacyMetricName(name);
    this.alone = pool.of(isBare ? `${token} ` : `{${token}} `);
    this.open = pool.of(isBare ? `${token}{` : `{${token},`);
  }
}
