// Prints as JSON what Gmail, Outlook and Apple Mail do not know of the HTML on standard input: {feature: [client, ...]}.
// The npm package `caniemail` lies in the folder that CANIEMAIL names.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const from = createRequire(pathToFileURL(`${process.env.CANIEMAIL}/`));
const { caniemail } = await import(pathToFileURL(from.resolve('caniemail')));
const found = {};
for (const html of JSON.parse(readFileSync(0, 'utf8'))) {
  for (const [client, issues] of caniemail({ clients: ['gmail.*', 'outlook.*', 'apple-mail.*'], html }).issues.errors) {
    for (const issue of issues) (found[issue.title] ??= new Set()).add(client);
  }
}
console.log(JSON.stringify(Object.fromEntries(Object.entries(found).map(([title, clients]) => [title, [...clients].sort()]))));
