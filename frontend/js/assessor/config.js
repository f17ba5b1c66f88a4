// Addresses of the desk, as the page gives them.
export const config = JSON.parse(document.getElementById("phone-config")?.textContent ?? "{}");
