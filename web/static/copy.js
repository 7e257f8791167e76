// Copies the address in a field; without a script it is selected by hand.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    const told = document.getElementById(`${button.dataset.copy}-copie`);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      if (told) told.textContent = told.dataset.done;
    } catch { /* the address stays selected: Ctrl+C copies it */ }
  });
}
