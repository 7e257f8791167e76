// Small comforts: Enter sends, the points left are counted. Every form works without them.
const composer = document.getElementById("composer");
const box = document.getElementById("message");
if (composer && box) {
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (box.value.trim()) composer.requestSubmit();
    }
  });
}

for (const points of document.querySelectorAll(".points")) {
  const inputs = [...points.querySelectorAll('input[type="number"][max="10"]')];
  if (!inputs.length) continue;
  const left = document.createElement("p");
  left.className = "points-left";
  left.setAttribute("role", "status");
  points.append(left);
  const count = () => {
    const given = inputs.reduce((sum, input) => sum + (Number(input.value) || 0), 0);
    const rest = 10 - given;
    left.textContent = rest === 0 ? "10 points répartis." : rest > 0
      ? `${rest} point${rest > 1 ? "s" : ""} à répartir.`
      : `${-rest} point${rest < -1 ? "s" : ""} de trop.`;
  };
  for (const input of inputs) input.addEventListener("input", count);
  count();
}
