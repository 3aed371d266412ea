// What each panel type fills in where a dashboard says nothing.
const STAT = { reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' }, orientation: 'auto' };
const LEGEND = { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] };
const LINES = {
  axisPlacement: 'auto',
  barAlignment: 0,
  drawStyle: 'line',
  fillOpacity: 0,
  gradientMode: 'none',
  lineInterpolation: 'linear',
  lineWidth: 1,
  pointSize: 5,
  showPoints: 'auto',
  spanNulls: false,
  stacking: { group: 'A', mode: 'none' },
  thresholdsStyle: { mode: 'off' },
};
const CELLS = { fillOpacity: 70, lineWidth: 0 };
const COLUMN = { align: 'auto', cellOptions: { type: 'auto' }, inspect: false };

const thresholds = { mode: 'thresholds' };

export const DEFAULTS = {
  alertlist: {},
  barchart: { color: { mode: 'palette-classic' }, options: { legend: LEGEND } },
  bargauge: {
    color: thresholds,
    options: {
      ...STAT,
      displayMode: 'gradient',
      showUnfilled: true,
      valueMode: 'color',
      namePlacement: 'auto',
      minVizWidth: 8,
      minVizHeight: 16,
      maxVizHeight: 300,
    },
  },
  gauge: { color: thresholds, options: { ...STAT, showThresholdMarkers: true, showThresholdLabels: false } },
  heatmap: {
    color: thresholds,
    options: { cellGap: 1, color: { scheme: 'Oranges', reverse: false, exponent: 0.5 }, legend: { show: true } },
  },
  stat: {
    color: thresholds,
    options: {
      ...STAT,
      colorMode: 'value',
      graphMode: 'area',
      justifyMode: 'auto',
      textMode: 'auto',
      wideLayout: true,
      percentChangeColorMode: 'standard',
    },
  },
  'state-timeline': {
    color: { mode: 'continuous-GrYlRd' },
    custom: CELLS,
    options: { alignValue: 'left', mergeValues: true, rowHeight: 0.9, showValue: 'auto', legend: LEGEND },
  },
  'status-history': {
    color: thresholds,
    custom: CELLS,
    options: { colWidth: 0.9, rowHeight: 0.9, showValue: 'auto', legend: LEGEND },
  },
  table: { color: thresholds, custom: COLUMN, options: { cellHeight: 'sm', frameIndex: 0, showHeader: true } },
  text: { options: { mode: 'markdown', content: '' } },
  timeseries: { color: { mode: 'palette-classic' }, custom: LINES, options: { legend: LEGEND } },
};

export const THRESHOLDS = {
  mode: 'absolute',
  steps: [
    { color: 'green', value: null },
    { color: 'red', value: 80 },
  ],
};
