// A certified OpenID provider on one loopback address, for the tests. It prints one line of JSON when it listens.
// Usage: node provider.mjs '{"host": "127.0.0.2", "par": true, "conform": false, "people": {"ann": {"name": "Ann Archer"}}}'
// Clients are registered while it runs (RFC 7591); its own login page takes any password, as oidc-provider's does.
import { createServer } from 'node:http';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import Provider from 'oidc-provider';

const { host, par, conform, people } = JSON.parse(process.argv[2]);

function signingKey(kind, options, alg) {
  const { privateKey } = generateKeyPairSync(kind, options);
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg, kid: randomUUID() };
}

const server = createServer();
server.listen(0, host, () => {
  const issuer = `http://${host}:${server.address().port}`;
  const provider = new Provider(issuer, {
    jwks: {
      keys: [
        signingKey('rsa', { modulusLength: 2048 }, 'RS256'),
        signingKey('ec', { namedCurve: 'P-256' }, 'ES256'),
        signingKey('ed25519', {}, 'EdDSA'),
      ],
    },
    findAccount: async (context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...people[id] }),
    }),
    claims: {
      openid: ['sub'], profile: ['name', 'given_name', 'family_name'], email: ['email', 'email_verified'],
    },
    conformIdTokenClaims: conform, // if so, the ID token holds `sub` alone, and userinfo the rest
    enabledJWA: {
      idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'],
      clientAuthSigningAlgValues: ['ES256', 'PS256', 'RS256', 'EdDSA'],
    },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    cookies: { keys: [randomUUID()] },
    features: {
      registration: { enabled: true },
      pushedAuthorizationRequests: { enabled: par },
      rpInitiatedLogout: { enabled: true },
      backchannelLogout: { enabled: true },
    },
    ttl: { Session: 3600, Interaction: 600, Grant: 3600, AccessToken: 600, IdToken: 600 },
    fetch: (url, options) => { delete options.dispatcher; return globalThis.fetch(url, options); },
  });
  server.on('request', provider.callback());
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});

// The tests hold our standard input; when they end, however they end, so do we.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
