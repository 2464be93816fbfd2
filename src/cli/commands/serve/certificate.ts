import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { messageOf, SqlqError } from '../../../errors.ts';
import type { CommandContext } from '../../context.ts';

/** What a server shows of itself over TLS, as PEM. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * Reads a certificate and its key from their files. Rejects with a SqlqError `usage` that names the file where one can't be read,
 * is something else, or the two do not belong together.
 */
export async function readCertificate(
  certificateFile: string,
  keyFile: string,
  context: CommandContext,
): Promise<Certificate> {
  const cert = await pem(certificateFile, context);
  const key = await pem(keyFile, context);
  const certificate = parsedCertificate(certificateFile, cert);
  if (!certificate.checkPrivateKey(parsedKey(keyFile, key))) {
    throw wrong(`The key in ${keyFile} is not that of the certificate in ${certificateFile}.`);
  }
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw wrong(`TLS can't be spoken with ${certificateFile} and ${keyFile}: ${messageOf(error)}.`, error);
  }
  return { cert, key };
}

function parsedCertificate(file: string, text: Buffer): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    const what = text.includes('PRIVATE KEY-----') ? 'a private key' : 'something else';
    throw wrong(`--tls-cert is to be a certificate in PEM, and ${file} is ${what}.`, error);
  }
}

function parsedKey(file: string, text: Buffer): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    if (/ENCRYPTED/u.test(text.toString('latin1'))) {
      throw wrong(`The key in ${file} wants a passphrase, and there is nobody to give it.`, error);
    }
    const what = text.includes('BEGIN CERTIFICATE-----') ? 'a certificate' : 'something else';
    throw wrong(`--tls-key is to be a private key in PEM, and ${file} is ${what}.`, error);
  }
}

function wrong(message: string, cause?: unknown): SqlqError {
  return new SqlqError('usage', message, { cause });
}

async function pem(file: string, { workingDirectory, files }: CommandContext): Promise<Buffer> {
  const path = resolve(workingDirectory, file);
  try {
    await files.reads([path]);
    return await readFile(path);
  } catch (error) {
    throw new SqlqError('usage', `${file} can't be read: ${messageOf(error)}.`, { cause: error });
  }
}
