/**
 * Compares zeroprom with other libraries: `npm run bench -- [QUESTION[/CASE] ...] [--rounds=3] [--node=24] [--json]
 * [--save]`. By default it runs all questions of this folder; CASE is a part of the name of a case. The result is the
 * median of the rounds, and ratios are within one run, because absolute times differ between machines and days.
 * `--save` saves the figures for the documentation.
 */
import { parseArgs } from 'node:util';
import { compare, defaultLine, type Row } from './compare.ts';
import { saveFigures } from './figures.ts';
import { BASE } from './library.ts';
import { loadQuestion, questionNames } from './questions.ts';
import { Reference } from './reference.ts';
import { lineOf } from './show.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    node: { type: 'string', default: String(defaultLine()) },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});
const options = { rounds: Number(values.rounds), line: Number(values.node) };
const rows: Row[] = [];
const references = Reference.all();

for (const asked of positionals.length > 0 ? positionals : questionNames()) {
  const [question = '', ...part] = asked.split('/');
  const { title, cases } = await loadQuestion(question);
  if (!values.json) console.log(`\n${title}`);
  for (const one of cases.filter(({ name }) => name.includes(part.join('/')))) {
    const compared = await compare(question, one, options);
    const base = compared.find(({ library }) => library === BASE)?.figures;
    const found = [...compared, ...references.flatMap((reference) => reference.rows(question, one.name, base))];
    rows.push(...found);
    if (values.save) saveFigures(found, options.line);
    if (!values.json) for (const row of found) console.log(lineOf(row));
  }
}
for (const reference of references) reference.close();
if (values.json) console.log(JSON.stringify(rows, null, 2));
