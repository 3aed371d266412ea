// What the preview asks of Prometheus; the server that holds this page passes it on.
async function ask(path, parameters) {
  const response = await fetch(`/prometheus/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) });
  return read(response);
}

async function read(response) {
  const text = await response.text();
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error(`HTTP ${response.status}: ${text.slice(0, 200)}`);
  }
  if (answer.status !== 'success') throw new Error(`${answer.errorType}: ${answer.error}`);
  return answer.data;
}

export const instant = (query, time) => ask('query', { query, time });

export const range = (query, start, end, step) => ask('query_range', { query, start, end, step });

export async function labelValues(label, selector, { start, end }) {
  const parameters = new URLSearchParams({ start, end, ...(selector && { 'match[]': selector }) });
  return read(await fetch(`/prometheus/api/v1/label/${encodeURIComponent(label)}/values?${parameters}`));
}
