/**
 * Sorts the table by a column whose heading is clicked: up, down, then as it came. Numbers are compared digit for digit,
 * because a browser's own hold only sixteen of them; NULL stays last. It is the text of a script, with nothing of the
 * result in it.
 */
export const script = `
const body = document.querySelector('tbody');
const rows = body ? [...body.rows] : [];
const words = new Intl.Collator(undefined, { numeric: true });
const plain = /^(-?)0*(\\d+)(?:\\.(\\d+?)0*)?$/;
function compareNumbers(a, b) {
  const x = plain.exec(a), y = plain.exec(b);
  if (!x || !y) return (Number(a) - Number(b)) || words.compare(a, b);
  const zero = (m) => /^0*$/.test(m[2] + (m[3] ?? ''));
  const sign = (m) => zero(m) ? 0 : m[1] ? -1 : 1;
  if (sign(x) !== sign(y)) return sign(x) - sign(y);
  const larger = x[2].length - y[2].length || compareText(x[2], y[2]) || compareText(x[3] ?? '', y[3] ?? '');
  return sign(x) * larger;
}
function compareText(a, b) { return a < b ? -1 : a > b ? 1 : 0; }
for (const button of document.querySelectorAll('th button')) {
  button.addEventListener('click', () => {
    const head = button.parentElement;
    const before = head.getAttribute('aria-sort');
    const next = before === 'ascending' ? 'descending' : before === 'descending' ? 'none' : 'ascending';
    for (const other of head.parentElement.cells) other.setAttribute('aria-sort', 'none');
    head.setAttribute('aria-sort', next);
    const at = head.cellIndex, direction = next === 'descending' ? -1 : 1;
    const compare = head.classList.contains('n') ? compareNumbers : words.compare;
    const sorted = next === 'none' ? rows : [...rows].sort((p, q) => {
      const a = p.cells[at], b = q.cells[at];
      const nullA = a.classList.contains('null'), nullB = b.classList.contains('null');
      if (nullA || nullB) return nullA - nullB;
      return direction * compare(a.textContent, b.textContent);
    });
    body.append(...sorted);
  });
}
`;
