// Svelte 5 understands TypeScript in components by itself; nothing has to be preprocessed.
export default { compilerOptions: { runes: true } };
