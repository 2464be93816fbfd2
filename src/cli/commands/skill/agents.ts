/** The folders of a project in which coding agents look for skills; `agents` is the one that several of them share. */
export const agentFolders = {
  agents: '.agents/skills',
  claude: '.claude/skills',
  codex: '.codex/skills',
  copilot: '.github/skills',
  cursor: '.cursor/skills',
  gemini: '.gemini/skills',
} as const;

export type AgentName = keyof typeof agentFolders;

/** The names of the agents, in the order in which they are listed. */
export const agentNames: readonly AgentName[] = Object.keys(agentFolders).filter(
  (name): name is AgentName => name in agentFolders,
);
