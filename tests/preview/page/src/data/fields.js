// Field defaults and overrides, applied by Grafana's own code to a registry of what a field may hold.
import {
  FieldType,
  Registry,
  applyFieldOverrides,
  cacheFieldDisplayNames,
  displayNameOverrideProcessor,
  fieldMatchers,
  fieldReducers,
  getValueFormats,
  identityOverrideProcessor,
} from '@grafana/data';

import { DEFAULTS, THRESHOLDS } from './defaults.js';

const isNumber = ({ type }) => type === FieldType.number;
const always = () => true;
const STANDARD = {
  color: always,
  decimals: isNumber,
  description: always,
  displayName: always,
  fieldMinMax: isNumber,
  filterable: always,
  links: always,
  mappings: always,
  max: isNumber,
  min: isNumber,
  noValue: always,
  thresholds: isNumber,
  unit: always,
};

const fromFile = (thresholds) => ({
  ...thresholds,
  steps: thresholds.steps.map((step, n) => (n ? step : { ...step, value: -Infinity })),
});

const PROCESS = { displayName: displayNameOverrideProcessor, thresholds: (value) => value && fromFile(value) };

const standardItem = ([id, shouldApply]) => ({
  id,
  path: id,
  name: id,
  shouldApply,
  process: PROCESS[id] ?? identityOverrideProcessor,
});
const customItem = (path) => ({
  id: `custom.${path}`,
  path,
  name: path,
  isCustom: true,
  shouldApply: always,
  process: identityOverrideProcessor,
});

export function completed(panel) {
  const { color, custom, options } = DEFAULTS[panel.type];
  const defaults = { color, thresholds: THRESHOLDS, ...panel.fieldConfig?.defaults };
  return {
    ...panel,
    options: {
      ...options,
      ...panel.options,
      reduceOptions: { ...options?.reduceOptions, ...panel.options?.reduceOptions },
    },
    fieldConfig: {
      defaults: { ...defaults, thresholds: fromFile(defaults.thresholds), custom: { ...custom, ...defaults.custom } },
      overrides: panel.fieldConfig?.overrides ?? [],
    },
  };
}

export function withFieldConfig(panel, series, { theme, timeZone, replaceVariables }) {
  const { defaults, overrides } = panel.fieldConfig;
  const overridden = overrides
    .flatMap(({ properties }) => properties.map(({ id }) => id))
    .filter((id) => id.startsWith('custom.'));
  const custom = new Set([...Object.keys(defaults.custom), ...overridden.map((id) => id.slice('custom.'.length))]);
  const items = [...Object.entries(STANDARD).map(standardItem), ...[...custom].map(customItem)];
  const shown = applyFieldOverrides({
    data: series,
    fieldConfig: panel.fieldConfig,
    fieldConfigRegistry: new Registry(() => items),
    replaceVariables,
    theme,
    timeZone,
  });
  cacheFieldDisplayNames(shown); // tables read a renamed field's name nowhere else
  return shown;
}

const CUSTOM_UNIT = /^(prefix|suffix|time|si|count|currency|bool|dateTime):?/;

const overridesOf = (panel) => panel.fieldConfig?.overrides ?? [];

// What Grafana passes over in silence, and draws something else than was meant.
export function mistakes(panel) {
  const calcs = [...(panel.options?.reduceOptions?.calcs ?? []), ...(panel.options?.legend?.calcs ?? [])];
  const matchers = overridesOf(panel).map(({ matcher }) => matcher.id);
  return [
    ...matchers.filter((id) => !fieldMatchers.getIfExists(id)).map((id) => `no matcher is called ${id}`),
    ...calcs.filter((calc) => !fieldReducers.getIfExists(calc)).map((calc) => `no reducer is called ${calc}`),
  ];
}

// Any text may be a unit, and is written after the number; more often it is a slip.
export function strangeUnits(panel) {
  const settings = overridesOf(panel).flatMap(({ properties }) => properties);
  const overridden = settings.filter(({ id }) => id === 'unit').map(({ value }) => value);
  const known = new Set(getValueFormats().flatMap(({ submenu }) => submenu.map(({ value }) => value)));
  return [panel.fieldConfig?.defaults?.unit, ...overridden]
    .filter((unit) => unit && !known.has(unit) && !CUSTOM_UNIT.test(unit))
    .map((unit) => `no unit is called ${unit}`);
}
