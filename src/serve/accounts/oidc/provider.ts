import * as client from 'openid-client';
import * as z from 'zod';
import { messageOf } from '../../../errors.ts';
import { isLoopbackHost } from '../../../model/address.ts';
import { HttpError } from '../../http-error.ts';
import type { OidcSettings } from './settings.ts';

/** What is kept in a browser between its leaving for the provider and its coming back. */
export interface Errand {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What a provider says of somebody. */
export interface Claims {
  readonly issuer: string;
  readonly subject: string;
  /** Null where it is not said, or was not verified. */
  readonly email: string | null;
  readonly username: string | null;
  readonly groups: readonly string[];
}

/** A provider of OpenID Connect. */
export interface Provider {
  /** Where a browser is sent, and what it has to bring back. Rejects with an HttpError `busy` where there is no provider. */
  begin(redirectUri: string): Promise<{ readonly url: URL; readonly errand: Errand }>;
  /** Who has come back. Rejects with an HttpError `unauthorized` where anything is not as it should be. */
  finish(current: URL, errand: Errand): Promise<Claims>;
}

const claimsSchema = z.object({
  email: z.string().optional().catch(undefined),
  email_verified: z.union([z.boolean(), z.string()]).optional().catch(undefined),
  preferred_username: z.string().optional().catch(undefined),
  groups: z.array(z.string()).optional().catch(undefined),
});

/** Seconds that an answer of the provider is waited for. */
const timeoutSeconds = 10;

/** A provider that is looked up when somebody first signs in, and again where that has failed. */
export function createProvider({ issuer, clientId, clientSecret }: OidcSettings): Provider {
  let found: Promise<client.Configuration> | null = null;
  const configuration = async (): Promise<client.Configuration> => {
    found ??= client.discovery(
      issuer,
      clientId,
      undefined,
      clientSecret === null ? client.None() : client.ClientSecretPost(clientSecret),
      {
        timeout: timeoutSeconds,
        execute: [
          // The signature of who somebody is counts, and not the connection alone.
          client.enableNonRepudiationChecks,
          ...(issuer.protocol === 'http:' && isLoopbackHost(issuer.hostname)
            ? [client.allowInsecureRequests]
            : []),
        ],
      },
    );
    try {
      return await found;
    } catch (error) {
      found = null;
      throw new HttpError('busy', `The provider of sign-ins can't be reached: ${messageOf(error)}.`, {
        retryAfter: 10,
      });
    }
  };
  return {
    async begin(redirectUri) {
      const config = await configuration();
      const errand = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const knowsGroups = config.serverMetadata().scopes_supported?.includes('groups') === true;
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: `openid email profile${knowsGroups ? ' groups' : ''}`,
        state: errand.state,
        nonce: errand.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(errand.verifier),
        code_challenge_method: 'S256',
      });
      return { url, errand };
    },
    async finish(current, { state, nonce, verifier }) {
      const config = await configuration();
      try {
        const tokens = await client.authorizationCodeGrant(config, current, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const own = tokens.claims();
        if (own === undefined) {
          throw new Error('it says nothing of who somebody is');
        }
        const hasEndpoint = config.serverMetadata().userinfo_endpoint !== undefined;
        // Many say there alone what the groups are.
        const more = hasEndpoint ? await client.fetchUserInfo(config, tokens.access_token, own.sub) : {};
        const said = claimsSchema.parse({ ...more, ...own });
        const isVerified = said.email_verified === true || said.email_verified === 'true';
        return {
          issuer: own.iss,
          subject: own.sub,
          email: isVerified ? (said.email?.toLowerCase() ?? null) : null,
          username: said.preferred_username ?? null,
          groups: said.groups ?? [],
        };
      } catch (error) {
        throw new HttpError('unauthorized', `The provider did not sign you in: ${messageOf(error)}.`, {
          hint: 'Begin again.',
        });
      }
    },
  };
}
