import {h} from '../vendor/vue.js';
import {count, date, dayNumber, duration, percent, plural} from '../ui/format.js';
import {href} from '../shell/router.js';
import {isBlocked} from '../model/coverage.js';
import {lastDays, meanTimeToFix} from '../model/history.js';

/** @typedef {import('../model/types.js').Day} Day */
/** @typedef {import('../model/types.js').Index} Index */

/**
 * The figures on top. Where there is no history, the index still tells how many findings there are.
 *
 * @param {Index} index
 * @param {Day[] | null} recorded null while nobody knows whether there is a history: a figure never turns into another
 */
export function figures(index, recorded) {
  if (!recorded) return h('div', {class: 'figures is-loading'}, [judged(index)]);
  const days = recorded;
  const today = days.at(-1);
  const before = days.at(-2);
  const week = lastDays(days, 7);
  const worst = today
    ? figure(
        'Images with critical findings',
        count(today.images.critical ?? 0),
        change(today, before, 'critical'),
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
        change(today, before, 'high'),
        href('images', {by: 'repository', severity: 'high'}),
        'high',
      )
    : figure('High findings', count(index.counts[1]), '', href('vulnerabilities', {severity: 'high'}), 'high');
  return h('div', {class: 'figures'}, [
    worst,
    high,
    movement(week),
    figure('Mean time to fix', mean(days), 'over the last 30 days', '', ''),
    judged(index),
  ]);
}

/** @param {Day[]} days */
function mean(days) {
  const seconds = meanTimeToFix(lastDays(days, 30));
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
 * @param {Day} today
 * @param {Day | undefined} before the recorded day before it, whichever that is
 * @param {string} name
 */
function change(today, before, name) {
  if (!before) return `first recorded on ${date(today.day)}`;
  const then = dayNumber(today.day) - dayNumber(before.day) === 1 ? 'the day before' : `on ${date(before.day)}`;
  const difference = (today.images[name] ?? 0) - (before.images[name] ?? 0);
  if (!difference) return `as ${then}`;
  const amount = count(Math.abs(difference));
  return difference > 0 ? `▲ ${amount} more than ${then}` : `▼ ${amount} fewer than ${then}`;
}

/**
 * How much of the picture is there; a place that nobody could look into has no images to count.
 *
 * @param {Index} index
 */
function judged(index) {
  const blocked = index.gaps.filter(isBlocked).length;
  return figure(
    'Images judged',
    percent(index.judged, index.images),
    `${count(index.judged)} of ${count(index.images)}${blocked ? `, ${plural(blocked, 'place')} unseen` : ''}`,
    href('coverage', blocked ? {level: 'place'} : {}),
    blocked ? 'high' : index.judged < index.images ? 'pending' : 'clean',
  );
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
