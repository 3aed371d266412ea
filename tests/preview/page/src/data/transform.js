import { standardTransformers, standardTransformersRegistry, transformDataFrame } from '@grafana/data';
import { firstValueFrom } from 'rxjs';

const { seriesToColumnsTransformer: _anAlias, ...transformers } = standardTransformers;
const ITEMS = Object.values(transformers).map((info) => ({
  ...info,
  transformation: () => Promise.resolve(info),
  editor: () => null,
}));
standardTransformersRegistry.setInit(() => ITEMS);

export async function transformed(panel, series, interpolate) {
  const wanted = (panel.transformations ?? []).filter(({ disabled }) => !disabled);
  // Grafana's own pipeline passes over what it does not know.
  const unknown = wanted.find(({ id }) => !standardTransformersRegistry.getIfExists(id));
  if (unknown) throw new Error(`no transformation is called ${unknown.id}`);
  return wanted.length ? firstValueFrom(transformDataFrame(wanted, series, { interpolate })) : series;
}
