// What a display name or link may say of the field it belongs to: ${__field.labels.agent}, ${__series.name}.
import { interpolate } from './interpolate.js';

const MACRO = /\$\{__(field|series)\.([\w.]+)\}/g;

function fact(kind, path, { field, frame }) {
  if (kind === 'series') return path === 'name' ? frame.name : undefined;
  const [first, ...rest] = path.split('.');
  if (first === 'labels') return rest.length ? field.labels?.[rest.join('.')] : undefined;
  return { name: field.name, displayName: field.state?.displayName ?? field.name }[first];
}

const plain = (scoped) =>
  Object.fromEntries(Object.entries(scoped).map(([name, { value, text }]) => [name, { value, text }]));

export function replacer(variables) {
  return (text, scoped = {}) => {
    const context = scoped.__dataContext?.value;
    const said = context
      ? String(text ?? '').replace(MACRO, (written, kind, path) => fact(kind, path, context) ?? written)
      : text;
    return interpolate(said, { ...variables, ...plain(scoped) });
  };
}
