/** @typedef {{report: import('../data/report.js').Report, router: import('./router.js').Router}} Dashboard */
export {};
