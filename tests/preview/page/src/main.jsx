import { ThemeContext, createTheme } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { GlobalStyles } from '@grafana/ui';
import { createRoot } from 'react-dom/client';

import { Dashboard } from './dashboard.jsx';
import { resolveAll } from './data/variables.js';
import { timeRange } from './data/time.js';

// Axes and big values measure their text: they must not do so in another font. The faces come with the global styles,
// a moment after these are rendered.
async function fontLoaded(weight) {
  for (let n = 0; n < 100; n++) {
    if ((await document.fonts.load(`${weight} 12px Inter`)).length) return;
    await new Promise(requestAnimationFrame);
  }
  throw new Error('could not load the font Inter');
}

// The driver waits for `window.preview`: how each panel went.
async function main() {
  const settings = await (await fetch('/settings.json')).json();
  const dashboard = settings.dashboards[Number(new URLSearchParams(location.search).get('dashboard') ?? 0)];
  await initPluginTranslations('preview');
  const range = timeRange(
    settings.from ?? dashboard.time?.from ?? 'now-6h',
    settings.to ?? dashboard.time?.to ?? 'now',
  );
  const [start, end] = [range.from, range.to].map((each) => each.valueOf() / 1000);
  const { variables, problems } = await resolveAll(dashboard, settings.variables, { start, end });
  const theme = createTheme({ colors: { mode: settings.theme } });
  Object.assign(document.body.style, { background: theme.colors.background.canvas, margin: 0 });
  const onDone = (panels) => {
    window.preview = { panels, problems };
  };
  const root = createRoot(document.getElementById('root'));
  const render = (content) =>
    root.render(
      <ThemeContext.Provider value={theme}>
        <GlobalStyles />
        {content}
      </ThemeContext.Provider>,
    );
  render(null);
  await Promise.all([400, 500].map(fontLoaded));
  render(<Dashboard {...{ dashboard, range, variables, settings, problems, onDone }} />);
}

main().catch((error) => {
  document.getElementById('root').textContent = error.stack;
  window.preview = { panels: [], problems: [error.message] };
});
