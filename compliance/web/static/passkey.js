// Makes a passkey, or lets one sign, and sends the form with what the device answered. Without passkeys the button stays hidden.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withIds = (list) => (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));
const asked = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
  ...(options.excludeCredentials && { excludeCredentials: withIds(options.excludeCredentials) }),
  ...(options.allowCredentials && { allowCredentials: withIds(options.allowCredentials) }),
});
const answered = (credential) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = text(credential.response[name]);
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
};
for (const button of window.PublicKeyCredential && window.isSecureContext ? document.querySelectorAll("[data-passkey]") : []) {
  const state = document.getElementById("passkey-state");
  button.hidden = false;
  document.querySelector("[data-without-passkey]")?.remove();
  button.addEventListener("click", async () => {
    state.textContent = button.dataset.waits;
    try {
      const publicKey = asked(JSON.parse(button.dataset.options));
      button.form.elements.credential.value = JSON.stringify(answered(await navigator.credentials[button.dataset.passkey]({ publicKey })));
    } catch {
      state.textContent = button.dataset.refused;
      return;
    }
    button.form.submit();
  });
}
