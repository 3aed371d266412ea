import { AlertList } from './alertlist.jsx';
import { BarChart } from './barchart.jsx';
import { BarGauges } from './bargauge.jsx';
import { Gauges } from './gauge.jsx';
import { Heatmap } from './heatmap.jsx';
import { Stats } from './stat.jsx';
import { StateTimeline, StatusHistory } from './timeline.jsx';
import { TablePanel } from './table.jsx';
import { TextPanel } from './text.jsx';
import { Lines } from './timeseries.jsx';

export const WITHOUT_DATA = new Set(['alertlist', 'text']);

// `saysEmpty`: draws its own words when there is no data.
export const VISUALIZATIONS = {
  alertlist: { Draw: AlertList },
  barchart: { Draw: BarChart },
  bargauge: { Draw: BarGauges, saysEmpty: true },
  gauge: { Draw: Gauges, saysEmpty: true },
  heatmap: { Draw: Heatmap },
  stat: { Draw: Stats, saysEmpty: true },
  'state-timeline': { Draw: StateTimeline },
  'status-history': { Draw: StatusHistory },
  table: { Draw: TablePanel },
  text: { Draw: TextPanel },
  timeseries: { Draw: Lines },
};
