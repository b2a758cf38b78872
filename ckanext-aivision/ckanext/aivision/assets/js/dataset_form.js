// Fills the empty fields of a new dataset as the chosen organization has set it. The server does the same when the page is
// saved, so that nothing depends on this.
document.addEventListener("DOMContentLoaded", () => {
  const chosen = document.querySelector("#dataset-edit [name=owner_org]");
  const shown = document.querySelector("#dataset-edit [name=aivision_defaults_of]");
  const data = document.getElementById("aivision-defaults");
  if (!chosen || !shown || !data) return;
  const defaults = JSON.parse(data.textContent);
  let filled = [];

  const fill = (name, value) => {
    const input = document.querySelector(`#dataset-edit [name="${name}"]`);
    if (!input || input.value) return;
    input.value = value;
    filled.push([input, value]);
  };

  const clear = () => {
    filled.forEach(([input, value]) => { if (input.value === value) input.value = ""; });
    filled = [];
  };

  chosen.addEventListener("change", () => {
    clear();
    shown.value = chosen.value in defaults ? chosen.value : "";
    Object.entries(defaults[chosen.value] || {}).forEach(([field, value]) => {
      if (typeof value === "string") fill(field, value);
      else if (typeof value[0] === "object") {
        Object.entries(value[0]).forEach(([part, text]) => fill(`${field}-0-${part}`, text));
      }
    });
  });
});
