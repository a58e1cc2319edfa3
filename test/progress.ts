/** Runs with fewer rounds are over soon. */
const MANY = 100;
const LINES = 20;

/** Returns a function that prints how many rounds are done, now and then, if there are many. */
export function progress(rounds: number): (done: number) => void {
  const began = performance.now();
  const every = Math.ceil(rounds / LINES);
  return (done) => {
    if (rounds < MANY || done % every !== 0) return;
    console.log(`${done} of ${rounds} rounds after ${Math.round((performance.now() - began) / 1000)} s`);
  };
}
