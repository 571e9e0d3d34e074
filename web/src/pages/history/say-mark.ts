/** What a mark says. */
import type { Speech } from '../../i18n/use-language.js';
import type { Mark } from './marks.js';
import type { HistoryWords } from './words.js';

/** What happened, in one sentence without its time. */
export function sayMark(mark: Mark, { alert }: Speech, words: HistoryWords): string {
  if (mark.kind === 'alert')
    return `${mark.phase === 'began' ? words.alertBegan : words.alertEnded} · ${mark.data.host}: ${alert(mark.data)}`;
  const where = mark.host === null ? mark.container : `${mark.container} @ ${mark.host}`;
  const code = mark.exitCode === null ? '' : ` · ${words.exitCode(mark.exitCode)}`;
  return `${where}: ${words.container[mark.what]}${code}`;
}
