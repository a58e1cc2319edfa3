const COMPARATOR = /(>=|<=|>|<|\^|~|=)?\s*v?(\d+)(\.\S+)?/g;

/** Whether a range of versions includes some version with this major number. Specifiers other than ranges count as if they did. */
export function allowsMajor(range: string, major: number): boolean {
  if (!/^[\s\dv.^~<>=|x*-]*$/.test(range)) return true;
  return range.split('||').some((part) => {
    const [least, most] = majorsOf(part.replace(/^(.*\S)\s+-\s+(.*)$/, '>=$1 <=$2'));
    return least <= major && major <= most;
  });
}

/** The least and the greatest major version of comparators that must all hold. */
function majorsOf(comparators: string): [least: number, most: number] {
  let least = 0;
  let most = Number.POSITIVE_INFINITY;
  for (const [, sign = '=', digits = '', rest = ''] of comparators.matchAll(COMPARATOR)) {
    const major = Number(digits);
    if (!sign.startsWith('<')) least = Math.max(least, major);
    if (sign === '<' && /^[.0x*]*$/.test(rest)) most = Math.min(most, major - 1);
    else if (!sign.startsWith('>')) most = Math.min(most, major);
  }
  return [least, most];
}
