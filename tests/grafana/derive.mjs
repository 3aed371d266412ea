// Writes dashboard.schema.json: `make grafana-schema`.
import { readFileSync, writeFileSync } from 'node:fs';
import { createGenerator } from 'ts-json-schema-generator';

const here = (name) => new URL(name, import.meta.url).pathname;
const { dependencies } = JSON.parse(readFileSync(here('package.json')));
const sources = Object.keys(dependencies).filter((name) => name.startsWith('@grafana/'));

const generator = createGenerator({
  path: here('types.ts'),
  tsconfig: here('tsconfig.json'),
  expose: 'none', // every panel type has its own `Options`: named definitions would clash
  jsDoc: 'none',
  topRef: false,
  additionalProperties: false,
});

// A plugin merges its defaults under what a dashboard says, so nothing in there is required, except the key that
// tells the members of a union apart.
function lenient(schema) {
  if (Array.isArray(schema)) return schema.map(lenient);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { required, ...rest } = schema;
  const kept = required?.filter((key) => 'const' in schema.properties[key]) ?? [];
  for (const key of Object.keys(rest)) rest[key] = lenient(rest[key]);
  return kept.length ? { ...rest, required: kept } : rest;
}

const bodyOf = (name) => {
  const { $schema, definitions, ...body } = generator.createSchema(name);
  return body;
};

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $comment: `Derived by \`make grafana-schema\` from ${sources.map((name) => `${name} ${dependencies[name]}`).join(', ')}`,
  definitions: {
    ...Object.fromEntries(['Dashboard', 'Fields', 'Panel', 'Query', 'Row'].map((name) => [name, bodyOf(name)])),
    ...Object.fromEntries(['Custom', 'Options'].map((name) => [name, lenient(bodyOf(name).properties)])),
  },
};
writeFileSync(here('dashboard.schema.json'), `${JSON.stringify(schema, null, 1)}\n`);
