// Where credentials come from, in the AWS CLI's order: environment, web identity (IRSA), the container's agent (EKS Pod
// Identity, ECS).
import fs from 'fs';

const text = (path) => fs.readFileSync(path, 'utf8').trim();

async function asked(what, url, options) {
  const answer = await ngx.fetch(url, options);
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(what + ' answered ' + answer.status);
  return body;
}

/** IRSA: the pod's token, exchanged at STS. */
async function webIdentity(env) {
  const url =
    env.AWS_ENDPOINT_URL_STS ||
    env.AWS_ENDPOINT_URL ||
    'https://sts.' + env.AWS_REGION + '.amazonaws.com' + (env.AWS_REGION.startsWith('cn-') ? '.cn' : '');
  const form = {
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: env.AWS_ROLE_ARN,
    RoleSessionName: env.AWS_ROLE_SESSION_NAME || 'scanfleet-dashboard',
    WebIdentityToken: text(env.AWS_WEB_IDENTITY_TOKEN_FILE),
  };
  const xml = await asked('STS', url.replace(/\/*$/, '/'), {
    method: 'POST',
    headers: {'Content-Type': 'application/x-www-form-urlencoded'},
    body: Object.keys(form)
      .map((name) => name + '=' + encodeURIComponent(form[name]))
      .join('&'),
  });
  const tag = (name) => {
    const found = xml.match(new RegExp('<' + name + '>([^<]+)</' + name + '>'));
    if (!found) throw new Error('STS gave no ' + name);
    return found[1].trim();
  };
  return {
    id: tag('AccessKeyId'),
    secret: tag('SecretAccessKey'),
    token: tag('SessionToken'),
    expiration: tag('Expiration'),
  };
}

/** EKS Pod Identity and ECS: an agent beside the container. */
async function container(env) {
  const url =
    env.AWS_CONTAINER_CREDENTIALS_FULL_URI || 'http://169.254.170.2' + env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
  const authorization = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
    ? text(env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)
    : env.AWS_CONTAINER_AUTHORIZATION_TOKEN;
  const body = await asked("the container's agent", url, {
    headers: authorization ? {Authorization: authorization} : {},
  });
  const answer = JSON.parse(body);
  return {id: answer.AccessKeyId, secret: answer.SecretAccessKey, token: answer.Token, expiration: answer.Expiration};
}

async function fetchCredentials() {
  const env = process.env;
  if (env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) {
    return {id: env.AWS_ACCESS_KEY_ID, secret: env.AWS_SECRET_ACCESS_KEY, token: env.AWS_SESSION_TOKEN || ''};
  }
  if (env.AWS_WEB_IDENTITY_TOKEN_FILE && env.AWS_ROLE_ARN) return webIdentity(env);
  if (env.AWS_CONTAINER_CREDENTIALS_FULL_URI || env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI) return container(env);
  throw new Error(
    'there are none: set AWS_ACCESS_KEY_ID, AWS_WEB_IDENTITY_TOKEN_FILE or AWS_CONTAINER_CREDENTIALS_FULL_URI',
  );
}

export default {fetchCredentials};
