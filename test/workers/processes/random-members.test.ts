import { test } from 'node:test';
import { progress } from '../../progress.ts';
import { generator } from '../../random.ts';
import { meetingPlace } from './member-process.ts';
import { RandomMembers } from './random-members.ts';

/** `npm run test:processes` sets a larger number. */
const ROUNDS = Number(process.env.PROCESS_ROUNDS ?? 30);
const SEED = Number(process.env.PROCESS_SEED ?? Date.now() % 1e6);

test(`no counter decreases or loses saved counts, whatever happens to processes (seed ${SEED})`, async (t) => {
  const members = new RandomMembers(t, await meetingPlace(t), generator(SEED));
  const tell = progress(ROUNDS);
  for (let round = 1; round <= ROUNDS; round++) {
    await members.step();
    tell(round);
  }
  await members.end();
});
