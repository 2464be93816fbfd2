/** The page's look: light and dark, on a phone, and printed. */
export const style = `
:root {
  color-scheme: light dark;
  --back: #fff; --fore: #1c2024; --soft: #5f6871; --line: #dfe3e8; --panel: #f5f7f9; --negative: #c2410c;
  --s0: #2563b8; --s1: #c2410c; --s2: #16794c; --s3: #8b3fb3; --s4: #8a6500; --s5: #b3266b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14171a; --fore: #e8eaed; --soft: #9aa4ae; --line: #33393f; --panel: #1d2125; --negative: #f0814f;
    --s0: #6ea8fe; --s1: #f0814f; --s2: #56c596; --s3: #c792ea; --s4: #e0b84c; --s5: #f283b6;
  }
}
@media print {
  :root {
    color-scheme: light;
    --back: #fff; --fore: #000; --soft: #444; --line: #bbb; --panel: #fff; --negative: #c2410c;
    --s0: #2563b8; --s1: #c2410c; --s2: #16794c; --s3: #8b3fb3; --s4: #8a6500; --s5: #b3266b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 72rem; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 3rem;
  background: var(--back); color: var(--fore); font: 16px/1.5 system-ui, sans-serif;
}
h1 { margin: 0 0 .25rem; font-size: clamp(1.3rem, 4vw, 1.8rem); line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2rem 0 .75rem; font-size: 1rem; }
p, ul { margin: .25rem 0; } ul { padding-left: 1.25rem; }
.soft, figcaption { color: var(--soft); font-size: .875rem; }
pre {
  margin: 0; padding: 1rem; overflow-x: auto; background: var(--panel); border: 1px solid var(--line);
  border-radius: 8px; font: .875rem/1.5 ui-monospace, Menlo, Consolas, monospace; tab-size: 2;
}
figure { margin: 0 0 1.5rem; } figcaption { margin-bottom: .5rem; }
.bars { display: grid; grid-template-columns: minmax(4rem, max-content) max-content minmax(6rem, 1fr); gap: .3rem .75rem; align-items: center; }
.bars span { max-width: 40vw; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: .875rem; }
.bars b { font-weight: 400; font-size: .875rem; text-align: right; font-variant-numeric: tabular-nums; }
.bars svg { display: block; width: 100%; height: 1.1rem; }
.up { fill: var(--s0); } .down { fill: var(--negative); } .zero { stroke: var(--soft); }
.plot { display: grid; grid-template-columns: max-content 1fr; gap: .25rem .5rem; }
.plot svg { display: block; height: 16rem; overflow: visible; } .plot svg.lines { width: 100%; }
.plot text { fill: var(--soft); font-size: .8rem; font-variant-numeric: tabular-nums; }
.grid { stroke: var(--line); } .grid, .zero, .stroke, .dot { vector-effect: non-scaling-stroke; }
.stroke { fill: none; stroke-width: 2; stroke-linejoin: round; } .dot { stroke-width: 7; stroke-linecap: round; }
.axis { grid-column: 2; display: flex; justify-content: space-between; color: var(--soft); font-size: .8rem; gap: 1rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0 0 .5rem; font-size: .875rem; }
.legend svg { width: .8rem; height: .8rem; margin-right: .35rem; }
${[0, 1, 2, 3, 4, 5].map((number) => `.s${number} { stroke: var(--s${number}); } .f${number} { fill: var(--s${number}); }`).join('\n')}
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { padding: .45rem .75rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
tbody tr:last-child td { border-bottom: 0; }
td { white-space: pre-wrap; overflow-wrap: break-word; max-width: 40rem; unicode-bidi: isolate; }
td.n, th.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.null { color: var(--soft); font-style: italic; }
th { position: sticky; top: 0; background: var(--panel); white-space: nowrap; padding: 0; }
th button { all: unset; box-sizing: border-box; width: 100%; padding: .45rem .75rem; cursor: pointer; font-weight: 600; }
th button:focus-visible { outline: 2px solid var(--s0); outline-offset: -2px; }
th button::after { content: '\\2195'; display: inline-block; width: 1em; margin-left: .3em; text-align: center; color: var(--soft); opacity: .5; }
th[aria-sort=ascending] button::after { content: '\\2191'; opacity: 1; }
th[aria-sort=descending] button::after { content: '\\2193'; opacity: 1; }
@media (max-width: 40rem) {
  .bars { grid-template-columns: minmax(0, 1fr) max-content; gap: .1rem .75rem; }
  .bars span { max-width: none; } .bars svg { grid-column: 1 / -1; margin-bottom: .5rem; height: .9rem; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; }
  pre { white-space: pre-wrap; } .scroll { overflow: visible; border: 0; }
  th { position: static; } th button::after { display: none; }
  thead { display: table-header-group; } tr, .bars > * { break-inside: avoid; } figure { break-inside: avoid-page; }
  svg, svg * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
