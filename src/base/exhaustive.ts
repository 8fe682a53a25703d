/** Where the compiler says that no case is left. */
export const never = (value: never): never => {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
};
