// Says what this process may do.
const state = async (descriptor: Deno.PermissionDescriptor): Promise<string> =>
  (await Deno.permissions.query(descriptor)).state;

// deno-lint-ignore no-console
console.log(JSON.stringify({
  "read /tmp/x": await state({ name: "read", path: "/tmp/x" }),
  "read /etc": await state({ name: "read", path: "/etc" }),
  "write /tmp/o": await state({ name: "write", path: "/tmp/o" }),
  "write /tmp": await state({ name: "write", path: "/tmp" }),
  net: await state({ name: "net", host: "example.com" }),
  hub: await state({ name: "net", host: "huggingface.co" }),
  run: await state({ name: "run" }),
  ffi: await state({ name: "ffi" }),
  sys: await state({ name: "sys" }),
  home: Deno.env.get("HOME") ?? null,
}));
