import { Resource } from '../resource';

export function Settings() {
  return (
    <>
      <Resource title="AI defaults" path="/ai-config" operation="updateAiConfig" />
      <Resource title="Prompt studio" path="/prompt-studio" operation="updatePromptStudio" />
      <Resource title="Note processing" path="/note-processing" operation="updateNoteProcessing" />
    </>
  );
}
