import { readFileSync } from 'node:fs';

const inter = (weight) => `node_modules/@fontsource/inter/files/inter-latin-${weight}-normal.woff2`;
const icon = (name) => [`public/build/img/icons/unicons/${name}.svg`, `icons/${name}.svg`];

// Grafana's components ask for these at the paths of the server that they run on.
const FILES = Object.fromEntries([
  ['public/fonts/inter/Inter-Regular.woff2', inter(400)],
  ['public/fonts/inter/Inter-Medium.woff2', inter(500)],
  icon('info-circle'),
  icon('exclamation-triangle'),
]);

const grafanaFiles = {
  name: 'grafana-files',
  generateBundle() {
    for (const [fileName, path] of Object.entries(FILES))
      this.emitFile({ type: 'asset', fileName, source: readFileSync(path) });
  },
};

export default {
  plugins: [grafanaFiles],
  define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}' }, // left over in @grafana/ui from its own build
  build: { chunkSizeWarningLimit: 20000, outDir: 'node_modules/.page', reportCompressedSize: false, target: 'esnext' },
};
