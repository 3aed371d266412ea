// Where panels lie: 24 columns, rows of 30 pixels, 8 between them.
const COLUMNS = 24;
const ROW = 30;
const GAP = 8;

export function place({ x, y, w, h }, width) {
  const column = (width - (COLUMNS - 1) * GAP) / COLUMNS;
  return {
    left: Math.round(x * (column + GAP)),
    top: y * (ROW + GAP),
    width: Math.round(w * column + (w - 1) * GAP),
    height: h * ROW + (h - 1) * GAP,
  };
}

export const heightOf = (panels) => Math.max(0, ...panels.map(({ gridPos: { y, h } }) => y + h)) * (ROW + GAP);

// Opens collapsed rows, as a click on each would: what they hold moves to under the row, what follows moves down.
export function opened(panels) {
  let shift = 0;
  return [...panels]
    .sort((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x)
    .flatMap((panel) => {
      const moved = { ...panel, gridPos: { ...panel.gridPos, y: panel.gridPos.y + shift } };
      if (panel.type !== 'row' || !panel.collapsed || !panel.panels?.length) return [moved];
      const top = Math.min(...panel.panels.map(({ gridPos }) => gridPos.y));
      const inner = panel.panels.map((each) => ({
        ...each,
        gridPos: { ...each.gridPos, y: each.gridPos.y - top + moved.gridPos.y + 1 },
      }));
      shift += Math.max(...inner.map(({ gridPos: { y, h } }) => y + h)) - moved.gridPos.y - 1;
      return [moved, ...inner];
    });
}
