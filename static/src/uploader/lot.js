// What holds for all files of a lot: terms, teams, internal or external.

export function lotOf(area) {
  const form = area.querySelector("[data-lot]");
  if (!form) return undefined;
  const chosen = (name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].map((input) => input.value);
  const teams = chosen("lot-for")[0] === "teams" ? chosen("lot-teams") : [];
  return { terms: chosen("lot-terms"), teams, external: chosen("lot-external")[0] === "yes" };
}
