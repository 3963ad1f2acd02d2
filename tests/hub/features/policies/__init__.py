"""Policy files: adopted, mirrored, checked, explained."""
