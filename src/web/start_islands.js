((script, wasm) => {
  const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 1));
  const hydrate = async (node, module, children) => {
    let within = children;
    if (node.localName === "leptos-island") {
      const island = module[node.dataset.component];
      if (!island) return;
      within?.();
      await island(node);
    } else if (node.localName === "leptos-children") {
      within = node.$$on_hydrate;
    }
    for (const child of [...node.children]) await hydrate(child, module, within);
  };
  const start = async () => {
    if (!document.querySelector("leptos-island")) return;
    const module = await import(script);
    await module.default({ module_or_path: wasm });
    module.hydrate();
    await hydrate(document.body, module);
    document.documentElement.dataset.islands = "ready";
  };
  idle(start);
})
