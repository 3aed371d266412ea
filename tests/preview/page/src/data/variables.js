// A dashboard's variables, each with the value it opens with or the one asked for with --var.
import { interpolate } from './interpolate.js';
import { instant, labelValues } from './prometheus.js';

const ALL = '$__all';
const describe = ({ metric, value }) => {
  const { __name__: name = '', ...labels } = metric;
  const pairs = Object.entries(labels).map(([key, each]) => `${key}="${each}"`);
  return `${name}{${pairs.join(',')}} ${value[1]} ${value[0] * 1000}`;
};

const ORDERS = [null, 'text', 'text', 'number', 'number', 'text', 'text', 'number', 'number'];

function sorted(values, sort = 0) {
  if (!ORDERS[sort]) return values;
  const numeric = ORDERS[sort] === 'number';
  const up = [...values].sort((a, b) =>
    a.localeCompare(b, undefined, { numeric, sensitivity: sort > 4 ? 'base' : 'variant' }),
  );
  return sort % 2 ? up : up.reverse();
}

function matching(values, pattern) {
  if (!pattern) return values;
  const [, body, flags] = pattern.match(/^\/(.*)\/([a-z]*)$/s) ?? [null, pattern, ''];
  const regex = new RegExp(body, flags.replace('g', ''));
  return values.flatMap((value) => {
    const found = value.match(regex);
    return found ? [found.groups?.value ?? found[1] ?? value] : [];
  });
}

async function asked(query, { start, end }) {
  const all = query.match(/^label_values\(\s*(?:(.+),\s*)?([a-zA-Z_]\w*)\s*\)$/s);
  if (all) return labelValues(all[2], all[1], { start, end });
  const metrics = query.match(/^metrics\((.+)\)$/s);
  if (metrics)
    return (await labelValues('__name__', undefined, { start, end })).filter((name) =>
      new RegExp(metrics[1]).test(name),
    );
  const result = query.match(/^query_result\((.+)\)$/s);
  const answer = await instant(result ? result[1] : query, end);
  return answer.result.map(describe);
}

async function options(variable, known, times) {
  const { type, query } = variable;
  if (type === 'query') {
    const text = typeof query === 'string' ? query : (query?.query ?? variable.definition ?? '');
    const found = await asked(interpolate(text, known, 'promql'), times);
    return sorted([...new Set(matching(found, variable.regex))], variable.sort);
  }
  if (type === 'custom' || type === 'interval')
    return String(query)
      .split(',')
      .map((each) => each.trim().split(' : ').pop().trim());
  if (type === 'datasource') return ['preview'];
  if (type === 'constant' || type === 'textbox') return [String(query ?? '')];
  throw new Error(`variables of type ${type} are not supported`);
}

function chosen(variable, values, wish) {
  const current = [variable.current?.value ?? []].flat().filter((each) => each !== '');
  const asked = wish === undefined ? current : wish.split(',');
  if (variable.includeAll && (asked.length === 0 ? wish === undefined : ['All', ALL].includes(asked[0]))) return ALL;
  if (wish !== undefined) return variable.multi ? asked : wish;
  if (variable.type === 'query' && !asked.every((each) => values.includes(each))) return values[0];
  if (!asked.length) return values[0];
  return variable.multi ? asked : asked[0];
}

async function resolve(variable, known, times, wish) {
  if (variable.type === 'datasource') return { value: 'preview', text: 'Prometheus' };
  const values = await options(variable, known, times);
  const value = chosen(variable, values, wish);
  const multi = Boolean(variable.multi || variable.includeAll);
  if (value === undefined) throw new Error('has no value');
  if (value !== ALL) return { value, text: value, multi, values };
  if (variable.allValue) return { value: variable.allValue, text: 'All', verbatim: true, values };
  return { value: values, text: 'All', multi, values };
}

// One after the other: a query may use those before it.
export async function resolveAll(dashboard, wishes, times) {
  const known = {};
  const problems = [];
  for (const variable of dashboard.templating?.list ?? []) {
    try {
      known[variable.name] = {
        ...(await resolve(variable, known, times, wishes[variable.name])),
        label: variable.label,
        hide: variable.hide,
      };
    } catch (error) {
      problems.push(`variable ${variable.name}: ${error.message}`);
      known[variable.name] = { value: '', text: '?', label: variable.label };
    }
  }
  const unknown = Object.keys(wishes).filter((name) => !(name in known));
  return {
    variables: known,
    problems: [...problems, ...unknown.map((name) => `--var ${name}: the dashboard has no such variable`)],
  };
}
