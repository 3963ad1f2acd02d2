"""Policy files: adopting them, keeping the admins' working copies in step, and explaining what they say."""
