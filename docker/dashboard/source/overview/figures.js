import {h} from '../vendor/vue.js';
import {count, duration, percent, plural} from '../ui/format.js';
import {href} from '../shell/router.js';
import {meanTimeToFix} from '../model/history.js';

/** @typedef {import('../model/types.js').Day} Day */
/** @typedef {import('../model/types.js').Index} Index */

/**
 * The figures on top. Where there is no history, the index still tells how many findings there are.
 *
 * @param {Index} index
 * @param {Day[]} days
 */
export function figures(index, days) {
  const today = days.at(-1);
  const before = days.at(-2);
  const week = days.slice(-7);
  const worst = today
    ? figure(
        'Images with critical findings',
        count(today.images.critical ?? 0),
        change(today.images.critical ?? 0, before?.images.critical),
        href('images', {by: 'repository', severity: 'critical'}),
        'critical',
      )
    : figure(
        'Critical findings',
        count(index.counts[0]),
        plural(index.vulnerabilities, 'vulnerability', 'vulnerabilities'),
        href('vulnerabilities', {severity: 'critical'}),
        'critical',
      );
  const high = today
    ? figure(
        'Images with high, none critical',
        count(today.images.high ?? 0),
        change(today.images.high ?? 0, before?.images.high),
        href('images', {by: 'repository', severity: 'high'}),
        'high',
      )
    : figure('High findings', count(index.counts[1]), '', href('vulnerabilities', {severity: 'high'}), 'high');
  return h('div', {class: 'figures'}, [
    worst,
    high,
    movement(week),
    figure('Mean time to fix', mean(days), 'over the last 30 days', '', ''),
    figure(
      'Images judged',
      percent(index.judged, index.images),
      `${count(index.judged)} of ${count(index.images)}`,
      href('coverage'),
      index.judged < index.images ? 'pending' : 'clean',
    ),
  ]);
}

/** @param {Day[]} days */
function mean(days) {
  const seconds = meanTimeToFix(days.slice(-30));
  return seconds === null ? '–' : duration(seconds);
}

/** @param {Day[]} week */
function movement(week) {
  const opened = week.reduce((sum, day) => sum + (day.opened ?? 0), 0);
  const resolved = week.reduce((sum, day) => sum + (day.resolved ?? 0), 0);
  const balance = resolved - opened;
  const text = !week.length
    ? 'no history yet'
    : balance > 0
      ? `${count(balance)} fewer than a week ago`
      : balance < 0
        ? `${count(-balance)} more than a week ago`
        : 'as many as a week ago';
  return figure(
    'Opened · resolved in 7 days',
    week.length ? `${count(opened)} · ${count(resolved)}` : '–',
    text,
    href('vulnerabilities', {sort: 'newest'}),
    balance < 0 ? 'high' : 'clean',
  );
}

/**
 * @param {number} now
 * @param {number | undefined} before
 */
function change(now, before) {
  if (before === undefined) return 'since today';
  const difference = now - before;
  if (!difference) return 'as yesterday';
  const amount = count(Math.abs(difference));
  return difference > 0 ? `▲ ${amount} more than yesterday` : `▼ ${amount} fewer than yesterday`;
}

/**
 * @param {string} label
 * @param {string} value
 * @param {string} detail
 * @param {string} link
 * @param {string} tone
 */
function figure(label, value, detail, link, tone) {
  const body = [
    h('span', {class: 'figure-label'}, label),
    h('span', {class: 'figure-value'}, value),
    h('span', {class: 'figure-detail'}, detail),
  ];
  return h(link ? 'a' : 'div', {class: ['figure', tone && `is-${tone}`], href: link || undefined}, body);
}
