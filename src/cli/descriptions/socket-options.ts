/** Whom a command asks: the options of those that ask a running access point. @param text what the interface is for */
export const socketOptions = (text: string) =>
  [
    {
      name: "directory",
      letter: "p",
      value: "DIRECTORY",
      kind: "directory",
      text: "directory of the control sockets (default: /var/run/hostapd)",
    },
    { name: "interface", letter: "i", value: "INTERFACE", kind: "interface", text },
  ] as const;
