/** Whether two lists contain the same numbers. NaN equals itself. */
export function isSameNumbers(numbers: ArrayLike<number>, others: ArrayLike<number>): boolean {
  if (numbers === others) return true;
  if (numbers.length !== others.length) return false;
  for (let index = 0; index < numbers.length; index++) {
    if (!Object.is(numbers[index], others[index])) return false;
  }
  return true;
}
