// Rows of coloured cells over time, on the axes that Grafana's own charts have.
import { UPlotChart, UPlotConfigBuilder } from '@grafana/ui';

const FONT = '12px Inter, Helvetica, Arial, sans-serif';

function drawCells(u, rows, { rowHeight, align, theme }) {
  const { ctx } = u;
  const ratio = devicePixelRatio;
  const row = u.bbox.height / rows.length;
  ctx.save();
  ctx.beginPath();
  ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
  ctx.clip();
  ctx.font = FONT.replace('12', 12 * ratio);
  ctx.textBaseline = 'middle';
  ctx.textAlign = align;
  rows.forEach(({ cells }, n) => {
    const top = u.bbox.top + n * row + (row * (1 - rowHeight)) / 2;
    for (const { from, to, fill, text, color } of cells) {
      const [left, right] = [from, to].map((at) => u.valToPos(at, 'x', true));
      ctx.fillStyle = fill;
      ctx.fillRect(left, top, Math.max(1, right - left), row * rowHeight);
      const start = Math.max(left, u.bbox.left);
      if (!text || ctx.measureText(text).width + 8 * ratio > right - start || row * rowHeight < 12 * ratio) continue;
      ctx.fillStyle = color ?? theme.colors.getContrastText(fill);
      const x = { left: start + 4 * ratio, center: (start + right) / 2, right: right - 4 * ratio }[align];
      ctx.fillText(text, x, top + (row * rowHeight) / 2);
    }
  });
  ctx.restore();
}

export function Cells({ rows, range, theme, width, height, rowHeight = 0.9, align = 'left' }) {
  const builder = new UPlotConfigBuilder('utc');
  const ends = [range.from.valueOf(), range.to.valueOf()];
  builder.addScale({ scaleKey: 'x', isTime: true, orientation: 0, direction: 1, range: () => ends });
  builder.addScale({ scaleKey: 'y', orientation: 1, direction: -1, range: () => [0, rows.length] });
  builder.addAxis({ scaleKey: 'x', isTime: true, placement: 'bottom', timeZone: 'utc', theme, grid: { show: false } });
  builder.addAxis({
    scaleKey: 'y',
    placement: 'left',
    theme,
    grid: { show: false },
    ticks: { show: false },
    splits: rows.map((_, n) => n + 0.5),
    values: rows.map(({ name }) => name),
  });
  builder.addSeries({ scaleKey: 'y', theme, pathBuilder: () => null, pointsBuilder: () => null, show: true });
  builder.addHook('draw', (u) => drawCells(u, rows, { rowHeight, align, theme }));
  return <UPlotChart data={[ends, [null, null]]} config={builder} width={width} height={height} />;
}
