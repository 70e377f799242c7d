// playwright-core looks into /proc as it is loaded, for Windows' Linux, and Deno lets no program do so that has not all rights. This name keeps
// it from looking; import this module before it.
Deno.env.set("__IS_WSL_TEST__", "1");
