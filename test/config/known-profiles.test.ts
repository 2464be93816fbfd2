import { describe, expect, it } from 'vitest';
import { knownProfiles } from '../../src/config/known-profiles.ts';

describe('variables of other tools', () => {
  it('change nothing where they are unset or empty', () => {
    const none = knownProfiles({});
    expect(Object.keys(none)).toEqual(['openai', 'docker-model-runner', 'ollama']);
    expect(knownProfiles({ OPENAI_BASE_URL: '', OLLAMA_HOST: '', AZURE_OPENAI_ENDPOINT: '' })).toEqual(none);
  });

  it('move OpenAI, with its organization, project and model', () => {
    const environment = {
      OPENAI_BASE_URL: 'https://gateway.example/openai/v1',
      OPENAI_ORG_ID: 'org-1',
      OPENAI_PROJECT_ID: 'proj-1',
      OPENAI_MODEL: 'gpt-x',
    };
    expect(knownProfiles(environment)['openai']).toEqual({
      baseUrl: 'https://gateway.example/openai/v1',
      model: 'gpt-x',
      keyVariable: 'OPENAI_API_KEY',
      headers: { 'OpenAI-Organization': 'org-1', 'OpenAI-Project': 'proj-1' },
      addressVariable: 'OPENAI_BASE_URL',
    });
  });

  it.each([
    ['0.0.0.0', 'http://127.0.0.1:11434/v1'],
    ['0.0.0.0:8080', 'http://127.0.0.1:8080/v1'],
    [':8080', 'http://127.0.0.1:8080/v1'],
    ['box', 'http://box:11434/v1'],
    ['box:8080', 'http://box:8080/v1'],
    ['http://box', 'http://box/v1'],
    ['https://box.example/ollama/', 'https://box.example/ollama/v1'],
    ['http://box:1/v1', 'http://box:1/v1'],
    ['[::1]:11434', 'http://[::1]:11434/v1'],
  ])('OLLAMA_HOST=%s', (text, baseUrl) => {
    expect(knownProfiles({ OLLAMA_HOST: text })['ollama']).toMatchObject({
      baseUrl,
      addressVariable: 'OLLAMA_HOST',
    });
  });

  it.each([
    ['https://me.openai.azure.com', 'https://me.openai.azure.com/openai/v1'],
    ['https://me.openai.azure.com/', 'https://me.openai.azure.com/openai/v1'],
    ['https://me.openai.azure.com/openai/v1/', 'https://me.openai.azure.com/openai/v1'],
    ['https://gateway.example/azure/', 'https://gateway.example/azure/openai/v1'],
  ])('AZURE_OPENAI_ENDPOINT=%s', (endpoint, baseUrl) => {
    const environment = { AZURE_OPENAI_ENDPOINT: endpoint, AZURE_OPENAI_DEPLOYMENT: 'chat' };
    expect(knownProfiles(environment)['azure']).toMatchObject({
      baseUrl,
      model: 'chat',
      keyVariable: 'AZURE_OPENAI_API_KEY',
    });
  });
});
