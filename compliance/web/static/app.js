// Improves pages that already work without it.
document.getElementById("problems")?.focus();
