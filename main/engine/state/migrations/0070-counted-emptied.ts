/** Files sent empty because they were few count for a while as hides do: by name, as one that is emptied often is one. */
export const countedEmptied = `
ALTER TABLE counted_losses ADD COLUMN emptied_directory TEXT;
ALTER TABLE counted_losses ADD COLUMN emptied_name TEXT;
`
