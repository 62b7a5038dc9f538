// Signs the requests for the report (AWS Signature Version 4) with credentials that are fetched before they expire.
// njs 0.7.9 has no memory that workers share and waits only in content handlers: credentials lie in a file in the run
// folder, `serve` renews it, and the variables below read it when nginx makes a request of its own.
import crypto from 'crypto';
import fs from 'fs';
import sources from 'sources.js';

const emptyHash = crypto.createHash('sha256').update('').digest('hex');
const renewSeconds = 300;
// After a failure: who does not answer is not asked by every request, and what is known is used while it lasts.
const patienceSeconds = 5;
// A refusal may be S3's word for a file that is not there, so it makes nobody ask more often than this.
const refusedSeconds = 60;

const file = () => process.env.RUN + '/credentials.json';

function stored() {
  try {
    return JSON.parse(fs.readFileSync(file(), 'utf8'));
  } catch (_e) {
    return null; // There is none yet.
  }
}

function store(credentials) {
  const mine = file() + '.' + process.pid;
  fs.writeFileSync(mine, JSON.stringify(Object.assign({fetched: Date.now()}, credentials)), {mode: 0o600});
  fs.renameSync(mine, file());
}

/** Remembers that something happened now. */
const mark = (path) => fs.writeFileSync(path, String(Date.now()));

/** Seconds since it happened; without end where it never did. */
function secondsSince(path) {
  try {
    return (Date.now() - Number(fs.readFileSync(path, 'utf8'))) / 1000;
  } catch (_e) {
    return Infinity; // Nothing was written down.
  }
}

const failure = () => file() + '.failed';
const refusal = () => file() + '.refused';

function secondsLeft(credentials) {
  if (!credentials) return 0;
  return credentials.expiration ? (Date.parse(credentials.expiration) - Date.now()) / 1000 : Infinity;
}

/** Whether credentials are to be fetched now. */
function isDue() {
  if (secondsSince(failure()) < patienceSeconds) return false;
  const known = stored();
  if (secondsLeft(known) < renewSeconds) return true;
  const age = (Date.now() - known.fetched) / 1000;
  return age > refusedSeconds && secondsSince(refusal()) < age;
}

/** Sees to it that there are credentials, then lets nginx fetch the file, or serve its copy where there are none. */
async function serve(r) {
  if (isDue()) {
    try {
      const fetched = await sources.fetchCredentials(); // Apart: njs 0.7.9 ends its worker over an await among arguments.
      store(fetched);
    } catch (e) {
      mark(failure());
      r.error('credentials: ' + e.message);
    }
  }
  r.internalRedirect(r.uri.replace('/report/', '/signed/'));
}

/** Notes that S3 refused what was signed: a role may have been changed, and its credentials with it. */
function refused(r) {
  if (/403/.test(r.variables.upstream_status || '')) mark(refusal());
  return '';
}

const date = () => new Date().toISOString().replace(/[-:]|\.\d+/g, '');

const token = () => (stored() || {}).token || '';

const contentHash = () => emptyHash;

const hmac = (key, text) => crypto.createHmac('sha256', key).update(text);

/** The Authorization header; empty without credentials, which S3 answers with 403. */
function authorization(r) {
  const credentials = stored();
  if (!credentials) return '';
  const time = r.variables.s3_date;
  const scope = time.slice(0, 8) + '/' + process.env.AWS_REGION + '/s3/aws4_request';
  const headers = [
    ['host', process.env.S3_HOST],
    ['x-amz-content-sha256', emptyHash],
    ['x-amz-date', time],
  ].concat(credentials.token ? [['x-amz-security-token', credentials.token]] : []);
  const names = headers.map((h) => h[0]).join(';');
  // A HEAD goes out as GET, because what comes back is kept.
  const canonical = ['GET', process.env.S3_PATH + r.variables.report_name, '']
    .concat(
      headers.map((h) => h[0] + ':' + h[1]),
      ['', names, emptyHash],
    )
    .join('\n');
  const digest = crypto.createHash('sha256').update(canonical).digest('hex');
  let key = 'AWS4' + credentials.secret;
  [time.slice(0, 8), process.env.AWS_REGION, 's3', 'aws4_request'].forEach((part) => {
    key = hmac(key, part).digest();
  });
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, digest].join('\n')).digest('hex');
  return (
    'AWS4-HMAC-SHA256 Credential=' +
    credentials.id +
    '/' +
    scope +
    ', SignedHeaders=' +
    names +
    ', Signature=' +
    signature
  );
}

export default {serve, date, token, contentHash, authorization, refused};
