// What a classic dashboard may hold: Grafana's types, put together. What is added by hand says why.
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import type { AnnotationQuery, Dashboard as AnyDashboard } from '@grafana/schema';
import type * as barchart from '@grafana/schema/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen';
import type * as bargauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type * as gauge from '@grafana/schema/dist/esm/raw/composable/gauge/panelcfg/x/GaugePanelCfg_types.gen';
import type * as heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as timeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as history from '@grafana/schema/dist/esm/raw/composable/statushistory/panelcfg/x/StatusHistoryPanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as text from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type * as raw from '@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen';

// @grafana/schema 13 no longer has the Prometheus query; the SDK's class has a method beside its data.
export interface Query extends Omit<Dataquery, '_implementsDataqueryVariant'> {}

// The Prometheus data source keeps these beside the target, not in it; no npm package has a type for them.
interface Annotation extends Omit<AnnotationQuery, 'target'> {
  target?: Query | raw.AnnotationTarget;
  expr?: string;
  step?: string;
  tagKeys?: string;
  textFormat?: string;
  titleFormat?: string;
  useValueForTime?: boolean | 'on' | 'off';
}

// Panels are checked one by one, by their type, so that a message names the panel's own mistake.
export interface Dashboard extends Omit<AnyDashboard, 'annotations' | 'panels'> {
  annotations?: { list?: Annotation[] };
  panels?: Record<string, unknown>[];
}

// What the editor writes, for fields (a type in @grafana/data only) and for panels (typed as links of a dashboard,
// with eight more keys that a panel's link does not have).
interface Link {
  title: string;
  url: string;
  targetBlank?: boolean;
  oneClick?: boolean;
}

export interface Row extends Omit<raw.RowPanel, 'panels'> {
  panels: Record<string, unknown>[];
}

export interface Panel extends Omit<raw.Panel, 'fieldConfig' | 'links' | 'options' | 'targets' | 'type'> {
  type: keyof Options;
  links?: Link[];
  options?: unknown;
  fieldConfig?: Omit<raw.FieldConfigSource, 'defaults'> & { defaults: Fields };
  targets?: Query[];
}

export interface Fields extends Omit<raw.FieldConfig, 'custom' | 'links'> {
  custom?: unknown;
  links?: Link[];
}

// No npm package has the alert list's options; the names are those that its editor writes (Grafana 10 to 13).
interface AlertList {
  alertInstanceLabelFilter?: string;
  alertName?: string;
  dashboardAlerts?: boolean;
  datasource?: string | null;
  folder?: { id?: number; uid?: string; title: string } | null;
  groupBy?: string[];
  groupMode?: 'default' | 'custom';
  maxItems?: number;
  showInactiveAlerts?: boolean;
  showInstances?: boolean;
  sortOrder?: 1 | 2 | 3 | 4 | 5;
  stateFilter?: {
    error?: boolean;
    firing?: boolean;
    noData?: boolean;
    normal?: boolean;
    pending?: boolean;
    recovering?: boolean;
  };
  viewMode?: 'list' | 'stat';
}

export interface Options {
  alertlist: AlertList;
  barchart: barchart.Options;
  bargauge: bargauge.Options;
  gauge: gauge.Options;
  heatmap: heatmap.Options;
  stat: stat.Options;
  'state-timeline': timeline.Options;
  'status-history': history.Options;
  table: table.Options;
  text: text.Options;
  timeseries: timeseries.Options;
}

interface None {}

export interface Custom extends Record<keyof Options, unknown> {
  alertlist: None;
  barchart: barchart.FieldConfig;
  bargauge: None;
  gauge: None;
  heatmap: heatmap.FieldConfig;
  stat: None;
  'state-timeline': timeline.FieldConfig;
  'status-history': history.FieldConfig;
  table: table.FieldConfig;
  text: None;
  timeseries: timeseries.FieldConfig;
}
