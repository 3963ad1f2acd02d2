"""Policy files in the browser: edited, foretold, brought back."""
