// Grafana's three ways to write a variable: $name, ${name:format}, [[name:format]].
const VARIABLE = /\$(\w+)|\[\[(\w+)(?::(\w+))?\]\]|\$\{(\w+)(?:\.[^:}]+)?(?::([^}]+))?\}/g;

const escapeRegex = (text) => text.replace(/[\\^$*+?.()|{}[\]/]/g, '\\$&');
// Within PromQL's quotes, a backslash is written twice.
const escapePromRegex = (text) => text.replace(/\\/g, '\\\\\\\\').replace(/[$^*{}[\]'+?.()|]/g, '\\\\$&');

const list = (value) => (Array.isArray(value) ? value : [value]);

const FORMATS = {
  csv: (value) => list(value).join(','),
  glob: (value) => (list(value).length > 1 ? `{${list(value).join(',')}}` : String(list(value)[0])),
  json: (value) => JSON.stringify(value),
  pipe: (value) => list(value).join('|'),
  raw: (value) => list(value).join(','),
  regex: (value) =>
    list(value).length > 1 ? `(${list(value).map(escapeRegex).join('|')})` : escapeRegex(String(list(value)[0])),
};

function forPrometheus(value, { multi }) {
  if (!multi) return String(value).replace(/\\/g, '\\\\').replace(/'/g, "\\'");
  const parts = list(value).map((each) => escapePromRegex(String(each)));
  return parts.length > 1 ? `(${parts.join('|')})` : parts[0];
}

// `variables`: name -> { value, text, multi, verbatim }; what is not known stays as it is written. An "All" that has a
// value of its own is passed on as it is, except where people read it.
export function interpolate(text, variables, wanted = 'text') {
  return String(text ?? '').replace(VARIABLE, (written, plain, bracketed, bracketFormat, braced, braceFormat) => {
    const variable = variables[plain ?? bracketed ?? braced];
    if (!variable) return written;
    const format = bracketFormat ?? braceFormat ?? wanted;
    if (format === 'text') return list(variable.text ?? variable.value).join(' + ');
    if (variable.verbatim) return String(variable.value);
    return format === 'promql'
      ? forPrometheus(variable.value, variable)
      : (FORMATS[format] ?? FORMATS.glob)(variable.value);
  });
}
