// Imported before media-chrome: the build puts this nonce on the styles it writes into its shadow roots.
globalThis.hubNonce = document.querySelector("script[nonce]")?.nonce ?? "";
