/** Measures a case with a library in this process: `QUESTION CASE LIBRARY`. Prints the result as JSON. */
import { loadLibrary } from './library.ts';
import { loadQuestion } from './questions.ts';

const [question = '', caseName = '', libraryName = ''] = process.argv.slice(2);
const found = (await loadQuestion(question)).cases.find(({ name }) => name === caseName);
if (found === undefined) throw new Error(`There is no ${question} / ${caseName}.`);
const measured = await found.measure(await loadLibrary(libraryName));
process.stdout.write(JSON.stringify(measured ?? null), () => process.exit());
